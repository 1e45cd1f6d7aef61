import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildReport } from '../../../dist/report/build-report.js';
import { decideGate } from '../../../dist/report/compare/gate.js';
import type { Delta, Report } from '../../../dist/report/model.js';
import { createRandom } from '../../../dist/report/statistics/random.js';
import type { FunctionRecording, RunRecording } from '../../../dist/runtime/contract.js';
import { CONFIG, OPTIONS, recordFunction, recordSimpleRun } from '../recordings.js';

const COMPARE = { ...OPTIONS, config: { ...CONFIG, compare: true } };

/** Calls that take turns: `before` at even, `after` at odd times. */
function takeTurns(count: number, ratio: number, noise = 0.01, seed = 1): FunctionRecording[] {
  const random = createRandom(seed);
  const calls = (level: number) =>
    Array.from({ length: count }, () => level * (1 + noise * (random() - 0.5)));
  const starts = (first: number) => Array.from({ length: count }, (_, i) => first + i * 1e6);
  return [
    recordFunction('before', { durationNs: calls(1000), startNs: starts(0) }, { line: 1 }),
    recordFunction('after', { durationNs: calls(1000 * ratio), startNs: starts(5e5) }, { line: 2 }),
  ];
}

/** Runs whose medians are exactly these. */
function runsOf(...medians: readonly number[]): RunRecording[] {
  return medians.map((median) => recordSimpleRun(recordFunction('f', { durationNs: [median] })));
}

const compareFirst = (...runs: readonly RunRecording[]): Delta =>
  buildReport(runs, COMPARE).functions[1]!.delta!;

function compareRuns(before: readonly number[], after: readonly number[], marginPercent = 2): Report {
  return buildReport(runsOf(...after), {
    ...OPTIONS,
    config: { ...CONFIG, marginPercent },
    baseline: { kind: 'baseline', source: 'old.json', report: buildReport(runsOf(...before), OPTIONS) },
  });
}

const TEN = [100, 101, 99, 100.5, 99.5, 100.2, 99.8, 100.7, 99.3, 100.1];

test('-x, one run, calls in turns: faster, slower and same, each with an interval around the change', () => {
  const faster = compareFirst(recordSimpleRun(...takeTurns(200, 0.38)));
  assert.equal(faster.verdict, 'faster');
  assert.equal(faster.method, 'calls');
  assert.equal(faster.reason, null);
  assert.equal(faster.against, 'src/lib.js:before');
  assert.ok(faster.low! < faster.percent && faster.percent < faster.high!);
  assert.ok(Math.abs(faster.percent + 62) < 1);
  assert.equal(faster.probabilityFaster, 1);
  assert.equal(compareFirst(recordSimpleRun(...takeTurns(200, 1.2))).verdict, 'slower');
  const same = compareFirst(recordSimpleRun(...takeTurns(200, 1.001)));
  assert.equal(same.verdict, 'same');
  assert.ok(same.low! > -2 && same.high! < 2);
});

test('-x: the first row has no delta, and the report says what was compared', () => {
  const report = buildReport([recordSimpleRun(...takeTurns(100, 1))], COMPARE);
  assert.equal(report.functions[0]!.delta, null);
  assert.deepEqual(report.comparison, {
    kind: 'first',
    source: null,
    run: null,
    onlyThere: [],
    onlyHere: [],
  });
  const plain = buildReport([recordSimpleRun(...takeTurns(100, 1))], OPTIONS);
  assert.equal(plain.functions[1]!.delta, null);
  assert.equal(plain.comparison, undefined);
});

/** The same reports of a clock that advances in steps of 10 ns. */
function withSteps(runs: readonly RunRecording[]): RunRecording[] {
  return runs.map((run) => ({
    ...run,
    processes: run.processes.map((process) => ({ ...process, clockStepNs: 10 })),
  }));
}

test('what the steps of the clock can make is no change: the interval and the gate allow for half a step a side', () => {
  const compareWith = (runs: RunRecording[]) =>
    buildReport(runs, {
      ...OPTIONS,
      baseline: { kind: 'baseline', source: 'old.json', report: buildReport(runsOf(...TEN), OPTIONS) },
    });
  const later = TEN.map((median) => median * 1.08);
  const [fine, coarse] = [compareWith(runsOf(...later)), compareWith(withSteps(runsOf(...later)))];
  assert.equal(fine.functions[0]!.delta!.verdict, 'slower');
  const delta = coarse.functions[0]!.delta!;
  assert.equal(delta.verdict, 'unsure');
  assert.match(delta.reason!, /the steps of the clock alone can make 10 %: measure a caller/);
  assert.ok(delta.low! < 0 && delta.high! > 16, `${delta.low}, ${delta.high}`);
  const gate = { failIfSlowerPercent: 3, strict: false };
  assert.deepEqual(
    [fine, coarse].map((report) => decideGate(report, gate).exitCode),
    [3, 0],
  );
});

