import * as math from '../captured-math.js';
import type {
  CallerRecording,
  FunctionRecording,
  GroupRecording,
  Series,
  SiteAddress,
  ThreadRecording,
} from '../contract.js';
import { heap, heapWords, newestThread, readText } from '../memory/arena.js';
import { GROUP_KINDS } from '../memory/groups.js';
import {
  ACTIVE,
  ALLOCATION,
  CALLER,
  CALLER_CALLS,
  CALLER_TOTAL,
  CHUNK_HEADER,
  CHUNK_NEXT,
  CHUNK_SAMPLES,
  CHUNKS,
  CPU,
  CPU_CALLS,
  CPU_READS,
  DEEP,
  DEPTH,
  EDGE_CALLER,
  EDGE_CALLS,
  EDGE_NEXT,
  EDGE_TOTAL,
  EDGES,
  ERRORS,
  FIRST_ACTIVE_NS,
  FIRST_NS,
  GROUP_HIGH,
  GROUP_KIND,
  GROUP_LABEL,
  GROUP_LABEL_BYTES,
  GROUP_LOW,
  GROUP_NEXT,
  GROUP_SITE,
  GROUPS,
  KEY_SUM,
  MAX,
  MIN,
  NESTED,
  NESTED_TOTAL,
  OPEN,
  OUTERMOST,
  PROMISES,
  SAMPLED,
  SAMPLED_OUTERMOST,
  SELF,
  SERIES_LENGTH,
  SERIES_STRIDE,
  SHIFT,
  SHIFTED_SQUARES,
  SHIFTED_SUM,
  THREAD_GC_COUNT,
  THREAD_GC_EVENTS,
  THREAD_ID,
  THREAD_NEXT,
  THREAD_ORIGIN,
  THREAD_TURN,
  TOTAL,
  UNBUCKETED,
  WARMUP,
} from '../memory/layout.js';
import { collectAllocation } from './allocation.js';
import { estimateGcNs } from './gc-share.js';
import { collectHistogram } from './histogram.js';
import { type LocatedSite, locateSites } from './locate-sites.js';
import { withTrees } from './trees.js';

export interface CollectOptions {
  /** Calls were counted, and only some of them timed. */
  readonly sampled: boolean;
  readonly cpu: boolean;
}

// Captured: the program may replace it.
const Doubles = Float64Array;

type Collections = NonNullable<ThreadRecording['collections']>;

/**
 * Reads what all threads of the process recorded, those that have ended included. Takes time in proportion to
 * functions and threads, not to calls. Threads that are running go on meanwhile: a call may show in one number
 * and not yet in another.
 */
export function collectThreads(options: CollectOptions): ThreadRecording[] {
  const threads: ThreadRecording[] = [];
  for (let thread = newestThread(); thread !== 0; thread = heap[thread + THREAD_NEXT]!)
    threads.push(collectThread(thread, options));
  return threads.sort((a, b) => a.threadId - b.threadId);
}

/** @param thread the address of its record */
export function collectThread(thread: number, options: CollectOptions): ThreadRecording {
  const located = locateSites(thread);
  return withTrees(thread, located, collectSites(thread, located, options));
}

/**
 * The recording of some functions of a thread; callers that are not among them show as the program itself.
 * @param thread the address of its record
 */
export function collectSites(
  thread: number,
  located: readonly LocatedSite[],
  options: CollectOptions,
): ThreadRecording {
  const collections = collectCollections(thread);
  const indexOf = new Map(located.map(({ site }, index) => [site, index]));
  return {
    threadId: heap[thread + THREAD_ID]!,
    originNs: heap[thread + THREAD_ORIGIN]!,
    functions: located.map(({ site, description }) => {
      const series = collectSeries(site);
      const gcNs = estimateGcNs(series, collections, heap[thread + THREAD_TURN]!);
      return collectFunction(site, description, series, gcNs, indexOf, options);
    }),
    collections: heap[thread + THREAD_TURN] === 0 ? null : collections,
  };
}

