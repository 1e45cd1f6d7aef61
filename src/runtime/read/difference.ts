import * as math from '../captured-math.js';
import {
  type AllocationRecording,
  bucketLowerNs,
  type CallerRecording,
  type FunctionRecording,
  type Histogram,
  type Series,
  type ThreadRecording,
} from '../contract.js';
import { mergeCallers } from './merge-threads.js';

/**
 * What a thread recorded between two readings: calls that ended in between, wherever they began. Counts, sums and the
 * histogram are exact; the smallest and largest duration are too while all samples are kept, and those of their
 * buckets afterwards. Pure.
 * @param sinceNs the thread's clock at the first reading
 * @param isWanted which of the later reading's functions are in the result
 */
export function subtractRecording(
  later: ThreadRecording,
  earlier: ThreadRecording,
  sinceNs: number,
  isWanted: (recording: FunctionRecording) => boolean,
): ThreadRecording {
  return pickFunctions(
    {
      ...later,
      functions: later.functions.map((recording, index) => {
        const before = earlier.functions[index];
        return before === undefined ? recording : subtractFunction(recording, before, sinceNs);
      }),
    },
    isWanted,
  );
}

/** A recording of some of its functions; calls from others show as calls from the program itself. */
export function pickFunctions(
  thread: ThreadRecording,
  isWanted: (recording: FunctionRecording) => boolean,
): ThreadRecording {
  const kept = thread.functions.flatMap((recording, index) => (isWanted(recording) ? [index] : []));
  if (kept.length === thread.functions.length) return thread;
  const newIndex = new Map(kept.map((index, position) => [index, position]));
  return {
    ...thread,
    functions: kept.map((index) => {
      const recording = thread.functions[index]!;
      const callers = recording.callers.map((one) => ({
        ...one,
        caller: one.caller === null ? null : (newIndex.get(one.caller) ?? null),
      }));
      return { ...recording, callers: mergeCallers(callers) };
    }),
  };
}

function subtractFunction(
  later: FunctionRecording,
  earlier: FunctionRecording,
  sinceNs: number,
): FunctionRecording {
  const histogram = subtractHistogram(later.histogram, earlier.histogram);
  const timedCalls = later.timedCalls - earlier.timedCalls;
  const series = tailOf(later.series, earlier.series, sinceNs);
  const isComplete = series.stride === 1 && series.durationNs.length === timedCalls;
  const [minNs, maxNs] = isComplete ? rangeOf(series.durationNs) : boundsOf(histogram, later);
  return {
    ...later,
    calls: later.calls - earlier.calls,
    outermostCalls: later.outermostCalls - earlier.outermostCalls,
    timedCalls,
    errors: later.errors - earlier.errors,
    unfinished: math.max(0, later.unfinished - earlier.unfinished),
    totalNs: math.max(0, later.totalNs - earlier.totalNs),
    selfNs: math.max(0, later.selfNs - earlier.selfNs),
    activeNs: math.max(0, later.activeNs - earlier.activeNs),
    cpuNs: later.cpuNs === null ? null : math.max(0, later.cpuNs - (earlier.cpuNs ?? 0)),
    ...(later.cpuCalls !== undefined && {
      cpuCalls: math.max(0, later.cpuCalls - (earlier.cpuCalls ?? earlier.outermostCalls)),
    }),
    gcNs: later.gcNs === null ? null : math.max(0, later.gcNs - (earlier.gcNs ?? 0)),
    minNs,
    maxNs,
    shiftedSumNs: later.shiftedSumNs - earlier.shiftedSumNs,
    shiftedSquaresNs2: math.max(0, later.shiftedSquaresNs2 - earlier.shiftedSquaresNs2),
    histogram,
    series,
    callers: subtractCallers(later.callers, earlier.callers),
    ...(later.allocation && { allocation: subtractAllocation(later.allocation, earlier.allocation) }),
    promisesReturned: later.promisesReturned - earlier.promisesReturned,
  };
}

function subtractAllocation(
  later: AllocationRecording,
  earlier: AllocationRecording | undefined,
): AllocationRecording {
  if (earlier === undefined) return later;
  const histogram = subtractHistogram(later.histogram, earlier.histogram);
  const [minBytes, maxBytes] = boundsOf(histogram, { minNs: later.minBytes, maxNs: later.maxBytes });
  return {
    calls: later.calls - earlier.calls,
    outermostCalls: later.outermostCalls - earlier.outermostCalls,
    totalBytes: math.max(0, later.totalBytes - earlier.totalBytes),
    sumBytes: math.max(0, later.sumBytes - earlier.sumBytes),
    minBytes,
    maxBytes,
    histogram,
  };
}

function subtractHistogram(later: Histogram, earlier: Histogram): Histogram {
  const before = new Map(earlier.indices.map((bucket, at) => [bucket, earlier.counts[at]!]));
  const indices: number[] = [];
  const counts: number[] = [];
  for (const [at, bucket] of later.indices.entries()) {
    const count = later.counts[at]! - (before.get(bucket) ?? 0);
    if (count <= 0) continue;
    indices.push(bucket);
    counts.push(count);
  }
  return { indices, counts };
}

/** The samples of calls that ended after the first reading: series are in the order of ends. */
function tailOf(later: Series, earlier: Series, sinceNs: number): Series {
  let first = later.stride === earlier.stride ? earlier.durationNs.length : 0;
  if (later.stride !== earlier.stride) {
    while (first < later.startNs.length && later.startNs[first]! + later.durationNs[first]! < sinceNs)
      first++;
  }
  return {
    stride: later.stride,
    startNs: later.startNs.slice(first),
    durationNs: later.durationNs.slice(first),
  };
}

function rangeOf(durationNs: ArrayLike<number>): [minNs: number, maxNs: number] {
  if (durationNs.length === 0) return [0, 0];
  let minNs = Number.POSITIVE_INFINITY;
  let maxNs = 0;
  for (let i = 0; i < durationNs.length; i++) {
    minNs = math.min(minNs, durationNs[i]!);
    maxNs = math.max(maxNs, durationNs[i]!);
  }
  return [minNs, maxNs];
}

/** The bounds of the lowest and the highest bucket, within what the whole recording knows. */
function boundsOf(
  histogram: Histogram,
  whole: Pick<FunctionRecording, 'minNs' | 'maxNs'>,
): [min: number, max: number] {
  const { indices } = histogram;
  if (indices.length === 0) return [0, 0];
  return [
    math.max(whole.minNs, bucketLowerNs(indices[0]!)),
    math.min(whole.maxNs, bucketLowerNs(indices.at(-1)! + 1)),
  ];
}

function subtractCallers(
  later: readonly CallerRecording[],
  earlier: readonly CallerRecording[],
): CallerRecording[] {
  const before = new Map(earlier.map((entry) => [entry.caller, entry]));
  return later
    .map(({ caller, calls, totalNs }) => ({
      caller,
      calls: calls - (before.get(caller)?.calls ?? 0),
      totalNs: math.max(0, totalNs - (before.get(caller)?.totalNs ?? 0)),
    }))
    .filter(({ calls }) => calls > 0);
}
