import type { DrillTree } from './drill.js';
import type { Histogram } from './histogram.js';
import type { PerfRecording } from './perf.js';
import type { MatchedFunction, SiteDescription } from './probe.js';

/**
 * The kept samples of one function in one thread, in order of their ends: every `stride`-th timed call.
 * With `stride` 1 these are all calls and the median is exact.
 */
export interface Series {
  readonly stride: number;
  /** Starts, in ns since {@link ThreadRecording.originNs}. */
  readonly startNs: readonly number[] | Float64Array;
  readonly durationNs: readonly number[] | Float64Array;
}

/** Who called: another measured function of the same thread, or none (`null`: the program itself). */
export interface CallerRecording {
  /** Index into {@link ThreadRecording.functions}. */
  readonly caller: number | null;
  readonly calls: number;
  readonly totalNs: number;
}

/** Calls of one function whose key of `--by` was the same, or near. */
export interface GroupRecording {
  /**
   * `value`: the number `low`; `range`: numbers from `low` up to `high`, powers of two; `text`: the key as text; `other`:
   * keys for which there was no room; `error`: the key threw.
   */
  readonly kind: 'value' | 'range' | 'text' | 'other' | 'error';
  readonly label: string;
  readonly low: number;
  readonly high: number;
  /** Of the keys, where they are numbers. */
  readonly sum: number;
  readonly recording: FunctionRecording;
}

/** What calls of one function allocated, in bytes; what they called is included. */
export interface AllocationRecording {
  /** Those that were read: fewer under `--sample`. */
  readonly calls: number;
  /** Those of them that were not inside another call of the same function. */
  readonly outermostCalls: number;
  /** Of outermost calls; scaled up to all calls under `--sample`. */
  readonly totalBytes: number;
  /** Of all calls that were read. */
  readonly sumBytes: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  /** In the buckets that durations have, bytes for nanoseconds; without the calls of `--warmup`. */
  readonly histogram: Histogram;
}

/** What one thread recorded of one function. Times are corrected for the cost of measuring unless `raw`. */
export interface FunctionRecording extends SiteDescription {
  readonly file: string;
  /** Completed calls, those that threw included. */
  readonly calls: number;
  /** Those of them that were not inside another call of the same function on the stack. */
  readonly outermostCalls: number;
  /** Those of them with a duration: fewer under `--sample` and `--warmup`. */
  readonly timedCalls: number;
  readonly errors: number;
  /** Calls that had begun and not ended. */
  readonly unfinished: number;
  /** Of outermost calls; scaled up to all calls under `--sample`. */
  readonly totalNs: number;
  /** `totalNs` less the time in other measured functions called from here. */
  readonly selfNs: number;
  /** Time in which its own code (and what it called synchronously) ran; equals `totalNs` for sync functions. */
  readonly activeNs: number;
  readonly cpuNs: number | null;
  /** From how many outermost calls that is estimated; left out where it was read of each, or `--sample` drew them. */
  readonly cpuCalls?: number;
  readonly gcNs: number | null;
  /** Over timed calls; 0 where there are none. */
  readonly minNs: number;
  readonly maxNs: number;
  /** Sums over timed calls of `d - shiftNs` and its square, for a mean and σ that do not cancel. */
  readonly shiftNs: number;
  readonly shiftedSumNs: number;
  readonly shiftedSquaresNs2: number;
  readonly histogram: Histogram;
  readonly series: Series;
  readonly callers: readonly CallerRecording[];
  /** Left out without `--by`. */
  readonly groups?: readonly GroupRecording[];
  /** Sync calls that returned a native promise (the row does not contain the waiting). */
  readonly promisesReturned: number;
  /** Under `--alloc`, where calls were read. */
  readonly allocation?: AllocationRecording;
  /** What the sampler saw during its calls, under `--drill`; left out without. */
  readonly drill?: DrillTree;
}

export interface ThreadRecording {
  /** 0 is the main thread. */
  readonly threadId: number;
  /** The thread's `performance.timeOrigin` in ns since the Unix epoch: adds to series' starts. */
  readonly originNs: number;
  readonly functions: readonly FunctionRecording[];
  /** Garbage collections seen: start (as in series) and duration; null where Node does not tell. */
  readonly collections: {
    readonly startNs: readonly number[];
    readonly durationNs: readonly number[];
  } | null;
  /** How many workers that have ended it stands for, where not for one thread. */
  readonly workers?: number;
}

/** Of the thread that called, or of the whole process: other threads and V8's helpers included. */
export type CpuScope = 'thread' | 'process';

/** What one process recorded. Structured-clonable: `v8.serialize` writes it into the session's folder. */
export interface ProcessRecording {
  readonly pid: number;
  readonly parentPid: number;
  /** The script, for notes. */
  readonly entry: string | null;
  readonly startedAtMs: number;
  readonly durationNs: number;
  /** False where only a periodic flush is left of a process that died without a word. */
  readonly complete: boolean;
  readonly environment: {
    readonly node: string;
    readonly v8: string;
    readonly platform: string;
    readonly arch: string;
    readonly cpu: string;
    readonly cores: number;
  };
  /** What a reading of the clock costs in ns, and what a measured call adds to itself and to its caller. */
  readonly clockNs: number;
  readonly callInnerNs: number;
  readonly callOuterNs: number;
  readonly corrected: boolean;
  /** The steps in which the clock advances, in ns; left out where it was not measured. */
  readonly clockStepNs?: number;
  /** The smallest step of CPU time in ns under `--cpu`; null or left out without. */
  readonly cpuStepNs?: number | null;
  /** Whose CPU time it is under `--cpu`; null or left out without. */
  readonly cpuScope?: CpuScope | null;
  readonly threads: readonly ThreadRecording[];
  readonly targets: readonly TargetFacts[];
  /** Left out where there are none. */
  readonly unmeasured?: readonly UnmeasuredProcess[];
  /** One line each: modules that could not be rewritten, functions left unmeasured, options without effect here. */
  readonly notes: readonly string[];
}

/** A Node process below a measured one that did not announce itself. */
export interface UnmeasuredProcess {
  readonly pid: number;
  /** As it was given to Node; a flag such as `-e` in its place. */
  readonly script: string;
  /** Whether it is a single executable application, which loads no preload by `--import`. */
  readonly isSingle?: boolean;
}

/** What the loader saw of one target in one process. */
export interface TargetFacts {
  readonly target: string;
  /** How many functions matched. */
  readonly matched: number;
  /** Files whose module part matched but that held no such function (at most 20). */
  readonly searched: readonly string[];
  /** Loaded files whose paths resemble the module part (at most 20), for suggestions. */
  readonly resembling: readonly string[];
  /**
   * The functions that matched, with the absolute paths of their files. The runtime hears of a module with its first
   * measured call: from here the report knows those that were never called, rows with 0 calls.
   */
  readonly functions?: readonly MatchedFunction[];
  /** Of built-ins and globals, which only the process itself can look at: why nothing matched, and what is near. */
  readonly reason?: string | null;
  readonly suggestions?: readonly string[];
}

/** One run of the program: all its processes. */
export interface RunRecording {
  readonly processes: readonly ProcessRecording[];
  /** Those that the process which started the run has seen; left out where there are none. */
  readonly unmeasured?: readonly UnmeasuredProcess[];
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly startedAtMs: number;
  readonly durationNs: number;
  /** What `perf` saw of it, under `--perf`. */
  readonly perf?: PerfRecording;
}
