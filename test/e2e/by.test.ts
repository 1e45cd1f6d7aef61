import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Project } from './project.js';

const FILES = {
  'kinds.mjs': `
export function sync(text) { return text.length; }
export const arrow = (text) => text;
export async function later(text) { await null; return text; }
export function* each(text) { yield* text; }
export async function* eachLater(text) { for (const c of text) yield c; }
class C { method(text) { return text; } async waits(text) { return Promise.resolve(text); } }
const c = new C();
for (let i = 0; i < 60; i++) {
  const text = 'x'.repeat(i % 3);
  sync(text); arrow(text); await later(text); [...each(text)];
  for await (const _ of eachLater(text));
  c.method(text); await c.waits(text);
}
`,
  'keys.cjs': `
let reads = 0;
class Key { get value() { reads++; return 'k'; } }
function getter(key) { return 1; }
function fails(key) { return 2; }
function many(text) { return 3; }
function numbers(n) { return 4; }
function mixed(key) { return 5; }
function recursive(n) { return n === 0 ? 0 : recursive(n - 1); }
for (let i = 0; i < 50; i++) getter(new Key());
for (let i = 0; i < 20; i++) fails(i % 2 === 0 ? { toString() { throw new Error('no text'); } } : null);
for (let i = 0; i < 100_000; i++) many('text ' + i);
for (let i = 0; i < 3100; i++) numbers(i % 31 === 0 ? 0 : 2 ** (i % 31) - 1);
for (let i = 0; i < 5; i++) numbers(NaN);
for (let i = 0; i < 4; i++) { mixed(1); mixed('a'); mixed(undefined); mixed('long'.repeat(1000)); }
recursive(3);
console.log(reads);
`,
  'growth.mjs': `
function steps(count) { let x = 1; for (let i = 0; i < count; i++) x = (x * 31 + i) | 0; return x; }
export const linear = (n) => steps(n);
export const sorting = (n) => steps(n * Math.log2(n));
export const square = (n) => steps(n * n);
// as long as V8 may take to optimise it on a busy machine
for (let i = 0; i < 4000; i++) steps(5e4);
for (let round = 0; round < 300; round++)
  for (let k = 0; k < 6; k++) { linear(2 ** (12 + k)); sorting(2 ** (9 + k)); square(Math.round(2 ** (5 + 0.8 * k))); }
`,
  'change.mjs': `
const isNew = process.env.VERSION === 'new';
function steps(count) { let x = 1; for (let i = 0; i < count; i++) x = (x * 31 + i) | 0; return x; }
export const work = (n) => steps(isNew ? (n < 100 ? n * 100 : n * 600) : n * 300);
steps(1e7);
for (let round = 0; round < 60; round++) for (const n of [16, 64, 256, 1024]) work(n);
`,
  'threads.mjs': `
import { isMainThread, Worker } from 'node:worker_threads';
export function each(key) { return key; }
for (let i = 0; i < 30; i++) { each(i % 3); each('text ' + (i % 2)); }
if (isMainThread) { new Worker(new URL(import.meta.url)); new Worker(new URL(import.meta.url)); }
`,
};

interface Group {
  readonly label: string;
  readonly calls: number;
  readonly total_ns: number;
  readonly self_ns: number;
  readonly median_ns: number;
  readonly p99_ns: number;
  readonly delta: { readonly verdict: string | null };
}
interface By {
  readonly expression: string;
  readonly kind: string;
  readonly groups: readonly Group[];
  readonly other_calls: number;
  readonly error_calls: number;
  readonly fit: { readonly exponent: number } | null;
}

let project: Project;
before(async () => {
  project = await Project.create(FILES);
});
after(() => project.remove());

async function measure(args: readonly string[]) {
  const finished = await project.ttprof([...args.slice(0, -1), '--json', 'out.json', args.at(-1)!]);
  assert.equal(finished.code, 0, finished.stderr);
  const { functions } = JSON.parse(readFileSync(project.path('out.json'), 'utf8'));
  const by = new Map<string, By>(
    functions.map((f: { name: string; by: By }) => [f.name.slice(f.name.indexOf(':') + 1), f.by]),
  );
  return { ...finished, functions, by };
}
const callsOf = ({ groups }: By) => Object.fromEntries(groups.map(({ label, calls }) => [label, calls]));

test('every kind of function counts its calls by their key, and their times add up to its own', async () => {
  const { by, functions, stderr } = await measure(['-t', 'kinds.mjs:*', '--by', 'text.length', 'kinds.mjs']);
  assert.equal(by.size, 7);
  for (const [name, one] of by) {
    assert.equal(one.kind, 'number', name);
    assert.deepEqual(callsOf(one), { 0: 20, 1: 20, 2: 20 }, name);
    const { total_ns: total, self_ns: own } = functions.find((f: { name: string }) =>
      f.name.endsWith(`:${name}`),
    );
    const sum = one.groups.reduce((all, group) => all + group.total_ns, 0);
    assert.ok(Math.abs(sum - total) < 1, `${name}: ${sum} of ${total}`);
    const sumOfOwn = one.groups.reduce((all, group) => all + group.self_ns, 0);
    assert.ok(Math.abs(sumOfOwn - own) < 1, `${name}: ${sumOfOwn} of ${own}`);
    for (const { median_ns, p99_ns } of one.groups) assert.ok(0 <= median_ns && median_ns <= p99_ns);
  }
  assert.match(stderr, /kinds\.mjs:sync\(\).*\n {3}0 +20 /);
});

