import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModuleProbe, SiteIndex } from '../../../dist/runtime/contract.js';
import { advance, start } from '../harness.js';

const runtime = start({ by: true });
let files = 0;

/** Functions `f0`, `f1`, … of one module; `call` does as rewritten code does. */
function load(count: number) {
  const file = `/app/by-${++files}.js`;
  const sites = Array.from({ length: count }, (_, index) => ({
    ...{ name: `f${index}`, line: index + 1, column: 1, kind: 'sync', targets: ['f'], by: 'key' },
  }));
  const probe = runtime.handle.load(JSON.stringify({ file, sites })) as Required<ModuleProbe>;
  return {
    call(index: number, readKey: () => unknown, ns = 100, body = () => {}) {
      const site = index as SiteIndex;
      const since = probe.key(site);
      let group = 0;
      try {
        group = probe.group(site, readKey());
      } catch {}
      const token = probe.enter(site);
      advance(ns);
      body();
      probe.exitBy(site, token, undefined, group, since);
    },
    read(index: number) {
      const { functions } = runtime.collect().threads[0]!;
      return functions.find((f) => f.file === file && f.name === `f${index}`)!;
    },
  };
}

test('each key has its own calls and times, small numbers and others, in each function', () => {
  const { call, read } = load(2);
  for (let round = 0; round < 3; round++)
    for (const [key, ns] of [
      [0, 10],
      [-0, 20],
      [7, 30],
      [1023, 40],
      [1024, 50],
      [-7, 60],
      [7.5, 70],
      [1e9, 80],
    ] as const)
      call(0, () => key, ns);
  call(1, () => 7, 1000);
  const groups = read(0).groups!.map(({ low, sum, recording }) => [
    low,
    sum,
    recording.calls,
    recording.totalNs,
  ]);
  assert.deepEqual(
    groups.sort((a, b) => a[0]! - b[0]!),
    [
      [-7, -21, 3, 180],
      [0, 0, 6, 90],
      [7, 21, 3, 90],
      [7.5, 22.5, 3, 210],
      [1023, 3069, 3, 120],
      [1024, 3072, 3, 150],
      [1e9, 3e9, 3, 240],
    ],
  );
  assert.deepEqual(
    read(1).groups!.map(({ low, recording }) => [low, recording.totalNs]),
    [[7, 1000]],
  );
});

test('after 16 numbers further ones go by powers of two, the first 16 still have their own', () => {
  const { call, read } = load(1);
  for (let round = 0; round < 2; round++) for (let key = 0; key < 64; key++) call(0, () => key);
  const ranges = read(0)
    .groups!.filter(({ kind }) => kind === 'range')
    .map(({ low, high, recording }) => [low, high, recording.calls]);
  assert.deepEqual(
    ranges.sort((a, b) => a[0]! - b[0]!),
    [
      [16, 32, 32],
      [32, 64, 64],
    ],
  );
  assert.equal(read(0).groups!.filter(({ kind }) => kind === 'value').length, 16);
});

test('true is no 1, and what is no number goes by its text', () => {
  const { call, read } = load(1);
  for (const key of [1, true, '1', 1n, NaN, Infinity, null, undefined, Symbol('s')]) call(0, () => key);
  call(0, () => Object.create(null));
  const labels = read(0).groups!.map(({ kind, label, recording }) => `${kind} ${label} ${recording.calls}`);
  assert.deepEqual(labels.sort(), [
    'error  1',
    'text 1 2',
    'text Infinity 1',
    'text NaN 1',
    'text Symbol(s) 1',
    'text null 1',
    'text true 1',
    'text undefined 1',
    'value  1',
  ]);
});

test('own times of groups add up to that of the function, where calls are within others of it as well', () => {
  const { call, read } = load(2);
  call(
    0,
    () => 'root',
    100,
    () => {
      call(1, () => 'leaf', 30);
      call(
        0,
        () => 'branch',
        50,
        () => call(1, () => 'leaf', 7),
      );
    },
  );
  const own = read(0).groups!.map(({ label, recording }) => [label, recording.totalNs, recording.selfNs]);
  assert.deepEqual(own, [
    ['root', 187, 100],
    ['branch', 0, 50],
  ]);
  assert.equal(read(0).selfNs, 150);
  assert.deepEqual(
    read(1).groups!.map(({ recording }) => recording.selfNs),
    [37],
  );
});

test('what the key takes is neither in the call nor in what encloses it, and recursion counts its outermost call', () => {
  const { call, read } = load(2);
  call(
    0,
    () => 1,
    100,
    () =>
      call(1, () => {
        advance(5000);
        return 2;
      }),
  );
  assert.equal(read(0).totalNs, 200);
  assert.equal(read(1).totalNs, 100);
  call(
    1,
    () => 3,
    100,
    () => call(1, () => 4, 50),
  );
  const totals = read(1).groups!.map(({ low, recording }) => [
    low,
    recording.calls,
    recording.outermostCalls,
    recording.totalNs,
  ]);
  assert.deepEqual(
    totals.sort((a, b) => a[0]! - b[0]!),
    [
      [2, 1, 1, 100],
      [3, 1, 1, 150],
      [4, 1, 0, 0],
    ],
  );
});

test("of many calls within others most keys are not timed, and still none of their time is the caller's", () => {
  const { call, read } = load(2);
  const calls = 2000;
  for (let i = 0; i < calls; i++)
    call(
      0,
      () => 1,
      100,
      () =>
        call(1, () => {
          advance(5000);
          return 2;
        }),
    );
  assert.ok(Math.abs(read(0).totalNs / (200 * calls) - 1) < 0.001, `${read(0).totalNs}`);
  assert.equal(read(1).totalNs, 100 * calls);
});

test("what is known of a group's calls is what is known of the function's, where there is no other group", () => {
  const { call, read } = load(1);
  for (const ns of [7, 0, 255, 256, 1000, 1e6 + 1, 2 ** 31 - 1, 2 ** 31, 5e9, 3, 1000]) call(0, () => 4, ns);
  const { groups, ...all } = read(0);
  const known = ({
    minNs,
    maxNs,
    shiftNs,
    shiftedSumNs,
    shiftedSquaresNs2,
    histogram,
    series,
  }: typeof all) => ({
    ...{ minNs, maxNs, shiftNs, shiftedSumNs, shiftedSquaresNs2, histogram, series },
  });
  assert.equal(all.maxNs, 5e9);
  assert.equal(groups!.length, 1);
  assert.deepEqual(known(groups![0]!.recording), known(all));
});
