import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildReport } from '../../../dist/report/build-report.js';
import { decideGate } from '../../../dist/report/compare/gate.js';
import type { Report } from '../../../dist/report/model.js';
import type { RunRecording } from '../../../dist/runtime/contract.js';
import type { TargetOutcome } from '../../../dist/shared/target-outcome.js';
import { CONFIG, OPTIONS, recordFunction, recordSimpleRun } from '../recordings.js';

const RUNS = 10;
const MATCHED: TargetOutcome = { target: 'src/lib.js:*', matched: 1, reason: null, suggestions: [] };

/** Runs of several functions; each run is a little slower than the one before. */
function runsAt(runs: number, ...levels: readonly number[]): RunRecording[] {
  return Array.from({ length: runs }, (_, run) =>
    recordSimpleRun(
      ...levels.map((level, i) =>
        recordFunction(
          `f${i}`,
          // in turns: each a little after the one before
          { durationNs: [level, level].map((l) => l * (1 + run / 1000)), startNs: [i, 1000 + i] },
          { line: i + 1 },
        ),
      ),
    ),
  );
}

function report(
  before: readonly RunRecording[],
  after: readonly RunRecording[],
  outcomes = [MATCHED],
): Report {
  return buildReport(after, {
    ...OPTIONS,
    outcomes,
    baseline: { kind: 'baseline', source: 'old.json', report: buildReport(before, OPTIONS) },
  });
}

const slowerThan = (failIfSlowerPercent: number | null) => ({ failIfSlowerPercent, strict: false });
const levels = (count: number, level: number) => new Array<number>(count).fill(level);

test('slower beyond the threshold beyond doubt fails with 3 and names the function', () => {
  const slow = report(runsAt(RUNS, 100, 100), runsAt(RUNS, 100, 120));
  const decision = decideGate(slow, slowerThan(5));
  assert.equal(decision.exitCode, 3);
  assert.deepEqual(decision.slower, ['src/lib.js:f1']);
  assert.match(decision.message!, /slower by more than 5 %: src\/lib\.js:f1 \(\+20\.0 %\)/);
});

test('slower by less than the threshold, faster, and no gate at all pass', () => {
  const pass = { exitCode: 0, message: null, slower: [] };
  assert.deepEqual(decideGate(report(runsAt(RUNS, 100), runsAt(RUNS, 104)), slowerThan(5)), pass);
  assert.deepEqual(decideGate(report(runsAt(RUNS, 100), runsAt(RUNS, 50)), slowerThan(5)), pass);
  assert.deepEqual(decideGate(report(runsAt(RUNS, 100), runsAt(RUNS, 200)), slowerThan(null)), pass);
});

test('a gate that could not fail says so with 2 and how many runs it needs', () => {
  const one = decideGate(report(runsAt(1, 100), runsAt(1, 200)), slowerThan(5));
  assert.equal(one.exitCode, 2);
  assert.match(one.message!, /could not have failed with 1 run a side for a function; use --runs 10/);
  // four a side: the clearest outcome has a one-sided p of 1/70, enough for one function, not for two
  assert.equal(decideGate(report(runsAt(4, 100), runsAt(4, 200)), slowerThan(5)).exitCode, 3);
  const two = decideGate(report(runsAt(4, 100, 100), runsAt(4, 200, 200)), slowerThan(5));
  assert.equal(two.exitCode, 2);
  assert.match(two.message!, /4 runs a side for 2 functions; use --runs 10, for the baseline too/);
});

test('Holm: with more functions each needs to be clearer', () => {
  // nine of ten slow runs are above all of the base's, the tenth is below: p = 0.00021 for one function
  const after = runsAt(RUNS, ...levels(1, 120));
  const spoilt = [...after.slice(1), ...runsAt(1, 90)];
  assert.equal(decideGate(report(runsAt(RUNS, 100), spoilt), slowerThan(5)).exitCode, 3);
  const many = (runs: readonly RunRecording[], count: number, level: number) =>
    runs.map((run) =>
      recordSimpleRun(
        ...run.processes[0]!.threads[0]!.functions,
        ...levels(count, level).map((l, i) =>
          recordFunction(`g${i}`, { durationNs: [l + (i % 3)] }, { line: 50 + i }),
        ),
      ),
    );
  const crowded = report(many(runsAt(RUNS, 100), 400, 100), many(spoilt, 400, 100));
  assert.equal(decideGate(crowded, slowerThan(5)).exitCode, 0);
});

