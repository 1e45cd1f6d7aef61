import * as math from '../captured-math.js';
import {
  type CallerRecording,
  type FunctionRecording,
  mergeHistograms,
  type Series,
  type ThreadRecording,
} from '../contract.js';
import { GC_CAPACITY, MAX_SERIES_SAMPLES } from '../memory/layout.js';

/** Can these be merged? What a breakdown, a sampler or `--alloc` saw is of one thread each. */
export function isMergeable({ functions }: ThreadRecording): boolean {
  return functions.every(
    ({ groups, allocation, drill }) =>
      groups === undefined && allocation === undefined && drill === undefined,
  );
}

/**
 * One recording of two threads that have ended: counts and sums are exact, a series longer than one thread's is thinned
 * out. Pure.
 */
export function mergeThreads(merged: ThreadRecording, added: ThreadRecording): ThreadRecording {
  const functions = [...merged.functions];
  const indexOf = new Map(functions.map((each, index) => [keyOf(each), index]));
  const places = added.functions.map((each) => {
    const key = keyOf(each);
    let index = indexOf.get(key);
    if (index === undefined) {
      index = functions.length;
      indexOf.set(key, index);
      functions.push({ ...each, ...NOTHING });
    }
    return index;
  });
  const shiftNs = added.originNs - merged.originNs;
  for (const [at, each] of added.functions.entries()) {
    const callers = each.callers.map((one) => ({
      ...one,
      caller: one.caller === null ? null : places[one.caller]!,
    }));
    const series = moveSeries(each.series, shiftNs);
    functions[places[at]!] = mergeFunctions(functions[places[at]!]!, { ...each, callers, series });
  }
  return {
    ...merged,
    functions,
    collections: mergeCollections(merged.collections, added.collections, shiftNs),
    workers: (merged.workers ?? 1) + (added.workers ?? 1),
  };
}

/** What is recorded of a function before its first call. */
const NOTHING = {
  calls: 0,
  outermostCalls: 0,
  timedCalls: 0,
  errors: 0,
  unfinished: 0,
  totalNs: 0,
  selfNs: 0,
  activeNs: 0,
  minNs: 0,
  maxNs: 0,
  shiftNs: 0,
  shiftedSumNs: 0,
  shiftedSquaresNs2: 0,
  histogram: { indices: [], counts: [] },
  series: { stride: 1, startNs: [], durationNs: [] },
  callers: [],
  promisesReturned: 0,
};

function keyOf({ file, line, column, name }: FunctionRecording): string {
  return `${file}\0${line}\0${column}\0${name}`;
}

function mergeFunctions(a: FunctionRecording, b: FunctionRecording): FunctionRecording {
  if (b.timedCalls === 0 && b.calls === 0 && b.unfinished === 0) return a;
  const isTimed = a.timedCalls > 0;
  const shiftNs = isTimed ? a.shiftNs : b.shiftNs;
  // sums of differences from another number
  const moved = b.shiftNs - shiftNs;
  return {
    ...a,
    calls: a.calls + b.calls,
    outermostCalls: a.outermostCalls + b.outermostCalls,
    timedCalls: a.timedCalls + b.timedCalls,
    errors: a.errors + b.errors,
    unfinished: a.unfinished + b.unfinished,
    totalNs: a.totalNs + b.totalNs,
    selfNs: a.selfNs + b.selfNs,
    activeNs: a.activeNs + b.activeNs,
    cpuNs: addKnown(a.cpuNs, b.cpuNs),
    ...addCpuCalls(a, b),
    gcNs: addKnown(a.gcNs, b.gcNs),
    minNs: !isTimed ? b.minNs : b.timedCalls === 0 ? a.minNs : math.min(a.minNs, b.minNs),
    maxNs: math.max(a.maxNs, b.maxNs),
    shiftNs,
    shiftedSumNs: a.shiftedSumNs + b.shiftedSumNs + b.timedCalls * moved,
    shiftedSquaresNs2:
      a.shiftedSquaresNs2 + b.shiftedSquaresNs2 + 2 * moved * b.shiftedSumNs + b.timedCalls * moved * moved,
    histogram: mergeHistograms([a.histogram, b.histogram]),
    series: mergeSeries(a.series, b.series),
    callers: mergeCallers([...a.callers, ...b.callers]),
    promisesReturned: a.promisesReturned + b.promisesReturned,
  };
}

/** Where a recording has none, the CPU time of each of its calls was read. */
function addCpuCalls(a: FunctionRecording, b: FunctionRecording): { readonly cpuCalls?: number } {
  if (a.cpuCalls === undefined && b.cpuCalls === undefined) return {};
  return { cpuCalls: (a.cpuCalls ?? a.outermostCalls) + (b.cpuCalls ?? b.outermostCalls) };
}

function addKnown(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : a + b;
}

function moveSeries({ stride, startNs, durationNs }: Series, shiftNs: number): Series {
  return { stride, durationNs, startNs: Float64Array.from(startNs, (start) => start + shiftNs) };
}

/** All samples of both in the order of their ends, as long as there are not too many: then every second of them. */
function mergeSeries(a: Series, b: Series): Series {
  let stride = math.max(a.stride, b.stride);
  const samples = [...thin(a, stride), ...thin(b, stride)].sort(
    (one, other) => one.startNs + one.durationNs - other.startNs - other.durationNs,
  );
  let kept = samples;
  for (; kept.length > MAX_SERIES_SAMPLES; stride *= 2) kept = kept.filter((_, index) => index % 2 === 0);
  return {
    stride,
    startNs: Float64Array.from(kept, (sample) => sample.startNs),
    durationNs: Float64Array.from(kept, (sample) => sample.durationNs),
  };
}

function thin({ stride, startNs, durationNs }: Series, wanted: number) {
  const samples: { startNs: number; durationNs: number }[] = [];
  for (let index = 0; index < durationNs.length; index += wanted / stride)
    samples.push({ startNs: startNs[index]!, durationNs: durationNs[index]! });
  return samples;
}

/** One entry for each caller. */
export function mergeCallers(callers: readonly CallerRecording[]): CallerRecording[] {
  const merged = new Map<number | null, CallerRecording>();
  for (const one of callers) {
    const before = merged.get(one.caller);
    merged.set(one.caller, {
      caller: one.caller,
      calls: one.calls + (before?.calls ?? 0),
      totalNs: one.totalNs + (before?.totalNs ?? 0),
    });
  }
  return [...merged.values()];
}

function mergeCollections(
  a: ThreadRecording['collections'],
  b: ThreadRecording['collections'],
  shiftNs: number,
): ThreadRecording['collections'] {
  if (a === null || b === null) return a ?? b;
  const room = math.max(0, GC_CAPACITY - a.startNs.length);
  return {
    startNs: [...a.startNs, ...b.startNs.slice(0, room).map((start) => start + shiftNs)],
    durationNs: [...a.durationNs, ...b.durationNs.slice(0, room)],
  };
}
