import type { Arena } from './arena.js';
import type {
  CallerRecording,
  FunctionRecording,
  Histogram,
  ModuleDescription,
  Series,
  SiteDescription,
  ThreadRecording,
} from './contract.js';
import { estimateGcNs } from './gc-share.js';
import {
  ACTIVE,
  CALLER,
  CALLER_CALLS,
  CALLER_TOTAL,
  CHUNK_DOUBLES,
  CHUNK_HEADER,
  CHUNK_NEXT,
  CHUNK_SAMPLES,
  CHUNKS,
  CPU,
  DEPTH,
  EDGE_CALLER,
  EDGE_CALLS,
  EDGE_DOUBLES,
  EDGE_NEXT,
  EDGE_TOTAL,
  EDGES,
  ERRORS,
  MAX,
  MIN,
  MODULE_DOUBLES,
  MODULE_FIRST_ID,
  MODULE_JSON,
  MODULE_JSON_BYTES,
  MODULE_NEXT,
  MODULE_SITE_COUNT,
  MODULE_SITES,
  NESTED,
  OPEN,
  OUTERMOST,
  PAGE_BUCKETS,
  PAGE_DOUBLES,
  PAGE_HEADER,
  PAGE_NEXT,
  PAGE_NUMBER,
  PAGES,
  PROMISES,
  SAMPLED,
  SAMPLED_OUTERMOST,
  SELF,
  SERIES_LENGTH,
  SERIES_STRIDE,
  SHIFT,
  SHIFTED_SQUARES,
  SHIFTED_SUM,
  SITE_DOUBLES,
  THREAD_DOUBLES,
  THREAD_GC_COUNT,
  THREAD_GC_EVENTS,
  THREAD_ID,
  THREAD_MODULES,
  THREAD_NEXT,
  THREAD_ORIGIN,
  THREAD_TURN,
  TOTAL,
  UNBUCKETED,
} from './layout.js';

export interface CollectOptions {
  /** Calls were counted, and only some of them timed. */
  readonly sampled: boolean;
  readonly cpu: boolean;
}

/**
 * Reads what all threads of the process recorded, those that have ended included. Takes time in proportion to
 * functions and threads, not to calls. Threads that are running go on meanwhile: a call may show in one number
 * and not yet in another.
 */
export function collectThreads(arena: Arena, options: CollectOptions): ThreadRecording[] {
  const threads: ThreadRecording[] = [];
  for (let address = arena.threadsHead; address !== 0; ) {
    const record = arena.view(address, THREAD_DOUBLES);
    threads.push(collectThread(arena, record, options));
    address = record[THREAD_NEXT]!;
  }
  return threads.sort((a, b) => a.threadId - b.threadId);
}

/** One thread's, by its record. */
export function collectThread(arena: Arena, record: Float64Array, options: CollectOptions): ThreadRecording {
  const collections = collectCollections(arena, record);
  const functions: FunctionRecording[] = [];
  for (let address = record[THREAD_MODULES]!; address !== 0; ) {
    const module = arena.view(address, MODULE_DOUBLES);
    const description = readDescription(arena, module);
    const count = module[MODULE_SITE_COUNT]!;
    for (let index = 0; index < count; index++) {
      const site = arena.view(module[MODULE_SITES]! + index * SITE_DOUBLES, SITE_DOUBLES);
      const series = collectSeries(arena, site);
      const gcNs = estimateGcNs(series, collections, record[THREAD_TURN]!);
      // Ids count from 1, so that every caller's index is known whatever the order of modules.
      functions[module[MODULE_FIRST_ID]! - 1 + index] = collectFunction(
        arena,
        site,
        { ...description.sites[index]!, file: description.sites[index]!.file ?? description.file },
        series,
        gcNs,
        options,
      );
    }
    address = module[MODULE_NEXT]!;
  }
  return {
    threadId: record[THREAD_ID]!,
    originNs: record[THREAD_ORIGIN]!,
    functions,
    collections: record[THREAD_TURN] === 0 ? null : collections,
  };
}

function readDescription(arena: Arena, module: Float64Array): ModuleDescription {
  const bytes = new Uint8Array(arena.buffer, module[MODULE_JSON]! * 8, module[MODULE_JSON_BYTES]!);
  return JSON.parse(Buffer.from(bytes).toString()) as ModuleDescription;
}

/** The garbage collections that a thread saw, by its record. */
export function collectCollections(arena: Arena, record: Float64Array) {
  const startNs: number[] = [];
  const durationNs: number[] = [];
  const count = record[THREAD_GC_COUNT]!;
  if (count > 0) {
    const events = arena.view(record[THREAD_GC_EVENTS]!, 2 * count);
    for (let index = 0; index < count; index++) {
      startNs.push(events[2 * index]!);
      durationNs.push(events[2 * index + 1]!);
    }
  }
  return { startNs, durationNs };
}