test('a key is read once a call; those that throw, are many, huge or no numbers have their place', async () => {
  const { by, stdout, stderr } = await measure([
    ...['-t', 'keys.cjs:getter', '--by', 'key.value', '-t', 'keys.cjs:fails', '--by', 'String(key)'],
    ...[
      '-t',
      'keys.cjs:many',
      '--by',
      'text',
      '-t',
      'keys.cjs:numbers',
      '-t',
      'keys.cjs:recursive',
      '--by',
      'n',
    ],
    ...['-t', 'keys.cjs:mixed', '--by', 'key', 'keys.cjs'],
  ]);
  assert.equal(stdout, '50\n');
  assert.deepEqual(callsOf(by.get('getter')!), { k: 50 });
  assert.deepEqual(callsOf(by.get('fails')!), { null: 10, '(error)': 10 });
  assert.equal(by.get('fails')!.error_calls, 10);
  const many = by.get('many')!;
  assert.equal(many.groups.length, 1001);
  assert.equal(many.other_calls, 99_000);
  assert.deepEqual(callsOf(by.get('recursive')!), { 0: 1, 1: 1, 2: 1, 3: 1 });
  assert.match(stderr, /^ function .* self/m, 'calls within others have no total');
  assert.ok(by.get('recursive')!.groups.every(({ self_ns }) => self_ns > 0));
  const numbers = callsOf(by.get('numbers')!);
  assert.equal(numbers.NaN, 5);
  assert.equal(numbers['0'], 100);
  assert.ok(by.get('numbers')!.groups.length <= 17, 'at most 16 of numbers, and NaN');
  assert.equal(
    Object.values(numbers).reduce((a, b) => a + b),
    3105,
  );
  const mixed = by.get('mixed')!;
  assert.equal(mixed.kind, 'text');
  assert.deepEqual(callsOf(mixed), { 1: 4, a: 4, undefined: 4, [`${'long'.repeat(30)}`]: 4 });
});

test('threads count by the same keys', async () => {
  const { by } = await measure(['-t', 'threads.mjs:each', '--by', 'key', 'threads.mjs']);
  assert.deepEqual(callsOf(by.get('each')!), { 0: 30, 1: 30, 2: 30, 'text 0': 45, 'text 1': 45 });
});

test('the growth of the time with the key is told', async () => {
  const { by, stderr } = await measure(['-t', 'growth.mjs:*', '--by', 'n', 'growth.mjs']);
  // between 2 ** 9 and 2 ** 14 n log n grows as its logarithm does beside n: 1 + log2(14 / 9) / 5
  const expected = { linear: 1, sorting: 1 + Math.log2(14 / 9) / 5, square: 2 };
  for (const [name, power] of Object.entries(expected)) {
    const { exponent } = by.get(name)!.fit!;
    assert.ok(Math.abs(exponent - power) < 0.1, `${name}: ${exponent}, not ${power}`);
  }
  assert.match(stderr, /linear\(\): time ∝ n\^[\d.]+ \[/);
});

test('a change that helps small inputs and hurts large ones shows as that', async () => {
  const args = ['-t', 'change.mjs:work', '--by', 'n', '--runs', '5'];
  const base = await project.ttprof([...args, '--json', 'base.json', 'change.mjs']);
  assert.equal(base.code, 0, base.stderr);
  const finished = await project.ttprof(
    [...args, '--baseline', 'base.json', '--json', 'now.json', 'change.mjs'],
    { env: { VERSION: 'new' } },
  );
  assert.equal(finished.code, 0, finished.stderr);
  const { functions } = JSON.parse(readFileSync(project.path('now.json'), 'utf8'));
  const verdicts = functions[0].by.groups.map((group: Group) => [group.label, group.delta.verdict]);
  assert.deepEqual(verdicts, [
    ['16', 'faster'],
    ['64', 'faster'],
    ['256', 'slower'],
    ['1024', 'slower'],
  ]);
});

for (const [expression, why] of [
  ['text.', /--by "text\.": it is no JavaScript expression: Unexpected token \(column 6\)\n/],
  ['text; 1', /it is no JavaScript expression: it ends before column 5, where more follows\n/],
  ['import("node:fs")', /it cannot load modules/],
  ['await text', /await/],
  ['yield', /yield/],
  ['() => arguments', /arguments in an arrow function/],
  ['return text', /it is no JavaScript expression/],
  ['a\nb', /one line/],
] as const)
  test(`--by ${JSON.stringify(expression)} is refused before the program starts`, async () => {
    const { code, stdout, stderr } = await project.ttprof([
      ...['-t', 'kinds.mjs:sync', '--by', expression, 'keys.cjs'],
    ]);
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, why);
  });

test('what an expression cannot see is told, and nothing else stands in its place', async () => {
  project.write(
    'arrow.cjs',
    `
const arrow = (text) => text;
function plain(text) { return text; }
for (let i = 0; i < 3; i++) { arrow('x'); plain('x'); JSON.parse('1'); }
`,
  );
  const targets = ['arrow', 'plain', 'globalThis:JSON.parse'].flatMap((target) => ['-t', target]);
  const { code, stderr } = await project.ttprof([
    ...targets,
    ...['--by', 'arguments.length', '--json', 'arrow.json', 'arrow.cjs'],
  ]);
  assert.equal(code, 0, stderr);
  assert.match(
    stderr,
    /arrow\.cjs:2 arrow: --by arguments\.length has no effect: an arrow function has no arguments/,
  );
  assert.match(
    stderr,
    /globalThis:JSON\.parse: --by arguments\.length has no effect, because no expression sees/,
  );
  const { functions } = JSON.parse(readFileSync(project.path('arrow.json'), 'utf8'));
  const groupsOf = (name: string) =>
    functions
      .find((f: { readonly name: string }) => f.name.endsWith(name))
      .by?.groups.map(({ label, calls }: Group) => [label, calls]);
  assert.deepEqual(groupsOf('plain'), [['1', 3]]);
  assert.equal(groupsOf('arrow'), undefined);
});