function collectCollections(thread: number): Collections {
  const startNs: number[] = [];
  const durationNs: number[] = [];
  const events = heap[thread + THREAD_GC_EVENTS]!;
  for (let index = 0; index < heap[thread + THREAD_GC_COUNT]!; index++) {
    startNs.push(heap[events + 2 * index]!);
    durationNs.push(heap[events + 2 * index + 1]!);
  }
  return { startNs, durationNs };
}

function collectFunction(
  site: SiteAddress,
  description: LocatedSite['description'],
  series: Series,
  gcNs: number | null,
  indexOf: ReadonlyMap<number, number>,
  { sampled, cpu }: CollectOptions,
): FunctionRecording {
  const outermostCalls = heap[site + OUTERMOST]!;
  const calls = outermostCalls + heap[site + NESTED]!;
  // Until as many calls were made as are to be left out, the statistics hold nothing else.
  const cold = heap[site + WARMUP] !== 0;
  const histogram = cold ? { indices: [], counts: [] } : collectHistogram(site);
  const timedCalls = cold
    ? 0
    : histogram.counts.reduce((sum, count) => sum + count, heap[site + UNBUCKETED]!);
  // The timed calls stand for those that were only counted.
  const callsPerTimed = sampled ? ratio(calls - heap[site + DEEP]!, heap[site + SAMPLED]!) : 1;
  const outermostPerTimed = sampled ? ratio(outermostCalls, heap[site + SAMPLED_OUTERMOST]!) : 1;
  // what was read of the CPU time stands for the calls between as well: see cpu-mode.ts
  const outermostPerRead = sampled ? outermostPerTimed : ratio(outermostCalls, heap[site + CPU_CALLS]!);
  // an estimate must not exceed what is possible: the time on the clock
  const isEstimate = !sampled && heap[site + CPU_CALLS]! > heap[site + CPU_READS]!;
  const mostCpuNs = isEstimate ? heap[site + ACTIVE]! || heap[site + TOTAL]! : Number.POSITIVE_INFINITY;
  // with too few calls for any draw the first one stands for all: an estimate, but not nothing
  const isUntimed = sampled && heap[site + SAMPLED_OUTERMOST] === 0;
  const totalNs = isUntimed
    ? heap[site + FIRST_NS]! * outermostCalls
    : heap[site + TOTAL]! * outermostPerTimed;
  const activeNs = isUntimed
    ? heap[site + FIRST_ACTIVE_NS]! * outermostCalls
    : heap[site + ACTIVE]! * outermostPerTimed;
  const selfNs = heap[site + TOTAL]! + heap[site + NESTED_TOTAL]! + heap[site + SELF]!;
  const sync = description.kind === 'sync';
  const isRead = cpu && (!isUntimed || calls === 0);
  // what measuring the calls inside took is known by estimate: where nothing is left, nothing can be said
  const isLostCpu = heap[site + CPU]! < 0 && heap[site + SELF]! < 0;
  return {
    ...description,
    calls,
    outermostCalls,
    timedCalls,
    errors: heap[site + ERRORS]!,
    unfinished: sync ? heapWords[2 * (site + DEPTH)]! + heap[site + OPEN]! : heap[site + OPEN]!,
    totalNs,
    selfNs: isUntimed ? totalNs : math.max(0, selfNs * callsPerTimed),
    // A sync function's own code ran all the time, unless --settle counts the waiting for its promise.
    activeNs: sync && heap[site + ACTIVE] === 0 ? totalNs : activeNs,
    cpuNs:
      isRead && !isLostCpu ? math.max(0, math.min(heap[site + CPU]! * outermostPerRead, mostCpuNs)) : null,
    ...(cpu && isEstimate && { cpuCalls: heap[site + CPU_READS]! }),
    gcNs: gcNs === null ? null : gcNs * callsPerTimed,
    minNs: timedCalls === 0 ? 0 : heap[site + MIN]!,
    maxNs: cold ? 0 : heap[site + MAX]!,
    shiftNs: cold ? 0 : heap[site + SHIFT]!,
    shiftedSumNs: cold ? 0 : heap[site + SHIFTED_SUM]!,
    shiftedSquaresNs2: cold ? 0 : heap[site + SHIFTED_SQUARES]!,
    histogram,
    series,
    callers: shareOut(
      // nobody knows which callers made the calls within calls
      isUntimed && calls === outermostCalls ? totalNs : 0,
      collectCallers(site, outermostPerTimed, indexOf),
    ),
    ...(heap[site + GROUPS] !== 0 && { groups: collectGroups(site, description, { sampled, cpu: false }) }),
    ...(heap[site + ALLOCATION] !== 0 && {
      allocation: collectAllocation(heap[site + ALLOCATION]! as SiteAddress, outermostCalls),
    }),
    promisesReturned: heap[site + PROMISES]!,
  };
}

