import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildReport } from '../../../dist/report/build-report.js';
import { toJson } from '../../../dist/report/formats/json/json.js';
import { fromJson } from '../../../dist/report/formats/json/read-json.js';
import { mergeRoots, mergeRuns } from '../../../dist/report/merge/merge-reports.js';
import type { Report } from '../../../dist/report/model.js';
import type { RunRecording } from '../../../dist/runtime/contract.js';
import { makeComparison, makeFunction, makeReport, makeRun } from '../make-report.js';
import {
  OPTIONS,
  recordFunction,
  recordProcess,
  recordRun,
  recordSimpleRun,
  recordThread,
} from '../recordings.js';

/** Reproducible durations in ns, skewed as real ones are. */
function makeDurations(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647;
    return 1000 + 500 * (state / 2147483647) ** 3 * seed;
  });
}

const build = (runs: readonly RunRecording[]) => buildReport(runs, OPTIONS);
const saved = (report: Report) => fromJson(toJson(report), 'x.json');

/** Equal but for rounding in the files, as plain data. */
function assertAlike(actual: unknown, expected: unknown, place = 'report'): void {
  if (typeof expected === 'number' && typeof actual === 'number') {
    const tolerance = 1e-3 + Math.abs(expected) * 1e-9;
    assert.ok(Math.abs(actual - expected) <= tolerance, `${place}: ${actual} is not ${expected}`);
  } else if (typeof expected === 'object' && expected !== null) {
    assert.ok(typeof actual === 'object' && actual !== null, `${place}: ${actual}`);
    assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort(), place);
    for (const [key, value] of Object.entries(expected)) {
      assertAlike((actual as Record<string, unknown>)[key], value, `${place}.${key}`);
    }
  } else {
    assert.equal(actual, expected, place);
  }
}

const plain = (report: Report) => JSON.parse(toJson(report));

test('merged files are the report that all runs together would have given', () => {
  const f = (count: number, seed: number) =>
    recordFunction('f', { durationNs: makeDurations(count, seed) }, { line: 1, errors: seed });
  const g = (count: number, seed: number) =>
    recordFunction(
      'g',
      { durationNs: makeDurations(count, seed) },
      { line: 9, callers: [{ caller: 0, calls: count, totalNs: 5 }] },
    );
  const runs = [
    recordSimpleRun(f(101, 1), g(50, 2)),
    recordSimpleRun(f(80, 3)),
    recordSimpleRun(f(60, 4), g(1, 5)),
  ];
  const separate = runs.map((run, i) => ({ name: `${i}.json`, report: saved(build([run])) }));
  const expected = plain(build(runs));
  // whether the first calls of a thread are slow is seen thread by thread, and so are the zeros of time
  assertAlike(plain(mergeRuns(separate as [(typeof separate)[0]])), expected);
});

test('files of several runs count all of them', () => {
  const run = (seed: number) => recordSimpleRun(recordFunction('f', { durationNs: makeDurations(30, seed) }));
  const two = { name: 'two.json', report: saved(build([run(1), run(2)])) };
  const one = { name: 'one.json', report: saved(build([run(3)])) };
  const merged = mergeRuns([two, one]);
  assert.equal(merged.run.runs, 3);
  assert.equal(merged.functions[0]!.runs.length, 3);
  assert.deepEqual(
    merged.functions[0]!.series.map(({ run }) => run),
    [0, 1, 2],
  );
  assertAlike(plain(merged), plain(build([run(1), run(2), run(3)])));
});

test("CPU time is the process's where it was for any process or file", () => {
  const process = (cpuScope: 'thread' | 'process' | null) => recordProcess([], { cpuScope });
  const scopeOf = (...scopes: Parameters<typeof process>[0][]) =>
    build([recordRun(scopes.map(process))]).run.cpuScope;
  assert.equal(scopeOf(null), undefined);
  assert.equal(scopeOf('thread', null), 'thread');
  assert.equal(scopeOf('thread', 'process'), 'process');
  const file = (name: string, cpuScope: 'thread' | 'process') => ({
    name,
    report: saved(build([recordRun([process(cpuScope)])])),
  });
  assert.equal(mergeRuns([file('a', 'thread'), file('b', 'thread')]).run.cpuScope, 'thread');
  assert.equal(mergeRuns([file('a', 'thread'), file('b', 'process')]).run.cpuScope, 'process');
});

test('where samples were left out, quantiles come from the histograms', () => {
  const durations = [makeDurations(4000, 1), makeDurations(3000, 7)];
  const reports = durations.map((durationNs, i) => ({
    name: `${i}`,
    report: saved(build([recordSimpleRun(recordFunction('f', { durationNs, stride: 4 }))])),
  }));
  const merged = mergeRuns(reports as [(typeof reports)[0]]).functions[0]!;
  const sorted = durations.flat().sort((a, b) => a - b);
  const exact = (p: number) => sorted[Math.round((sorted.length - 1) * p)]!;
  for (const [value, p] of [
    [merged.medianNs, 0.5],
    [merged.p90Ns, 0.9],
    [merged.p999Ns, 0.999],
  ] as const) {
    assert.ok(Math.abs(value! / exact(p) - 1) < 0.004, `p${p}: ${value} is not ${exact(p)}`);
  }
  assert.equal(merged.calls, 7000);
});

