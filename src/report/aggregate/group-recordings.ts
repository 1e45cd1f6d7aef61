import type {
  FunctionRecording,
  MatchedFunction,
  RunRecording,
  ThreadRecording,
} from '../../runtime/contract.js';
import { canonicalName } from '../../shared/names/canonical-name.js';

/** What one thread of one run recorded of a function. */
export interface Part {
  /** Counted from 0 over the runs. */
  readonly run: number;
  /** Counted from 0 over all threads of the run's processes. */
  readonly thread: number;
  /** What adds to the starts of this thread's samples so that they count from the run's first sample. */
  readonly shiftNs: number;
  readonly recording: FunctionRecording;
  /** The thread it is from: callers are indices into its functions. */
  readonly functions: readonly FunctionRecording[];
}

/** One function with all that was recorded of it. */
export interface FunctionParts {
  /** The canonical name. */
  readonly name: string;
  readonly parts: readonly [Part, ...Part[]];
}

/** One thread of a run, with its place in time. */
export interface PlacedThread {
  readonly run: number;
  readonly thread: number;
  readonly shiftNs: number;
  readonly pid: number;
  readonly recording: ThreadRecording;
}

/** The threads of all runs in order, each run's on a common zero: its first kept sample. */
export function placeThreads(runs: readonly RunRecording[]): PlacedThread[] {
  return runs.flatMap((run, index) => {
    const threads = run.processes.flatMap((process) => process.threads);
    const pids = run.processes.flatMap((process) => process.threads.map(() => process.pid));
    // Origins are about 1.8e18, where float64 has steps of 256 ns: only differences of them are precise.
    const base = threads[0]?.originNs ?? 0;
    let zero = Number.POSITIVE_INFINITY;
    for (const { originNs, functions } of threads) {
      for (const { series } of functions) {
        if (series.startNs.length > 0) zero = Math.min(zero, originNs - base + earliest(series.startNs));
      }
    }
    if (zero === Number.POSITIVE_INFINITY) zero = 0;
    return threads.map((recording, thread) => ({
      run: index,
      thread,
      shiftNs: recording.originNs - base - zero,
      pid: pids[thread]!,
      recording,
    }));
  });
}

/** Samples are in order of their ends: an outer or overlapping call may have started before the first of them. */
function earliest(startNs: ArrayLike<number>): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < startNs.length; i++) smallest = Math.min(smallest, startNs[i]!);
  return smallest;
}

/** The functions that targets matched in any process: those that were never called have no recording. */
export function listMatched(runs: readonly RunRecording[]): MatchedFunction[] {
  return runs.flatMap((run) =>
    run.processes.flatMap((process) => process.targets.flatMap((facts) => facts.functions ?? [])),
  );
}

/**
 * What was recorded, by function. The same function of several threads, processes and runs is one; two files with
 * one canonical name (two copies of a package) stay apart.
 * @param matched functions that get a row even if nothing was recorded of them
 * @param cwd the root process's working directory
 * @param targets the texts of the targets, which give the first order; within a target it is that of the sources
 */
export function groupRecordings(
  threads: readonly PlacedThread[],
  matched: readonly MatchedFunction[],
  cwd: string,
  targets: readonly string[],
): FunctionParts[] {
  const groups = new Map<string, Part[]>();
  for (const { run, thread, shiftNs, recording: owner } of threads) {
    for (const recording of owner.functions) {
      const key = functionKey(recording);
      const parts = groups.get(key) ?? [];
      if (parts.length === 0) groups.set(key, parts);
      parts.push({ run, thread, shiftNs, recording, functions: owner.functions });
    }
  }
  for (const site of matched) {
    const key = functionKey(site);
    if (!groups.has(key)) groups.set(key, [neverCalled(site)]);
  }
  const ranks = new Map(targets.map((target, rank) => [target, rank]));
  return [...groups.values()]
    .map((parts) => parts as [Part, ...Part[]])
    .map((parts) => ({
      name: canonicalName(parts[0].recording.file, parts[0].recording.name, cwd),
      parts,
      rank: firstRank(parts[0].recording, ranks),
    }))
    .sort((a, b) => a.rank - b.rank || compareSources(a.parts[0].recording, b.parts[0].recording))
    .map(({ name, parts }) => ({ name, parts }));
}

function functionKey({ file, name }: MatchedFunction): string {
  return `${fileKey(file)}\0${name}`;
}

/** A path with a drive letter is of Windows, whose file names differ in more than case: `c:\\` and `C:\\` are one. */
const WINDOWS_PATH = /^[A-Za-z]:[\\/]/;

/** Names of files compare as the file system that has them does. */
function fileKey(file: string): string {
  return WINDOWS_PATH.test(file) ? file.replaceAll('/', '\\').toLowerCase() : file;
}

/** The place of the first given target that matched; functions that were given otherwise come last. */
function firstRank({ targets }: FunctionRecording, ranks: ReadonlyMap<string, number>): number {
  return Math.min(...targets.map((target) => ranks.get(target) ?? ranks.size), ranks.size);
}

function compareSources(a: FunctionRecording, b: FunctionRecording): number {
  // by code units, not by locale: the same order on every machine
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}

function neverCalled(site: MatchedFunction): Part {
  const recording: FunctionRecording = {
    ...site,
    calls: 0,
    outermostCalls: 0,
    timedCalls: 0,
    errors: 0,
    unfinished: 0,
    totalNs: 0,
    selfNs: 0,
    activeNs: 0,
    cpuNs: null,
    gcNs: null,
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
  return { run: 0, thread: 0, shiftNs: 0, recording, functions: [] };
}