/** One function's, by its record; callers are ids less 1. */
export function collectFunction(
  arena: Pick<Arena, 'view'>,
  record: Float64Array,
  site: SiteDescription & { readonly file: string },
  series: Series,
  gcNs: number | null,
  { sampled, cpu }: CollectOptions,
): FunctionRecording {
  const outermostCalls = record[OUTERMOST]!;
  const calls = outermostCalls + record[NESTED]!;
  const histogram = collectHistogram(arena, record);
  const timedCalls = histogram.counts.reduce((sum, count) => sum + count, record[UNBUCKETED]!);
  // Of calls that were only counted, the timed ones speak.
  const callsPerTimed = sampled ? ratio(calls, record[SAMPLED]!) : 1;
  const outermostPerTimed = sampled ? ratio(outermostCalls, record[SAMPLED_OUTERMOST]!) : 1;
  const totalNs = record[TOTAL]! * outermostPerTimed;
  const sync = site.kind === 'sync';
  return {
    ...site,
    calls,
    outermostCalls,
    timedCalls,
    errors: record[ERRORS]!,
    unfinished: sync ? record[DEPTH]! + record[OPEN]! : record[OPEN]!,
    totalNs,
    selfNs: Math.max(0, record[SELF]! * callsPerTimed),
    // A sync function's own code ran all the time, unless --settle counts the waiting for its promise.
    activeNs: sync && record[ACTIVE] === 0 ? totalNs : record[ACTIVE]! * outermostPerTimed,
    cpuNs: cpu ? record[CPU]! * outermostPerTimed : null,
    gcNs: gcNs === null ? null : gcNs * (sampled ? callsPerTimed : 1),
    minNs: timedCalls === 0 ? 0 : record[MIN]!,
    maxNs: record[MAX]!,
    shiftNs: timedCalls === 0 ? 0 : record[SHIFT]!,
    shiftedSumNs: record[SHIFTED_SUM]!,
    shiftedSquaresNs2: record[SHIFTED_SQUARES]!,
    histogram,
    series,
    callers: collectCallers(arena, record, outermostPerTimed),
    promisesReturned: record[PROMISES]!,
  };
}

function ratio(all: number, some: number): number {
  return some === 0 ? 0 : all / some;
}

function collectHistogram(arena: Pick<Arena, 'view'>, record: Float64Array): Histogram {
  const pages: Float64Array[] = [];
  for (let address = record[PAGES]!; address !== 0; ) {
    const page = arena.view(address, PAGE_DOUBLES);
    pages.push(page);
    address = page[PAGE_NEXT]!;
  }
  pages.sort((a, b) => a[PAGE_NUMBER]! - b[PAGE_NUMBER]!);
  const indices: number[] = [];
  const counts: number[] = [];
  for (const page of pages) {
    for (let bucket = 0; bucket < PAGE_BUCKETS; bucket++) {
      const count = page[PAGE_HEADER + bucket]!;
      if (count === 0) continue;
      indices.push(page[PAGE_NUMBER]! * PAGE_BUCKETS + bucket);
      counts.push(count);
    }
  }
  return { indices, counts };
}

/** The kept samples of one function, by its record. */
export function collectSeries(arena: Pick<Arena, 'view'>, record: Float64Array): Series {
  const length = record[SERIES_LENGTH]!;
  const startNs = new Float64Array(length);
  const durationNs = new Float64Array(length);
  let filled = 0;
  for (let address = record[CHUNKS]!; address !== 0 && filled < length; ) {
    const chunk = arena.view(address, CHUNK_DOUBLES);
    const samples = Math.min(CHUNK_SAMPLES, length - filled);
    for (let index = 0; index < samples; index++) {
      startNs[filled + index] = chunk[CHUNK_HEADER + 2 * index]!;
      durationNs[filled + index] = chunk[CHUNK_HEADER + 2 * index + 1]!;
    }
    filled += samples;
    address = chunk[CHUNK_NEXT]!;
  }
  return {
    stride: record[SERIES_STRIDE]!,
    startNs: startNs.subarray(0, filled),
    durationNs: durationNs.subarray(0, filled),
  };
}

function collectCallers(arena: Pick<Arena, 'view'>, record: Float64Array, scale: number): CallerRecording[] {
  const byCaller = new Map<number, { calls: number; totalNs: number }>();
  const add = (caller: number, calls: number, totalNs: number): void => {
    const entry = byCaller.get(caller) ?? { calls: 0, totalNs: 0 };
    entry.calls += calls;
    entry.totalNs += totalNs * scale;
    byCaller.set(caller, entry);
  };
  for (let address = record[EDGES]!; address !== 0; ) {
    const edge = arena.view(address, EDGE_DOUBLES);
    add(edge[EDGE_CALLER]!, edge[EDGE_CALLS]!, edge[EDGE_TOTAL]!);
    address = edge[EDGE_NEXT]!;
  }
  const calls = record[OUTERMOST]! + record[NESTED]! - record[CALLER_CALLS]!;
  if (calls > 0) add(record[CALLER]!, calls, record[TOTAL]! - record[CALLER_TOTAL]!);
  return [...byCaller].map(([id, entry]) => ({ caller: id === 0 ? null : id - 1, ...entry }));
}