test('enough runs are advised for many functions', () => {
  // for 2000 functions 1 / (2n choose n) must be below 0.025 / 2000, which takes 10 a side; 240,000 take 13
  const rows = report(runsAt(2, ...levels(60, 100)), runsAt(2, ...levels(60, 200)));
  const crowd = { ...rows, functions: new Array(4000).fill(rows.functions).flat() as Report['functions'] };
  const decision = decideGate(crowd, slowerThan(5));
  assert.equal(decision.exitCode, 2);
  assert.match(decision.message!, /--runs 13/);
});

test('nothing to compare with is a gate that could not fail', () => {
  const fresh = report([recordSimpleRun(recordFunction('old', { durationNs: [1] }))], runsAt(RUNS, 100));
  const decision = decideGate(fresh, slowerThan(5));
  assert.equal(decision.exitCode, 2);
  assert.match(decision.message!, /nothing|no function has anything to be compared with/);
});

test('-x: pairs over runs, calls within one run', () => {
  const compare = (runs: readonly RunRecording[]) =>
    buildReport(runs, { ...OPTIONS, config: { ...CONFIG, compare: true } });
  assert.equal(decideGate(compare(runsAt(RUNS, 100, 120)), slowerThan(5)).exitCode, 3);
  assert.match(decideGate(compare(runsAt(1, 100, 120)), slowerThan(5)).message!, /so few calls.*--runs 10/);
  const calls = (name: string, level: number, first: number) =>
    recordFunction(
      name,
      {
        durationNs: Array.from({ length: 200 }, (_, i) => level + (i % 7)),
        startNs: Array.from({ length: 200 }, (_, i) => first + i * 1e6),
      },
      { line: level },
    );
  const turns = compare([recordSimpleRun(calls('a', 100, 0), calls('b', 130, 5e5))]);
  assert.equal(decideGate(turns, slowerThan(5)).exitCode, 3);
  // 30 % slower, of which one process can say that it is more than 15 %, and not that it is more than 20 %
  assert.equal(decideGate(turns, slowerThan(15)).exitCode, 3);
  assert.equal(decideGate(turns, slowerThan(20)).exitCode, 0);
  const ordered = decideGate(
    compare([recordSimpleRun(calls('a', 100, 0), calls('b', 130, 1e12))]),
    slowerThan(5),
  );
  assert.equal(ordered.exitCode, 2);
  assert.match(ordered.message!, /one after the other/);
});

test('a target that matched nothing: 4 with --strict or --fail-if-slower, 0 without', () => {
  const outcomes = [MATCHED, { target: 'src/no.js:f', matched: 0, reason: 'never loaded', suggestions: [] }];
  const missing = report(runsAt(RUNS, 100), runsAt(RUNS, 100), outcomes);
  assert.equal(decideGate(missing, { failIfSlowerPercent: null, strict: true }).exitCode, 4);
  assert.match(decideGate(missing, { failIfSlowerPercent: null, strict: true }).message!, /src\/no\.js:f/);
  assert.equal(decideGate(missing, slowerThan(5)).exitCode, 4);
  assert.equal(decideGate(missing, slowerThan(null)).exitCode, 0);
  const slow = report(runsAt(RUNS, 100), runsAt(RUNS, 200), outcomes);
  assert.equal(decideGate(slow, slowerThan(5)).exitCode, 3);
});

test('a target that was never called: 4 with --strict only; a call that never ended is a call', () => {
  const idle = (unfinished: number) =>
    buildReport([recordSimpleRun(recordFunction('f', { durationNs: [] }, { unfinished }))], {
      ...OPTIONS,
      outcomes: [MATCHED],
    });
  const strict = { failIfSlowerPercent: null, strict: true };
  assert.equal(decideGate(idle(0), strict).exitCode, 4);
  assert.match(decideGate(idle(0), strict).message!, /never called: src\/lib\.js:\*/);
  assert.equal(decideGate(idle(0), slowerThan(null)).exitCode, 0);
  assert.equal(decideGate(idle(1), strict).exitCode, 0);
});

test('a function that two targets name counts for both', () => {
  const row = recordFunction('f', { durationNs: [1] }, { targets: ['src/lib.js:*', ':f'] });
  const outcomes = [MATCHED, { ...MATCHED, target: ':f' }, { ...MATCHED, target: '!src/x.js:*', matched: 0 }];
  const both = buildReport([recordSimpleRun(row)], { ...OPTIONS, outcomes });
  assert.equal(decideGate(both, { failIfSlowerPercent: null, strict: true }).exitCode, 0);
});
