import { mergeHistograms } from '../../runtime/contract.js';
import { sum, sumCallers, sumCpuCalls, sumKnown } from '../aggregate/sums.js';
import { mergeTrees } from '../inside/merge-trees.js';
import type { FunctionStats, RunStats, ThreadSeries } from '../model.js';
import { type Moments, mergeMoments, sampleDeviation } from '../statistics/moments.js';
import { countFarOut } from '../statistics/outliers.js';
import { median, quantile, quantileOfHistogram, sortMerged } from '../statistics/quantiles.js';

/** Where the runs and threads of each part go in the whole. */
export interface Placement {
  readonly firstRuns: readonly number[];
  readonly runCounts: readonly number[];
  readonly firstThreads: readonly number[];
  /** What adds to the starts of each part's samples, in ns. */
  readonly shiftsNs?: readonly number[];
  /** Whether the parts are processes of one run, or runs that follow each other. */
  readonly sameRun: boolean;
}

const NOT_CALLED: RunStats = {
  calls: 0,
  totalNs: 0,
  medianNs: null,
  minNs: null,
  maxNs: null,
  stdevNs: null,
};

/**
 * One function of several reports as one. Its delta is left out: it was of a part.
 * @param parts one per report, at least one of them not null; null: the report does not have the function
 */
export function mergeFunctions(parts: readonly (FunctionStats | null)[], place: Placement): FunctionStats {
  const known = parts.filter((part) => part !== null);
  const first = known[0]!;
  const called = known.filter((part) => part.calls > 0);
  const timed = known.filter((part) => part.timedCalls > 0 && part.minNs !== null && part.maxNs !== null);
  const minNs = timed.length > 0 ? Math.min(...timed.map((part) => part.minNs!)) : null;
  const maxNs = timed.length > 0 ? Math.max(...timed.map((part) => part.maxNs!)) : null;
  const quantileNs = makeQuantile(timed, minNs ?? 0, maxNs ?? 0);
  const moments = mergeAllMoments(timed);
  // groups of several reports cannot be joined where their bounds differ
  const { baseline: _, by: __, drill: ___, perf: ____, ...fields } = first;
  const trees = known.flatMap(({ drill }) => drill ?? []);
  const merged: FunctionStats = {
    ...fields,
    calls: sum(known, (part) => part.calls),
    outermostCalls: sum(known, (part) => part.outermostCalls),
    timedCalls: sum(known, (part) => part.timedCalls),
    errors: sum(known, (part) => part.errors),
    unfinished: sum(known, (part) => part.unfinished),
    totalNs: sum(known, (part) => part.totalNs),
    selfNs: sumKnown(called, (part) => part.selfNs),
    activeNs: sumKnown(called, (part) => part.activeNs),
    cpuNs: sumKnown(called, (part) => part.cpuNs),
    ...sumCpuCalls(called),
    gcNs: sumKnown(called, (part) => part.gcNs),
    ...mergeAllocations(called),
    minNs,
    maxNs,
    meanNs: moments ? moments.mean : null,
    medianNs: quantileNs(0.5) ?? medianOfMedians(timed),
    stdevNs: moments && sampleDeviation(moments),
    p75Ns: quantileNs(0.75),
    p90Ns: quantileNs(0.9),
    p99Ns: quantileNs(0.99),
    p999Ns: quantileNs(0.999),
    delta: null,
    histogram: mergeHistograms(known.map((part) => part.histogram)),
    series: parts.flatMap((part, i) => (part === null ? [] : placeSeries(part, i, place))),
    callers: sumCallers(known.flatMap((part) => part.callers)),
    // what lies far out in one run may not in all together
    outliers: countFarOut(
      sortMerged(known.flatMap((part) => part.series.map(({ durationNs }) => durationNs))),
    ),
    warmupSamples: sum(known, (part) => part.warmupSamples),
    promisesReturned: sum(known, (part) => part.promisesReturned ?? 0),
    ...(trees.length > 0 && { drill: mergeTrees(trees) }),
  };
  return { ...merged, runs: place.sameRun ? [asRun(merged)] : joinRuns(parts, place) };
}

/** The runs of all parts; one in which the function was not called counts, with 0 calls. */
function joinRuns(parts: readonly (FunctionStats | null)[], { runCounts }: Placement): RunStats[] {
  return parts.flatMap((part, i) => part?.runs ?? new Array<RunStats>(runCounts[i]!).fill(NOT_CALLED));
}

function asRun({ calls, totalNs, medianNs, minNs, maxNs, stdevNs }: FunctionStats): RunStats {
  return { calls, totalNs, medianNs, minNs, maxNs, stdevNs };
}

/** Exact where every sample was kept, else from the histograms; null where a part (of Python's tprof) has neither. */
function makeQuantile(
  timed: readonly FunctionStats[],
  minNs: number,
  maxNs: number,
): (p: number) => number | null {
  const isComplete = (part: FunctionStats) =>
    part.series.every(({ stride }) => stride === 1) &&
    sum(part.series, ({ durationNs }) => durationNs.length) === part.timedCalls;
  if (timed.length === 0) return () => null;
  if (timed.every(isComplete)) {
    const sorted = sortMerged(timed.flatMap((part) => part.series.map(({ durationNs }) => durationNs)));
    return (p) => quantile(sorted, p);
  }
  if (timed.some((part) => part.histogram.counts.length === 0)) return () => null;
  const histogram = mergeHistograms(timed.map((part) => part.histogram));
  return (p) => quantileOfHistogram(histogram, p, minNs, maxNs);
}

function medianOfMedians(timed: readonly FunctionStats[]): number | null {
  const medians = timed.flatMap(({ medianNs }) => (medianNs === null ? [] : [medianNs]));
  return medians.length > 0 ? median(medians) : null;
}

/** The median is known only where there is one part: those of several do not give that of all. */
function mergeAllocations(
  called: readonly FunctionStats[],
): Pick<FunctionStats, 'allocBytes' | 'allocMedianBytes' | 'allocTotalBytes'> {
  const calls = sum(called, (part) => part.calls);
  const sumBytes = sumKnown(called, (part) => part.allocBytes && part.allocBytes * part.calls);
  return {
    allocBytes: sumBytes && sumBytes / calls,
    allocMedianBytes: called.length === 1 ? called[0]!.allocMedianBytes : null,
    allocTotalBytes: sumKnown(called, (part) => part.allocTotalBytes),
  };
}

/** Null where a mean is missing. */
function mergeAllMoments(timed: readonly FunctionStats[]): Moments | null {
  if (timed.length === 0 || timed.some(({ meanNs }) => meanNs === null)) return null;
  return timed
    .map(({ timedCalls, meanNs, stdevNs }) => ({
      count: timedCalls,
      mean: meanNs!,
      squaredDeviations: (stdevNs ?? 0) ** 2 * (timedCalls - 1),
    }))
    .reduce(mergeMoments);
}

function placeSeries(part: FunctionStats, i: number, place: Placement): ThreadSeries[] {
  const shiftNs = place.shiftsNs?.[i] ?? 0;
  return part.series.map((series) => ({
    ...series,
    run: (series.run ?? 0) + place.firstRuns[i]!,
    thread: (series.thread ?? 0) + place.firstThreads[i]!,
    startNs: shiftNs === 0 ? series.startNs : Array.from(series.startNs, (start) => start + shiftNs),
  }));
}
