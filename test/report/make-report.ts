import type { FunctionStats, Report, RunInfo } from '../../dist/report/model.js';
import { bucketIndex, type Histogram } from '../../dist/runtime/contract.js';

const MS = 1e6;

/** A histogram of the given durations in ns. */
export function makeHistogram(durationsNs: readonly number[]): Histogram {
  const counts = new Map<number, number>();
  for (const ns of durationsNs) counts.set(bucketIndex(ns), (counts.get(bucketIndex(ns)) ?? 0) + 1);
  const indices = [...counts.keys()].sort((a, b) => a - b);
  return { indices, counts: indices.map((index) => counts.get(index) ?? 0) };
}

/** Statistics of a function with 100 calls of about 2 ms, changed by `fields`. */
export function makeFunction(fields: Partial<FunctionStats> = {}): FunctionStats {
  const name = fields.name ?? 'src/lib.js:maths';
  const own = {
    calls: 100,
    totalNs: 227 * MS,
    minNs: 2.21 * MS,
    maxNs: 2.41 * MS,
    medianNs: 2.27 * MS,
    stdevNs: 34_000,
  };
  return {
    ...own,
    name,
    target: name,
    file: name.slice(0, name.lastIndexOf(':')),
    line: 3,
    column: 8,
    kind: 'sync',
    outermostCalls: fields.calls ?? 100,
    timedCalls: fields.calls ?? 100,
    errors: 0,
    unfinished: 0,
    selfNs: fields.totalNs ?? own.totalNs,
    activeNs: fields.totalNs ?? own.totalNs,
    cpuNs: null,
    gcNs: null,
    allocBytes: null,
    allocMedianBytes: null,
    allocTotalBytes: null,
    meanNs: 2.27 * MS,
    p75Ns: 2.3 * MS,
    p90Ns: 2.35 * MS,
    p99Ns: 2.4 * MS,
    p999Ns: 2.41 * MS,
    runs: [own],
    delta: null,
    histogram: makeHistogram(Array.from({ length: 100 }, (_, i) => (2.21 + (i / 100) ** 3 * 0.2) * MS)),
    series: [],
    callers: [],
    outliers: 0,
    warmupSamples: 0,
    ...fields,
  };
}

export function makeRun(fields: Partial<RunInfo> = {}): RunInfo {
  return {
    ttprof: '1.0.0',
    node: 'v24.21.0',
    v8: '13.6.233.10-node.28',
    platform: 'linux',
    arch: 'x64',
    cpu: 'Imaginary CPU @ 3.00GHz',
    cores: 8,
    startedAt: '2026-01-02T03:04:05.678Z',
    durationNs: 1.5e9,
    exitCode: 0,
    signal: null,
    processes: 1,
    threads: 1,
    clockNs: 40,
    callInnerNs: 35,
    callOuterNs: 60,
    callOverheadNs: 95,
    corrected: true,
    runs: 1,
    flags: [],
    ...fields,
  };
}

export function makeReport(functions: readonly FunctionStats[], fields: Partial<Report> = {}): Report {
  return { label: null, functions, targets: [], run: makeRun(), notes: [], ...fields };
}

/** The before/after example of the README: two rows, the second faster. */
export function makeComparison(): Report {
  const before = makeFunction({ name: 'example.js:before' });
  const after = makeFunction({
    name: 'example.js:after',
    totalNs: 86 * MS,
    medianNs: 856_000,
    stdevNs: 15_000,
    minNs: 835_000,
    maxNs: 910_000,
    histogram: makeHistogram(Array.from({ length: 100 }, (_, i) => 835_000 + (i / 100) ** 2 * 75_000)),
    delta: {
      against: 'example.js:before',
      percent: -62.31,
      low: -62.94,
      high: -61.77,
      verdict: 'faster',
      reason: null,
    },
  });
  const comparison = { kind: 'first', source: null, run: null, onlyThere: [], onlyHere: [] } as const;
  return makeReport([before, after], { comparison });
}
