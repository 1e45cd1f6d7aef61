import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Project } from './project.js';

/** V8 on 64 bits: an array of that many small integers is a header of 32 bytes and 16 + 8 for each. */
const FILES = {
  'sync.mjs': `
const kept = [];
export const kilo = () => new Array(120).fill(0);
export const hundredKilos = () => { let last; for (let i = 0; i < 100; i++) last = new Array(119).fill(i); return last; };
export const outside = () => new ArrayBuffer(100_000);
export const nothing = (i) => i + 1;
export const outer = () => { kilo(); nothing(1); kilo(); return kilo(); };
export const retaining = () => { if (kept.push(new Array(120).fill(0)) > 20_000) kept.length = 0; };
export const recursive = (n) => { kilo(); if (n > 0) recursive(n - 1); };
let sum = 0;
for (let i = 0; i < 100_000; i++) { sum += kilo().length; sum = nothing(sum); }
for (let i = 0; i < 1_000; i++) { sum += hundredKilos().length + outside().byteLength; }
for (let i = 0; i < 5_000; i++) { outer(); recursive(3); }
for (let i = 0; i < 50_000; i++) retaining();
`,
  'large.mjs': `
export const one = () => new Array(12_494).fill(0);
export const buffer = () => Buffer.alloc(100_000);
export const objects = () => { const all = []; for (let i = 0; i < 1000; i++) all.push({ a: i, b: i, c: i }); return all; };
export const beyond = () => new Array(50_000).fill(0);
export async function later() { const one = new Array(12_494).fill(0); await null; return one; }
for (let i = 0; i < 1_000; i++) { one(); buffer(); objects(); beyond(); await later(); }
`,
  'pausing.mjs': `
const kilo = () => new Array(120).fill(0);
export async function later() { kilo(); await null; return kilo(); }
export async function outer() { await later(); return kilo(); }
export function* each() { yield kilo(); yield kilo(); }
for (let i = 0; i < 5_000; i++) { await outer(); for (const _ of each()); }
`,
  'threads.mjs': `
import { isMainThread, Worker } from 'node:worker_threads';
export const kilo = () => new Array(120).fill(0);
for (let i = 0; i < 20_000; i++) kilo();
if (isMainThread) new Worker(new URL(import.meta.url));
`,
};

interface Row {
  readonly name: string;
  readonly calls: number;
  readonly alloc_bytes: number | null;
  readonly alloc_median_bytes: number | null;
  readonly alloc_total_bytes: number | null;
}

let project: Project;
before(async () => {
  project = await Project.create(FILES);
});
after(() => project.remove());

async function measure(file: string, ...args: string[]) {
  const finished = await project.ttprof([...args, '-t', `${file}:*`, '--json', 'out.json', file]);
  assert.equal(finished.code, 0, finished.stderr);
  const { functions } = JSON.parse(readFileSync(project.path('out.json'), 'utf8')) as {
    functions: Row[];
  };
  const rows = new Map(functions.map((row) => [row.name.slice(row.name.indexOf(':') + 1), row]));
  return { ...finished, rows };
}

function assertNear(row: Row | undefined, bytes: number, share = 0.1): void {
  const { name, alloc_bytes: mean, alloc_median_bytes: median } = row!;
  assert.ok(
    Math.abs(mean! / bytes - 1) < share,
    `${name}: ${mean} a call (${median} in the median), not ${bytes}`,
  );
}

test('what calls allocate is told over many collections, callees and memory outside of the heap included', async () => {
  const { rows, stderr } = await measure('sync.mjs', '--alloc');
  assertNear(rows.get('kilo'), 1008);
  assertNear(rows.get('hundredKilos'), 100_000);
  assertNear(rows.get('outside'), 100_000);
  assertNear(rows.get('outer'), 3024);
  assertNear(rows.get('retaining'), 1016);
  // calls within calls contain fewer: 4, 3, 2 and 1
  assertNear(rows.get('recursive'), 2520, 0.2);
  assert.ok(rows.get('nothing')!.alloc_bytes! < 30, `${rows.get('nothing')!.alloc_bytes}`);
  assert.equal(rows.get('nothing')!.alloc_median_bytes! < 1, true);
  const { calls, alloc_median_bytes: median, alloc_total_bytes: total } = rows.get('kilo')!;
  assert.ok(Math.abs(median! / 1008 - 1) < 0.05, `${median}`);
  assert.ok(Math.abs(total! / (calls * 1008) - 1) < 0.1);
  assert.match(stderr, / alloc\b/);
  assert.match(stderr, /kilo\(\).* (?:1\.0.kB|9[89].B)/);
  assert.match(stderr, /note: under --alloc /);
});

test('what V8 leaves empty of its pages is not what calls allocate', async () => {
  const { rows } = await measure('large.mjs', '--alloc');
  for (const [name, bytes] of [
    ['one', 100_000],
    ['buffer', 100_000],
    ['beyond', 400_000],
    ['later', 100_000],
  ] as const)
    assertNear(rows.get(name), bytes);
  const { alloc_median_bytes: median } = rows.get('objects')!;
  assertNear(rows.get('objects'), median!);
});

test('of calls that can pause what their own stretches allocate counts', async () => {
  const { rows } = await measure('pausing.mjs', '--alloc');
  assertNear(rows.get('later'), 2016, 0.15);
  assertNear(rows.get('each'), 2016, 0.15);
  assert.ok(rows.get('outer')!.alloc_bytes! > 1000);
});

test('each thread reads its own heap', async () => {
  const { rows } = await measure('threads.mjs', '--alloc');
  assert.equal(rows.get('kilo')!.calls, 40_000);
  assertNear(rows.get('kilo'), 1008);
});

test('under --sample the calls that are timed stand for all', async () => {
  const { rows } = await measure('threads.mjs', '--alloc', '--sample', '10');
  // a few thousand calls: V8 compiles meanwhile, and its code counts for the calls in which it is installed
  const { alloc_bytes: mean, alloc_median_bytes: median, alloc_total_bytes: total } = rows.get('kilo')!;
  assert.ok(Math.abs(median! / 1008 - 1) < 0.1, `${median}`);
  assert.ok(Math.abs(total! / (40_000 * mean!) - 1) < 0.01, `${total}, ${mean} a call`);
});

test('without --alloc nothing is told', async () => {
  const { rows, stderr } = await measure('threads.mjs');
  const { alloc_bytes: mean, alloc_median_bytes: median, alloc_total_bytes: total } = rows.get('kilo')!;
  assert.deepEqual([mean, median, total], [null, null, null]);
  assert.doesNotMatch(stderr, /alloc/);
});

test('with --cpu a recursion is never said to take no CPU time', async () => {
  project.write(
    'fib.mjs',
    `
export const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2));
for (let i = 0; i < 20; i++) fib(+process.argv[2]);
`,
  );
  for (const n of ['3', '5', '15', '20']) {
    const args = ['--cpu', '--alloc', '--json', 'fib.json', '-t', 'fib.mjs:fib', 'fib.mjs', n];
    const { code, stderr } = await project.ttprof(args);
    assert.equal(code, 0, stderr);
    const [fib] = JSON.parse(readFileSync(project.path('fib.json'), 'utf8')).functions;
    assert.notEqual(fib.cpu_ns, 0);
    assert.equal(fib.cpu_ns === null, /fib\(\): no CPU time, because/.test(stderr));
  }
});