test('of calls that take many steps the steps decide nothing', () => {
  const report = buildReport(withSteps([recordSimpleRun(...takeTurns(200, 0.38))]), COMPARE);
  const { verdict, low, high } = report.functions[1]!.delta!;
  assert.equal(verdict, 'faster');
  assert.ok(low! > -63.5 && high! < -60.5, `${low}, ${high}`);
});

test('-x: unsure by noise, and the reason says what would decide', () => {
  const equal = compareFirst(recordSimpleRun(...takeTurns(100, 1, 0.2, 2)));
  assert.equal(equal.verdict, 'unsure');
  assert.match(equal.reason!, /about [\d.]+ times as many calls would decide, or --runs 10/);
  // more calls in one process would not do: the estimate is within what one process can differ by
  const near = compareFirst(recordSimpleRun(...takeTurns(100, 1.06, 0.5)));
  assert.equal(near.verdict, 'unsure');
  assert.match(near.reason!, /within one process even identical code can differ by 10 %: use --runs 10/);
  const far = compareFirst(recordSimpleRun(...takeTurns(100, 1.25, 1.6)));
  assert.equal(far.verdict, 'unsure');
  assert.match(far.reason!, /times as many calls/);
});

test('-x: calls one after the other are unsure by the order, however large the change', () => {
  const [before, after] = takeTurns(200, 0.5);
  const later = {
    ...after!,
    series: { ...after!.series, startNs: [...after!.series.startNs].map((t) => t + 1e12) },
  };
  const delta = compareFirst(recordSimpleRun(before!, later));
  assert.equal(delta.verdict, 'unsure');
  assert.match(delta.reason!, /order effect/);
  assert.equal(delta.low, null);
  assert.ok(Math.abs(delta.percent + 50) < 1);
});

test('-x: fewer than 100 calls are too few', () => {
  const delta = compareFirst(recordSimpleRun(...takeTurns(99, 0.5)));
  assert.equal(delta.verdict, 'unsure');
  assert.match(delta.reason!, /99 calls are too few/);
  assert.match(compareFirst(recordSimpleRun(...takeTurns(1, 0.5))).reason!, /^1 call is too few/);
});

test('-x: within less than 50 ms nothing has come to rest', () => {
  const faster = takeTurns(200, 0.5).map(({ series, ...rest }) => ({
    ...rest,
    series: { ...series, startNs: Array.from(series.startNs, (start) => start / 10) },
  }));
  const delta = compareFirst(recordSimpleRun(...faster));
  assert.equal(delta.verdict, 'unsure');
  assert.match(delta.reason!, /within 20 ms, too short .*at least 50 ms/);
});

test('-x: a change that identical code shows in one process is unsure, beyond that it counts', () => {
  const small = compareFirst(recordSimpleRun(...takeTurns(200, 1.07)));
  assert.equal(small.verdict, 'unsure');
  assert.ok(small.low! > 2, 'beyond the margin by the calls alone');
  assert.match(small.reason!, /within one process even identical code can differ by 10 %: use --runs 10/);
  assert.equal(compareFirst(recordSimpleRun(...takeTurns(200, 1.14))).verdict, 'slower');
  assert.equal(compareFirst(recordSimpleRun(...takeTurns(200, 0.93))).verdict, 'unsure');
  assert.equal(compareFirst(recordSimpleRun(...takeTurns(200, 0.86))).verdict, 'faster');
});

test('-x: one function compiled before the other is no change', () => {
  // both end at 1000, the first after a tenth of the run, the second after 85 %
  const calls = (slow: number) => Array.from({ length: 400 }, (_, i) => (i < slow ? 3000 : 1000) + (i % 7));
  const starts = (first: number) => calls(0).map((_, i) => first + i * 1e6);
  const delta = compareFirst(
    recordSimpleRun(
      recordFunction('a', { durationNs: calls(40), startNs: starts(0) }, { line: 1 }),
      recordFunction('b', { durationNs: calls(340), startNs: starts(5e5) }, { line: 2 }),
    ),
  );
  assert.equal(delta.verdict, 'unsure');
  assert.ok(delta.low! > 100);
  assert.match(delta.reason!, /went away before the run ended/);
});

