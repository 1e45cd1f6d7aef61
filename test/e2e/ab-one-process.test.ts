import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Project } from './project.js';

/** Both versions give the same, one of them in three times the time: of microseconds, so that throwing does not hide it. */
const lib = (rounds: number, extension: string) => `
  ${extension === 'cjs' ? "const { add } = require('./add.cjs');" : "import { add } from './add.mjs';"}
  const spin = (n) => { let sum = 0; for (let i = 0; i < ${rounds}; i++) sum += Math.sqrt(i + n); return sum > 0 ? n : 0 };
  const out = { work, arrow: null, wait, fail, C: null, count, cached, Private: null };
  function work(n) { return add(spin(n), arguments.length) }
  const arrow = (a, b = 3, ...rest) => spin(a) + b + rest.length;
  async function wait(n) { await null; return spin(n) }
  function fail(n) { spin(n); throw new TypeError('on purpose ' + n) }
  function fib(n) { return n < 2 ? spin(n) : fib(n - 1) + fib(n - 2) }
  class C { k = 7; m(n) { return spin(n) + this.k } static s(n) { return spin(n) } }
  let calls = 0;
  function count() { spin(1); return ++calls }
  const cache = new Map();
  function cached(n) { if (!cache.has(n)) cache.set(n, spin(n)); return cache.get(n) }
  class Private { #x = 1; constructor() { spin(1) } read() { return spin(this.#x) } }
  ${extension === 'cjs' ? 'module.exports = { work, arrow, wait, fail, fib, C, count, cached, Private };' : 'export { work, arrow, wait, fail, fib, C, count, cached, Private };'}
`;
const app = (extension: string) => `
  ${extension === 'cjs' ? "const lib = require('./lib.cjs');" : "import * as lib from './lib.mjs';"}
  const results = [];
  const one = new lib.C(), two = new lib.Private();
  (async () => {
    for (let i = 0; i < 240; i++) {
      results.push(lib.work(i, 1, 2), lib.arrow(i), lib.arrow(i, 1, 2, 3), await lib.wait(i), one.m(i), lib.C.s(i), lib.fib(5));
      try { lib.fail(i) } catch (error) { results.push(String(error)) }
      results.push(lib.count(), lib.cached(i % 5), two.read(), new lib.Private() instanceof lib.Private);
    }
    const { createHash } = await import('node:crypto');
    console.log(results.length, createHash('md5').update(JSON.stringify(results)).digest('hex'));
  })();
`;
const ADD = (extension: string) =>
  extension === 'cjs' ? 'exports.add = (a, b) => a + b;' : 'export const add = (a, b) => a + b;';

let project: Project;
before(async () => {
  const files: Record<string, string> = {};
  for (const extension of ['cjs', 'mjs'])
    for (const [side, rounds] of [
      ['now', 3_000],
      ['base', 9_000],
    ] as const) {
      files[`${side}/lib.${extension}`] = lib(rounds, extension);
      files[`${side}/add.${extension}`] = ADD(extension);
      files[`${side}/app.${extension}`] = app(extension);
    }
  files['waits/lib.mjs'] = `${lib(9_000, 'mjs')}\nawait null;\n`;
  files['waits/add.mjs'] = ADD('mjs');
  files['waits/app.mjs'] = app('mjs');
  project = await Project.create(files);
});
after(() => project.remove());

async function compare(extension: string, targets: readonly string[], base = '../base') {
  const args = [`ab`, '--base', base, '--turns', 'module', '--runs', '6', '--json', 'ab.json'];
  const named = targets.flatMap((name) => ['-t', `lib.${extension}:${name}`]);
  const finished = await project.ttprof([...args, ...named, `app.${extension}`], { cwd: 'now' });
  assert.equal(finished.code, 0, finished.stderr);
  return { ...finished, report: project.readReport('now/ab.json') };
}

describe('--turns module', () => {
  for (const extension of ['cjs', 'mjs']) {
    test(`calls go to both versions, and give the same (${extension})`, async () => {
      const plain = await project.node([`app.${extension}`], { cwd: 'now' });
      const targets = ['work', 'arrow', 'wait', 'fail', 'C.m', 'C.s', 'fib'];
      const { stdout, stderr, report } = await compare(extension, targets);
      assert.equal(stdout, plain.stdout);
      assert.doesNotMatch(stderr, /did not share a process/);
      for (const [name, calls] of [
        ['work', 240],
        ['arrow', 480],
        ['wait', 240],
        ['fail', 240],
        ['C.m', 240],
        ['C.s', 240],
      ] as const) {
        const row = report.functions.find((each) => each.name === `lib.${extension}:${name}`)!;
        const { baseline, delta } = row as typeof row & { baseline: { calls: number } };
        // half of each block of 20, in each of 6 runs
        assert.equal(row.calls, calls * 3, name);
        assert.equal(baseline.calls, calls * 3, name);
        assert.equal(delta!.verdict, 'faster', name);
      }
      const fib = report.functions.find(({ name }) => name.endsWith(':fib'))!;
      // what a version calls itself is its own
      assert.equal(fib.calls % 15, 0);
    });
  }

  test('functions that keep something are named with the reason, and take turns in two processes', async () => {
    const plain = await project.node(['app.mjs'], { cwd: 'now' });
    for (const [name, reason] of [
      [
        'count',
        /because count writes calls, which is reassigned in line 12 \(lib\.mjs:12\): they took turns/,
      ],
      ['cached', /because cached uses cache, which is changed in line 14 \(lib\.mjs:14\): they took turns/],
      ['Private.read', /because Private\.read uses the private name #x \(lib\.mjs:15\): they took turns/],
      ['Private.constructor', /because Private\.constructor is a constructor, .* \(lib\.mjs:15\): they took/],
    ] as const) {
      const { stdout, stderr } = await compare('mjs', [name]);
      assert.equal(stdout, plain.stdout);
      assert.match(stderr.replace(/\s+/g, ' '), reason);
    }
  });

  test('what can share a process does, and the others of a wildcard take turns in two', async () => {
    const plain = await project.node(['app.mjs'], { cwd: 'now' });
    const { stdout, stderr, report } = await compare('mjs', ['co*', 'work', 'C.m']);
    assert.equal(stdout, plain.stdout);
    assert.match(stderr, /count was compared by processes in turns, because count writes calls/);
    assert.deepEqual(
      report.functions.map(({ name, calls, delta }) => [name, calls, delta!.verdict]),
      [
        ['lib.mjs:count', 240 * 6, 'faster'],
        ['lib.mjs:work', 120 * 6, 'faster'],
        ['lib.mjs:C.m', 120 * 6, 'faster'],
      ],
    );
    assert.deepEqual(
      report.targets.map(({ target, matched }) => [target, matched]),
      [
        ['lib.mjs:co*', 1],
        ['lib.mjs:work', 1],
        ['lib.mjs:C.m', 1],
      ],
    );
  });

  test('a base that cannot be loaded beside the current version takes turns with it', async () => {
    const { stdout, stderr, report } = await compare('mjs', ['work'], '../waits');
    const plain = await project.node(['app.mjs'], { cwd: 'now' });
    assert.equal(stdout, plain.stdout);
    assert.match(stderr, /waits\/lib\.mjs cannot be loaded beside the other version: /);
    assert.match(stderr.replace(/\s+/g, ' '), /did not share a process, because the base's module could not/);
    assert.equal(report.functions[0]!.calls, 240 * 6);
  });
});