test('one file alone stays as it is, several lose their deltas', () => {
  const report = makeComparison();
  assert.equal(mergeRuns([{ name: 'a', report }]), report);
  const merged = mergeRuns([
    { name: 'a', report },
    { name: 'b', report },
  ]);
  assert.deepEqual(
    merged.functions.map(({ delta }) => delta),
    [null, null],
  );
  assert.equal(merged.comparison ?? null, null);
});

test('a function of one file only has runs without calls in the others', () => {
  const a = makeReport([makeFunction({ name: 'a.js:f' })], { run: makeRun({ runs: 2 }) });
  const b = makeReport([makeFunction({ name: 'a.js:g' })]);
  const merged = mergeRuns([
    { name: 'b', report: b },
    { name: 'a', report: a },
  ]);
  assert.deepEqual(
    merged.functions.map(({ name, runs }) => [name, runs.map(({ calls }) => calls)]),
    [
      ['a.js:g', [100, 0, 0]],
      ['a.js:f', [0, 100]],
    ],
  );
});

test('copies of a package share a name and stay apart', () => {
  const report = makeReport([
    makeFunction({ name: 'p/i.js:f', calls: 1 }),
    makeFunction({ name: 'p/i.js:f', calls: 10 }),
  ]);
  const merged = mergeRuns([
    { name: 'a', report },
    { name: 'b', report },
  ]);
  assert.deepEqual(
    merged.functions.map(({ calls }) => calls),
    [2, 20],
  );
});

test("files of Python's tprof merge: what cannot be known is null", () => {
  const python = (median: number) =>
    fromJson(
      JSON.stringify({
        version: 1,
        label: null,
        functions: [
          {
            name: 'lib:maths',
            calls: 3,
            total_ns: 3 * median,
            min_ns: median - 5,
            max_ns: median + 5,
            median_ns: median,
            stdev_ns: 4,
          },
        ],
      }),
      'p.json',
    );
  const merged = mergeRuns([
    { name: 'a', report: python(100) },
    { name: 'b', report: python(200) },
  ]);
  const f = merged.functions[0]!;
  assert.deepEqual([f.calls, f.totalNs, f.minNs, f.maxNs, f.medianNs, f.p90Ns], [6, 900, 95, 205, 150, null]);
  // 100 ± 5 and 200 ± 5 with three each: by hand
  assert.ok(Math.abs(f.stdevNs! - Math.sqrt((2 * 2 * 16 + 6 * 50 ** 2) / 5)) < 1e-9);
  assert.deepEqual(merged.notes, []);
});

test('what differs between the files is said', () => {
  const [a, b] = [
    makeReport([makeFunction()]),
    makeReport([makeFunction()], { run: makeRun({ node: 'v20.20.2', clockNs: 1000 }) }),
  ];
  const merged = mergeRuns([
    { name: 'a.json', report: { ...a, label: 'x', notes: ['n'] } },
    { name: 'b.json', report: { ...b, label: 'y', notes: ['n'] } },
  ]);
  assert.equal(merged.label, null);
  assert.equal(merged.notes[0], 'n');
  assert.match(
    merged.notes[1]!,
    /^b\.json was measured with another setup: Node \(v20\.20\.2; a\.json: v24\.21\.0\), clock/,
  );
  assert.equal(merged.notes.length, 2);
});

test('a target that matched in any file has matched', () => {
  const outcome = (matched: number) => ({
    target: 't',
    matched,
    reason: matched ? null : 'never loaded',
    suggestions: [],
  });
  const report = (matched: number) => makeReport([makeFunction()], { targets: [outcome(matched)] });
  const merged = mergeRuns([
    { name: 'a', report: report(0) },
    { name: 'b', report: report(2) },
  ]);
  assert.deepEqual(merged.targets, [outcome(2)]);
});

test('roots of one run are processes of one run', () => {
  const run = (seed: number, startedAtMs: number) => {
    const functions = [recordFunction('f', { durationNs: makeDurations(40, seed) })];
    const process = recordProcess([recordThread(functions), recordThread([])], { pid: seed, startedAtMs });
    return recordRun([process], { startedAtMs, durationNs: 2e9 });
  };
  const [early, late] = [run(1, 1.8e12), run(2, 1.8e12 + 500)];
  const merged = mergeRoots([saved(build([early])), saved(build([late]))]);
  assert.equal(merged.run.runs, 1);
  assert.equal(merged.run.processes, 2);
  assert.equal(merged.run.durationNs, 2.5e9);
  const f = merged.functions[0]!;
  assert.deepEqual(
    f.series.map(({ run: r, thread }) => [r, thread]),
    [
      [0, 0],
      [0, 2],
    ],
  );
  assert.equal(f.series[1]!.startNs[0]! - f.series[0]!.startNs[0]!, 500e6);
  const together = recordRun([...early.processes, ...late.processes]);
  const expected = build([together]).functions[0]!;
  assert.equal(f.runs.length, 1);
  assertAlike(f.runs[0], expected.runs[0]);
  assertAlike(
    [f.calls, f.medianNs, f.stdevNs, f.p99Ns],
    [expected.calls, expected.medianNs, expected.stdevNs, expected.p99Ns],
  );
});