/** A run in which both are called four times, in turns or one after the other. */
function runPair(before: number, after: number, order: 'turns' | 'sequence' = 'turns'): RunRecording {
  const calls = (level: number) => [level, level, level, level];
  const starts = (first: number) => [0, 2, 4, 6].map((time) => first + time * 1e4);
  return recordSimpleRun(
    recordFunction('before', { durationNs: calls(before), startNs: starts(0) }, { line: 1 }),
    recordFunction(
      'after',
      { durationNs: calls(after), startNs: starts(order === 'turns' ? 1e4 : 1e6) },
      { line: 2 },
    ),
  );
}

test('-x with --runs: pairs of medians per process, so that what slows a whole process down cancels', () => {
  const speeds = [1, 1.4, 0.8, 1.1, 2, 0.9, 1.3, 1];
  const pair = (speed: number, i: number) => runPair(1000 * speed, 900 * speed + i);
  const delta = compareFirst(...speeds.map(pair));
  assert.equal(delta.method, 'pairs');
  assert.equal(delta.verdict, 'faster');
  assert.ok(delta.low! > -10.5 && delta.high! < -9);
  const few = compareFirst(...speeds.slice(0, 5).map(pair));
  assert.equal(few.verdict, 'unsure');
  assert.match(few.reason!, /5 runs with both functions are too few .*--runs 10/);
});

test('-x with --runs, one after the other: only a change that no order explains counts', () => {
  const speeds = [1, 1.4, 0.8, 1.1, 2, 0.9, 1.3, 1];
  const compare = (change: number) =>
    compareFirst(...speeds.map((speed, i) => runPair(1000 * speed, 1000 * change * speed + i, 'sequence')));
  assert.deepEqual(
    [0.5, 0.9, 1, 1.1, 1.5].map((change) => compare(change).verdict),
    ['faster', 'unsure', 'unsure', 'unsure', 'slower'],
  );
  assert.match(compare(0.9).reason!, /order effect.*20 %; let them take turns/);
});

test('-x with --runs: of two modules the one that is first in each run may be faster for that alone', () => {
  const pair = (ratio: number, i: number, file: string, isSecond: boolean, old: string) => {
    const calls = (level: number) => [level, level, level, level];
    const starts = (first: number) => [0, 2, 4, 6].map((time) => first + time * 1e4);
    const [one, two] = isSecond ? [1e4, 0] : [0, 1e4];
    return recordSimpleRun(
      recordFunction('f', { durationNs: calls(1000), startNs: starts(one) }, { file: old }),
      recordFunction('f', { durationNs: calls(1000 * ratio + i), startNs: starts(two) }, { file }),
    );
  };
  const compare = (
    ratio: number,
    file = '/app/src/b.js',
    isSecond = (_: number) => false,
    old = '/app/src/a.js',
  ) => compareFirst(...Array.from({ length: 10 }, (_, i) => pair(ratio, i, file, isSecond(i), old)));
  const small = compare(1.08);
  assert.equal(small.verdict, 'unsure');
  assert.match(small.reason!, /which of the two modules is .* first is the same in each run, .* make 12 %/);
  assert.equal(compare(0.92).verdict, 'unsure');
  assert.equal(compare(1.2).verdict, 'slower');
  assert.equal(compare(0.8).verdict, 'faster');
  assert.equal(compare(1).verdict, 'same');
  // drawn for each run, or ES modules
  assert.equal(compare(1.08, '/app/src/b.js', (i) => i % 2 === 1).verdict, 'slower');
  assert.equal(compare(1.08, '/app/src/b.mjs', undefined, '/app/src/a.mjs').verdict, 'slower');
});

test('a baseline of ten runs: verdicts by the processes, with the margin', () => {
  const percent = (change: number) => TEN.map((value) => value * (1 + change / 100) + 0.01);
  const judge = (change: number, margin = 2) =>
    compareRuns(TEN, percent(change), margin).functions[0]!.delta!;
  assert.deepEqual(
    [-10, 0, 10].map((change) => judge(change).verdict),
    ['faster', 'same', 'slower'],
  );
  assert.equal(judge(10).method, 'runs');
  assert.ok(judge(10).low! < 10 && judge(10).high! > 10);
  // the same change is within a wider margin
  assert.equal(judge(10, 15).verdict, 'same');
  // beyond 0 without doubt, but not beyond the margin
  assert.ok(judge(2.3).low! > 0);
  assert.equal(judge(2.3).verdict, 'unsure');
});