/** CPU time is not taken for each group. */
function collectGroups(
  site: number,
  { by: _, ...description }: LocatedSite['description'],
  options: CollectOptions,
): GroupRecording[] {
  const groups: GroupRecording[] = [];
  for (let group = heap[site + GROUPS]!; group !== 0; group = heap[group + GROUP_NEXT]!) {
    const own = heap[group + GROUP_SITE]! as SiteAddress;
    groups.unshift({
      kind: GROUP_KINDS[heap[group + GROUP_KIND]!]!,
      label: readText(heap[group + GROUP_LABEL]!, heap[group + GROUP_LABEL_BYTES]!),
      low: heap[group + GROUP_LOW]!,
      high: heap[group + GROUP_HIGH]!,
      sum: heap[own + KEY_SUM]!,
      recording: collectFunction(own, description, collectSeries(own), null, new Map(), options),
    });
  }
  return groups;
}

function ratio(all: number, some: number): number {
  return some === 0 ? 0 : all / some;
}

function collectSeries(site: SiteAddress): Series {
  const length = heap[site + WARMUP] === 0 ? heapWords[2 * (site + SERIES_LENGTH)]! : 0;
  const startNs = new Doubles(length);
  const durationNs = new Doubles(length);
  let filled = 0;
  for (let chunk = heap[site + CHUNKS]!; chunk !== 0 && filled < length; chunk = heap[chunk + CHUNK_NEXT]!) {
    const samples = math.min(CHUNK_SAMPLES, length - filled);
    for (let index = 0; index < samples; index++) {
      startNs[filled + index] = heap[chunk + CHUNK_HEADER + 2 * index]!;
      durationNs[filled + index] = heap[chunk + CHUNK_HEADER + 2 * index + 1]!;
    }
    filled += samples;
  }
  return {
    stride: heapWords[2 * (site + SERIES_STRIDE)]!,
    startNs: startNs.slice(0, filled),
    durationNs: durationNs.slice(0, filled),
  };
}

/** Of a total that one call stands for, all calls get as much, whoever made them. */
function shareOut(untimedNs: number, callers: CallerRecording[]): CallerRecording[] {
  if (untimedNs === 0) return callers;
  const calls = callers.reduce((sum, one) => sum + one.calls, 0);
  return callers.map((one) => ({ ...one, totalNs: (untimedNs * one.calls) / calls }));
}

function collectCallers(
  site: SiteAddress,
  scale: number,
  indexOf: ReadonlyMap<number, number>,
): CallerRecording[] {
  const byCaller = new Map<number | null, { calls: number; totalNs: number }>();
  const add = (callerSite: number, calls: number, totalNs: number): void => {
    if (calls === 0) return;
    const caller = indexOf.get(callerSite) ?? null;
    const entry = byCaller.get(caller) ?? { calls: 0, totalNs: 0 };
    entry.calls += calls;
    entry.totalNs += totalNs * scale;
    byCaller.set(caller, entry);
  };
  for (let edge = heap[site + EDGES]!; edge !== 0; edge = heap[edge + EDGE_NEXT]!)
    add(heap[edge + EDGE_CALLER]!, heap[edge + EDGE_CALLS]!, heap[edge + EDGE_TOTAL]!);
  add(
    heap[site + CALLER]!,
    heap[site + OUTERMOST]! + heap[site + NESTED]! - heap[site + CALLER_CALLS]!,
    heap[site + TOTAL]! - heap[site + CALLER_TOTAL]!,
  );
  return [...byCaller].map(([caller, entry]) => ({ caller, ...entry }));
}
