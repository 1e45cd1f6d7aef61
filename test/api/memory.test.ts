import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeProgram } from './programs.js';

describe('many runs in a row', () => {
  it('keep memory flat', () => {
    const program = makeProgram({
      'lib.mjs': 'export const f = (a) => a;',
      'app.mjs': `
        import { tprof } from 'ttprof';
        const quiet = { quiet: true };
        const held = async (count) => {
          for (let i = 0; i < count; i++) {
            const run = tprof({ sync: (a) => a + i, later: async (a) => a, steps: function* () { yield i; } }, quiet);
            for (let call = 0; call < 20; call++) run.fn.sync(call);
            await run.fn.later(i);
            [...run.fn.steps()];
            if (i % 3 === 0) run.fn.later(i); // still running at the end
            if (i % 2 === 0) run.end();
            else run[Symbol.dispose]();
          }
        };
        const named = (count) => {
          for (let i = 0; i < count; i++) tprof(['./lib.mjs:f', 'globalThis:JSON.parse'], quiet, () => JSON.parse('1'));
        };
        const used = async () => {
          for (let i = 0; i < 3; i++) { gc(); await new Promise(setImmediate); }
          const { heapUsed, external, arrayBuffers } = process.memoryUsage();
          return heapUsed + external + arrayBuffers;
        };
        await held(1000); named(200);
        const before = await used();
        // V8 makes room as it likes: what it uses of that is counted above
        const outside = () => process.memoryUsage().rss - process.memoryUsage().heapTotal;
        const outsideBefore = outside();
        await held(10_000); named(1000);
        console.log(JSON.stringify({ grown: (await used()) - before, outside: outside() - outsideBefore }));
      `,
    });
    const { stdout, stderr } = program.node('--expose-gc', 'app.mjs');
    assert.equal(stderr, '');
    const { grown, outside } = JSON.parse(stdout) as { grown: number; outside: number };
    // 11,000 runs that kept a hundred bytes each would be over a megabyte
    assert.ok(grown < 1e6, `${grown} bytes more are in use`);
    assert.ok(outside < 32e6, `${outside} bytes more are resident outside of V8's heap`);
  });
});