test('few runs: one a side says nothing, two or three are unsure, four can tell', () => {
  const delta = (before: number[], after: number[]) => compareRuns(before, after).functions[0]!.delta!;
  const one = delta([100], [50]);
  assert.deepEqual([one.verdict, one.low, one.percent], [null, null, -50]);
  assert.match(one.reason!, /run-to-run noise unknown: use --runs/);
  assert.equal(delta(TEN, [50]).verdict, null);
  assert.equal(delta([100, 101, 102], [50, 51, 52, 53]).verdict, 'unsure');
  assert.match(delta([100, 101, 102], [50, 51, 52, 53]).reason!, /3 runs a side are too few/);
  assert.equal(delta([100, 101, 102, 103], [50, 51, 52, 53]).verdict, 'faster');
});

test('unsure between runs: the number of further runs grows with the noise', () => {
  const noisy = (spread: number, change: number) =>
    TEN.map((value, i) => value * change + ((i * 7) % 10) * spread - 4.5 * spread);
  const few = compareRuns(noisy(1, 1), noisy(1, 1.04)).functions[0]!.delta!;
  const many = compareRuns(noisy(2, 1), noisy(2, 1.04)).functions[0]!.delta!;
  assert.equal(few.verdict, 'unsure');
  assert.match(few.reason!, /about \d+ more runs? a side would decide: --runs \d+/);
  assert.ok(many.furtherRuns! > few.furtherRuns!);
});

test('a baseline names what is only on one side, and each row carries its counterpart', () => {
  const report = (...names: string[]) => [
    recordSimpleRun(...names.map((name, line) => recordFunction(name, { durationNs: [10] }, { line }))),
  ];
  const baseline = buildReport(report('both', 'gone'), OPTIONS);
  const now = buildReport(report('both', 'fresh'), {
    ...OPTIONS,
    baseline: { kind: 'base', source: 'main', report: baseline },
  });
  assert.deepEqual(now.comparison, {
    kind: 'base',
    source: 'main',
    run: baseline.run,
    onlyThere: ['src/lib.js:gone'],
    onlyHere: ['src/lib.js:fresh'],
  });
  assert.equal(now.functions[0]!.baseline!.name, 'src/lib.js:both');
  assert.equal(now.functions[0]!.delta!.percent, 0);
  assert.equal(now.functions[1]!.delta, null);
  assert.equal(now.functions[1]!.baseline, undefined);
});

test('a counterpart is found by its function part where that is unique on both sides', () => {
  const at = (file: string, name: string) =>
    recordFunction(name, { durationNs: [10] }, { file: `/code/${file}` });
  const match = (here: FunctionRecording[], there: FunctionRecording[]) =>
    buildReport([recordSimpleRun(...here)], {
      ...OPTIONS,
      baseline: { kind: 'baseline', source: 'x', report: buildReport([recordSimpleRun(...there)], OPTIONS) },
    }).functions.map((row) => row.delta?.against ?? null);
  assert.deepEqual(match([at('new.js', 'C.m')], [at('old.js', 'C.m')]), ['old.js:C.m']);
  assert.deepEqual(match([at('new.js', 'o["a:b"]')], [at('old.js', 'c["x:b"]')]), [null]);
  assert.deepEqual(match([at('a.js', 'f'), at('b.js', 'f')], [at('old.js', 'f')]), [null, null]);
  assert.deepEqual(match([at('new.js', 'f')], [at('x.js', 'f'), at('y.js', 'f')]), [null]);
});

test('calls in which the clock saw no time have no delta', () => {
  for (const [before, after] of [
    [0, 5],
    [5, 0],
  ] as const)
    assert.equal(compareRuns([before], [after]).functions[0]!.delta, null);
});

test('a function that was not called on one side has no delta', () => {
  const report = compareRuns([100], [100]);
  const idle = buildReport([recordSimpleRun(recordFunction('f', { durationNs: [] }))], {
    ...OPTIONS,
    baseline: { kind: 'baseline', source: 'x', report },
  });
  assert.equal(idle.functions[0]!.delta, null);
});
