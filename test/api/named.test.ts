import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeProgram, PRELOAD_URL } from './programs.js';

const LIB = `
export function maths(n) { let sum = 0; for (let i = 0; i < n; i++) sum += i; return sum; }
export function never() {}
export class C { m() { return 1; } }
`;
/** Prints what was counted, for the assertions. */
const SHOW = `const show = (results) => console.log(JSON.stringify(results.map(({ name, target, calls }) => [name, target, calls])));`;

function lines(stdout: string): unknown[] {
  return stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}

describe('tprof() with names', () => {
  it('names functions as the command line does, also those that another measurement had rewritten', () => {
    const program = makeProgram({
      'lib.mjs':
        'export class C { m() { return 1; } }\nexport function outer() { return inner(); function inner() { return 1; } }\n',
      'app.mjs': `
        import { tprof } from 'ttprof';
        ${SHOW}
        const all = tprof(['./lib.mjs:*'], { quiet: true });
        const { C, outer } = await import('./lib.mjs');
        const others = ['m', 'C.m', 'inner', 'out*'].map((name) => tprof(['./lib.mjs:' + name], { quiet: true }));
        new C().m();
        outer();
        for (const run of others) show(run.end());
        all.end();
      `,
    });
    const { stdout, stderr } = program.node('app.mjs');
    assert.deepEqual(
      lines(stdout),
      [
        [],
        [['lib.mjs:C.m', './lib.mjs:C.m', 1]],
        [['lib.mjs:outer.inner', './lib.mjs:inner', 1]],
        [
          ['lib.mjs:outer', './lib.mjs:out*', 1],
          ['lib.mjs:outer.inner', './lib.mjs:out*', 1],
        ],
      ],
      stderr,
    );
  });

  it('measures modules that are imported or required in the block', () => {
    const program = makeProgram({
      'lib.mjs': LIB,
      'common.cjs': 'exports.f = function f() { return 1; };',
      'app.mjs': `
        import { createRequire } from 'node:module';
        import { tprof } from 'ttprof';
        ${SHOW}
        const run = tprof(['./lib.mjs:maths', 'lib.mjs:C.*', 'common:f'], { quiet: true });
        const { maths, C } = await import('./lib.mjs');
        const { f } = createRequire(import.meta.url)('./common.cjs');
        for (let i = 0; i < 3; i++) maths(i);
        new C().m();
        f(); f();
        show(run.end());
        maths(1);
        show(run.results);
        const again = tprof(['./lib.mjs:maths'], { quiet: true });
        maths(1);
        show(again.end());
      `,
    });
    const { stdout, stderr, status } = program.node('app.mjs');
    assert.equal(stderr, '');
    assert.equal(status, 0);
    const first = [
      ['lib.mjs:maths', './lib.mjs:maths', 3],
      ['lib.mjs:C.m', 'lib.mjs:C.*', 1],
      ['common.cjs:f', 'common:f', 2],
    ];
    assert.deepEqual(lines(stdout), [first, first, [['lib.mjs:maths', './lib.mjs:maths', 1]]]);
  });

  it('starts relative paths at `from`, and takes excludes', () => {
    const program = makeProgram({
      'src/lib.mjs': LIB,
      'src/app.mjs': `
        import { tprof } from 'ttprof';
        ${SHOW}
        const { results } = await tprof(
          ['./lib.mjs:*', '!./lib.mjs:never'],
          { from: import.meta.url, quiet: true },
          async () => {
            const { maths, never, C } = await import('./lib.mjs');
            maths(1); never(); new C().m();
          },
        );
        show(results);
      `,
    });
    const { stdout, stderr } = program.node('src/app.mjs');
    assert.equal(stderr, '');
    assert.deepEqual(lines(stdout), [
      [
        ['src/lib.mjs:maths', './lib.mjs:*', 1],
        ['src/lib.mjs:C.m', './lib.mjs:*', 1],
      ],
    ]);
  });

  it('refuses modules that were loaded before, and says what to do', () => {
    const program = makeProgram({
      'lib.mjs': LIB,
      'app.mjs': `
        import { tprof } from 'ttprof';
        import './lib.mjs';
        try { tprof(['./lib.mjs:maths']); } catch (error) { console.log(JSON.stringify([error.name, error.message])); }
      `,
    });
    const { stdout } = program.node('app.mjs');
    const [name, message] = lines(stdout)[0] as [string, string];
    assert.equal(name, 'TtprofError');
    assert.match(
      message,
      /lib\.mjs, which was loaded before: import it inside of the block, or run `node --import ttprof\/register`/,
    );
  });

  it('counts what the preload measures already, for its time', () => {
    const program = makeProgram({
      'lib.mjs': LIB,
      'app.mjs': `
        import { tprof } from 'ttprof';
        import { maths, never } from './lib.mjs';
        ${SHOW}
        maths(1); maths(2);
        const { results } = tprof(['./lib.mjs:maths', 'lib.mjs:never'], { quiet: true }, () => maths(3));
        show(results);
        maths(4);
        tprof({ f: () => maths(5) }, { quiet: true }, ({ f }) => f());
      `,
    });
    const { stdout, stderr } = program.node('--import', PRELOAD_URL, 'app.mjs', '--ttprof=lib.mjs:*');
    assert.deepEqual(lines(stdout), [
      [
        ['lib.mjs:maths', './lib.mjs:maths', 1],
        ['lib.mjs:never', 'lib.mjs:never', 0],
      ],
    ]);
    // the report of the whole run has all calls, and nothing of the runs inside of it
    assert.match(stderr, /lib\.mjs:maths\(\) +5 /);
    assert.doesNotMatch(stderr, /app\.mjs:f/);
  });

  it('says of names that matched nothing why', () => {
    const program = makeProgram({
      'lib.mjs': LIB,
      'app.mjs': `
        import { tprof } from 'ttprof';
        await tprof(['./lib.mjs:math', 'other.mjs:f', 'globalThis:JSON.pares'], {}, () => import('./lib.mjs'));
      `,
    });
    const { stderr, status } = program.node('app.mjs');
    assert.equal(status, 0);
    assert.match(stderr, /\.\/lib\.mjs:math matched nothing/);
    assert.match(stderr, /other\.mjs:f matched nothing/);
    assert.match(stderr, /globalThis:JSON\.pares matched nothing: .*JSON\.parse/);
  });

  it('takes `sample` from the first run, and says so to a later one', () => {
    const program = makeProgram({
      'lib.mjs': LIB,
      'app.mjs': `
        import { tprof } from 'ttprof';
        const first = tprof(['./lib.mjs:maths'], { sample: 10, quiet: true });
        const { maths } = await import('./lib.mjs');
        for (let i = 0; i < 500; i++) maths(1);
        const [row] = first.end();
        console.log(JSON.stringify([row.calls, row.timedCalls < 200]));
        tprof(['./lib.mjs:maths'], {}, () => maths(1));
      `,
    });
    const { stdout, stderr } = program.node('app.mjs');
    assert.deepEqual(lines(stdout), [[500, true]]);
    assert.match(stderr, /note: functions by name were measured with sample: 10/);
  });

  it('measures in a worker what that worker runs', () => {
    const program = makeProgram({
      'lib.mjs': LIB,
      'worker.mjs': `
        import { tprof } from 'ttprof';
        ${SHOW}
        const { results } = await tprof(['./lib.mjs:maths'], { quiet: true }, async () => {
          const { maths } = await import('./lib.mjs');
          maths(1); maths(2);
        });
        show(results);
        show(tprof({ f: () => 1 }, { quiet: true }, ({ f }) => f()).results);
      `,
      'app.mjs': `
        import { Worker } from 'node:worker_threads';
        import { once } from 'node:events';
        const worker = new Worker(new URL('./worker.mjs', import.meta.url));
        await once(worker, 'exit');
      `,
    });
    const expected = [[['lib.mjs:maths', './lib.mjs:maths', 2]], [['worker.mjs:f', 'f', 1]]];
    const plain = program.node('app.mjs');
    assert.equal(plain.stderr, '');
    assert.deepEqual(lines(plain.stdout), expected);
    const preloaded = program.node(
      '--import',
      PRELOAD_URL,
      'app.mjs',
      '--ttprof=lib.mjs:never',
      '--ttprof-quiet',
    );
    assert.deepEqual(lines(preloaded.stdout), expected);
  });
});
