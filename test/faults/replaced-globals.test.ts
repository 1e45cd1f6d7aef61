import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { Project } from '../e2e/project.js';

/** What programs do to what ttprof, too, is built on, before they call a measured function for the first time. */
const REPLACEMENTS = {
  json: `JSON.parse = JSON.stringify = () => { throw new Error('JSON') };`,
  'shared memory': `
    delete globalThis.Atomics;
    delete globalThis.SharedArrayBuffer;
    globalThis.Float64Array = globalThis.Int32Array = globalThis.BigInt64Array = undefined;`,
  buffers: `Buffer.from = () => { throw new Error('Buffer') }; delete globalThis.Buffer;`,
  clocks: `
    performance.now = Date.now = () => 0;
    process.hrtime = Object.assign(() => [0, 0], { bigint: () => 0n });
    delete globalThis.performance;`,
  reflection: `Reflect.apply = () => { throw new Error('Reflect') };`,
  'stack traces': `Error.prepareStackTrace = () => { throw new Error('stack') }; Error.stackTraceLimit = 0;`,
  promises: `globalThis.Promise = undefined;`,
};
/** Without this the runtime cannot be found, or record. */
const HIDING = {
  numbers: `globalThis.Number = undefined;`,
  symbols: `Symbol.for = () => { throw new Error('Symbol.for') };`,
  'the global object': `var globalThis = {};`,
};
/** With these the report cannot be made. */
const SPOILING = { arrays: `Array.prototype.map = () => { throw new Error('no map') };` };

const ALL = { ...REPLACEMENTS, ...HIDING, ...SPOILING };
const temporaryOf = (replaced: string): string => `temporary/${replaced}`;
const nameOf = (replaced: string): string => `${replaced.replaceAll(' ', '-')}.cjs`;

let project: Project;
before(async () => {
  const files: Record<string, string> = { 'lib.cjs': 'exports.g = function g() {};\n' };
  for (const [replaced, code] of Object.entries(ALL)) {
    files[`${temporaryOf(replaced)}/kept`] = '';
    files[nameOf(replaced)] = `
      const { writeSync } = require('node:fs');
      let calls = 0;
      function f() { calls++ }
      ${code}
      for (let i = 0; i < 7; i++) f();
      require('./lib.cjs').g();
      writeSync(1, String(calls));
      process.exitCode = 3;`;
  }
  project = await Project.create(files);
});
after(() => project.remove());

/** Whatever comes of the report, the program is not to notice. */
async function measure(replaced: string, command: boolean) {
  const json = `${nameOf(replaced)}.${command}.json`;
  const options = { env: { TMPDIR: project.path(temporaryOf(replaced)) } };
  const finished = await (command
    ? project.ttprof(['-t', 'f', '-t', 'lib:g', '--json', json, nameOf(replaced)], options)
    : project.node(
        [
          ...['--import', 'ttprof/register', nameOf(replaced)],
          ...['--ttprof=f', '--ttprof=lib:g', `--ttprof-json=${json}`],
        ],
        options,
      ));
  assert.deepEqual([finished.stdout, finished.code], ['7', 3], finished.stderr);
  const calls = project.exists(json) ? project.readCalls(json)[`${nameOf(replaced)}:f`] : undefined;
  return { stderr: finished.stderr, calls };
}

describe('a program replaces what ttprof is built on', { concurrency: 3 }, () => {
  for (const replaced of Object.keys(REPLACEMENTS))
    test(`${replaced}: its calls are counted`, async () => {
      assert.equal((await measure(replaced, true)).calls, 7);
      await measure(replaced, false);
    });

  for (const replaced of Object.keys(HIDING))
    test(`${replaced}: it runs unmeasured`, async () => {
      await measure(replaced, true);
      await measure(replaced, false);
    });

  test('what makes a report impossible is said, and nothing is left behind', async () => {
    await measure('arrays', true);
    const { stderr } = await measure('arrays', false);
    assert.match(stderr, /^ttprof: there is no report, .*no map.*the ttprof command makes its report/m);
    assert.deepEqual(readdirSync(project.path(temporaryOf('arrays'))), ['kept']);
  });
});
