import { type FunctionRecording, mergeHistograms } from '../../runtime/contract.js';
import { canonicalFile, canonicalName } from '../../shared/names/canonical-name.js';
import { mergeTrees, nameFiles } from '../inside/merge-trees.js';
import type { CallerStats, FunctionStats, RunStats } from '../model.js';
import { type Moments, mergeMoments, momentsOfShiftedSums, sampleDeviation } from '../statistics/moments.js';
import { countFarOut } from '../statistics/outliers.js';
import { quantile, quantileOfHistogram, type Sorted, sortMerged } from '../statistics/quantiles.js';
import { countWarmupSamples } from '../statistics/warm-up.js';
import { describeAllocation } from './describe-allocation.js';
import type { FunctionParts, Part } from './group-recordings.js';
import { sum, sumCallers, sumCpuCalls, sumKnown } from './sums.js';

/**
 * The statistics of one function over all its threads, processes and runs.
 * @param runCount how many runs there were: one in which the function was not called counts, with 0 calls
 */
export function describeFunction(
  { name, parts }: FunctionParts,
  cwd: string,
  targets: readonly string[],
  runCount: number,
  sampled = false,
): FunctionStats {
  const recordings = parts.map((part) => part.recording);
  const first = recordings[0]!;
  const called = recordings.filter((recording) => recording.calls > 0);
  const kept = parts.filter((part) => part.recording.series.durationNs.length > 0);
  // thousands of functions may share millions of samples: they are sorted once
  const sorted = sortMerged(kept.map((part) => part.recording.series.durationNs));
  const timings = summarise(recordings, sorted);
  const calls = sum(recordings, (recording) => recording.calls);
  const outermostCalls = sum(recordings, (recording) => recording.outermostCalls);
  // a timed call of a recursion contains others of its own calls, only some of them timed: they say nothing of all
  const isUnknown = sampled && outermostCalls < calls;
  return {
    name,
    target: targets.find((target) => first.targets.includes(target)) ?? first.targets[0] ?? name,
    targets: [...new Set(recordings.flatMap((recording) => recording.targets))],
    file: canonicalFile(first.file, cwd),
    line: first.line,
    column: first.column,
    kind: first.kind,
    calls,
    outermostCalls,
    timedCalls: timings.count,
    errors: sum(recordings, (recording) => recording.errors),
    unfinished: sum(recordings, (recording) => recording.unfinished),
    totalNs: sum(recordings, (recording) => recording.totalNs),
    selfNs: calls === 0 || isUnknown ? null : sum(recordings, (recording) => recording.selfNs),
    activeNs: calls > 0 ? sum(recordings, (recording) => recording.activeNs) : null,
    cpuNs: sumKnown(called, (recording) => recording.cpuNs),
    ...sumCpuCalls(called),
    gcNs: sumKnown(called, (recording) => recording.gcNs),
    ...describeAllocation(called),
    minNs: timings.minNs,
    maxNs: timings.maxNs,
    meanNs: timings.count > 0 ? timings.moments.mean : null,
    medianNs: timings.quantileNs(0.5),
    stdevNs: sampleDeviation(timings.moments),
    p75Ns: timings.quantileNs(0.75),
    p90Ns: timings.quantileNs(0.9),
    p99Ns: timings.quantileNs(0.99),
    p999Ns: timings.quantileNs(0.999),
    runs:
      runCount === 1
        ? [describeRun(recordings, timings)]
        : Array.from({ length: runCount }, (_, run) => {
            const ofRun = recordings.filter((_, i) => parts[i]!.run === run);
            return describeRun(ofRun, summarise(ofRun));
          }),
    delta: null,
    histogram: mergeHistograms(recordings.map((recording) => recording.histogram)),
    series: kept.map(({ run, thread, shiftNs, recording: { series } }) => ({
      stride: series.stride,
      startNs: Float64Array.from(series.startNs, (start) => start + shiftNs),
      durationNs: series.durationNs,
      run,
      thread,
    })),
    callers: listCallers(parts, cwd),
    outliers: countFarOut(sorted),
    warmupSamples: sum(kept, (part) => countWarmupSamples(part.recording.series.durationNs)),
    promisesReturned: sum(recordings, (recording) => recording.promisesReturned),
    ...describeInside(recordings, cwd),
  };
}

function describeInside(recordings: readonly FunctionRecording[], cwd: string): Pick<FunctionStats, 'drill'> {
  const trees = recordings.flatMap(({ drill }) => drill ?? []);
  if (trees.length === 0) return {};
  const merged = mergeTrees(trees.map((tree) => nameFiles(tree, cwd)));
  if (merged.nodes.length > 0) return { drill: merged };
  // the first node is the function itself, met or not
  const { name, file, line } = recordings[0]!;
  const root = { name, file: canonicalFile(file, cwd), line, self: 0, total: 0, children: [] };
  return { drill: { ...merged, nodes: [root] } };
}

interface Timings {
  readonly count: number;
  readonly minNs: number | null;
  readonly maxNs: number | null;
  readonly moments: Moments;
  quantileNs(p: number): number | null;
}

/**
 * Durations of several recordings as of one sample.
 * @param kept their kept samples where these are sorted already
 */
function summarise(all: readonly FunctionRecording[], kept?: Sorted): Timings {
  const timed = all.filter((recording) => recording.timedCalls > 0);
  const count = sum(timed, (recording) => recording.timedCalls);
  const moments = timed
    .map((r) => momentsOfShiftedSums(r.timedCalls, r.shiftNs, r.shiftedSumNs, r.shiftedSquaresNs2))
    .reduce(mergeMoments, momentsOfShiftedSums(0, 0, 0, 0));
  if (count === 0) return { count, minNs: null, maxNs: null, moments, quantileNs: () => null };
  const minNs = Math.min(...timed.map((recording) => recording.minNs));
  const maxNs = Math.max(...timed.map((recording) => recording.maxNs));
  const complete = timed.every(
    ({ series, timedCalls }) => series.stride === 1 && series.durationNs.length === timedCalls,
  );
  if (complete) {
    const sorted = kept ?? sortMerged(timed.map((recording) => recording.series.durationNs));
    return { count, minNs, maxNs, moments, quantileNs: (p) => quantile(sorted, p) };
  }
  const histogram = mergeHistograms(timed.map((recording) => recording.histogram));
  return { count, minNs, maxNs, moments, quantileNs: (p) => quantileOfHistogram(histogram, p, minNs, maxNs) };
}

function describeRun(
  recordings: readonly FunctionRecording[],
  { minNs, maxNs, moments, quantileNs }: Timings,
): RunStats {
  return {
    calls: sum(recordings, (recording) => recording.calls),
    totalNs: sum(recordings, (recording) => recording.totalNs),
    medianNs: quantileNs(0.5),
    minNs,
    maxNs,
    stdevNs: sampleDeviation(moments),
  };
}

function listCallers(parts: readonly Part[], cwd: string): CallerStats[] {
  const callers = parts.flatMap(({ recording, functions }) =>
    recording.callers.map(({ caller, calls, totalNs }) => {
      const owner = caller === null ? undefined : functions[caller];
      return { name: owner ? canonicalName(owner.file, owner.name, cwd) : null, calls, totalNs };
    }),
  );
  return sumCallers(callers).filter(({ calls }) => calls > 0);
}
