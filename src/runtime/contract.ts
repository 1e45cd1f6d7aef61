/**
 * What the three folders agree on: how rewritten code reaches the runtime, and the plain data that the runtime
 * hands to the report. Everything here but {@link ownWork} is a type, a constant or a pure function; nothing imports
 * anything. Times are nanoseconds in float64; positions are 1-based and those of the original source where a map is known.
 */

/** The key of the one property of `globalThis` through which rewritten code finds the runtime. */
export const RUNTIME_KEY = Symbol.for('ttprof.runtime');

/**
 * The word `words[at]` is above 0 while ttprof itself works in this thread (rewrites a module, writes a recording): a
 * stand-in of a built-in function that it calls meanwhile must not count that. Where calls are recorded, the word is
 * one of the arena's: each call reads it, and an object's property would cost half a nanosecond more.
 */
export const ownWork: { words: Int32Array; at: number } = { words: new Int32Array(1), at: 0 };

/**
 * Does something that is ttprof's own work. Where calls are recorded the same is written out: this makes a closure, and
 * where V8's stack is full a function could begin that work and not end it.
 */
export function asOwnWork<T>(work: () => T): T {
  ownWork.words[ownWork.at]!++;
  try {
    return work();
  } finally {
    ownWork.words[ownWork.at]!--;
  }
}

/** What methods that are decorated with `@tprof.timed()` have in the place of a target. */
export const TIMED_TARGET = '@tprof.timed()';

/** What a call of a function is: how it starts, and when it ends. */
export type FunctionKind = 'sync' | 'async' | 'generator' | 'async-generator';

/** One function that is measured. */
export interface SiteDescription {
  /** The qualified name as in JSON: `C.m`, `outer.inner`, `C.a#get`, `f#2`. */
  readonly name: string;
  /** 1-based, of the original source where a map is known. */
  readonly line: number;
  readonly column: number;
  readonly kind: FunctionKind;
  /** Absolute path of the original source; left out where it is the module's own file. */
  readonly file?: string;
  /** The texts of the targets that matched, in the order in which they were given. */
  readonly targets: readonly string[];
}

/** A function that targets name. */
export interface MatchedFunction extends SiteDescription {
  /** The absolute path of its source. */
  readonly file: string;
}

/** What a rewritten module says of itself; rewritten code carries it as a JSON string. */
export interface ModuleDescription {
  /** The absolute path of the module's file (or its URL where it has no file). */
  readonly file: string;
  readonly sites: readonly SiteDescription[];
}

/** The property of `globalThis`: set by the preload in each thread. */
export interface RuntimeHandle {
  /**
   * Called once by each instance of a rewritten module before its first measured call.
   * @param json a {@link ModuleDescription}
   * @returns the module's probe; never throws
   */
  load(json: string): ModuleProbe;
}

/** What rewritten code calls; `site` is the index into {@link ModuleDescription.sites}. */
export interface ModuleProbe {
  /** How deep {@link ownWork} may be for calls to be recorded; 0 where left out. */
  ownDepth?: number;
  /** A call of a sync function begins. @returns a token for `exit` */
  enter(site: number): number;
  /**
   * The call ends. `value` is what it returned, or the probe itself where it threw (nothing else can return that),
   * which spares the rewritten code a second variable.
   */
  exit(site: number, token: number, value: unknown): void;
  /** A call of an async function, generator or async generator begins (its body runs). */
  start(site: number): CallProbe;
  /** A stand-in calls an async function, of whose body it sees nothing. @returns a token for `follow` */
  begin(site: number): number;
  /**
   * The function has returned. The call ends when its promise settles.
   * @param promise what it returned, or the probe itself where it threw
   * @returns what the program shall get: a promise that settles as `promise` does, one turn of the microtask queue later
   */
  follow(site: number, token: number, promise: unknown): unknown;
  /**
   * A stand-in calls an async generator function, of whose body it sees nothing: the first step begins.
   * @param waits whether the body can `await`: a step lasts until its promise settles then, else until it returns that
   */
  beginSteps(site: number, waits: boolean): StepsProbe;
}

/**
 * One call of an async generator, of which only the steps are seen (`next`, `return`, `throw`). The object is used
 * again for another call when all of them have settled; `serial` is another number then.
 */
export interface StepsProbe {
  readonly serial: number;
  /** The generator has come to its end: further steps are none of the call's. */
  readonly isDone: boolean;
  /** 0 where no step is running: what the body itself asks for waits until it has returned. */
  readonly frame: number;
  /** Another step begins. */
  resume(): void;
  /** It has returned a promise, or thrown. */
  leave(): void;
  /**
   * After that, with a native promise, of which the step's end is learnt.
   * @returns what the program shall get: a promise that settles as `promise` does, one turn of the microtask queue later
   */
  follow(promise: Promise<unknown>): Promise<unknown>;
}

/** One call that can pause. Its own code runs from `start` on, not between `pause` and `resume`. */
export interface CallProbe {
  /** Before `await` and `yield`: the call's own code stops. @returns `value` */
  pause<T>(value: T): T;
  /** Before the `yield` of an async generator: what follows until it is resumed is the consumer's time. @returns `value` */
  leave<T>(value: T): T;
  /** After them, and first in every `catch` and `finally` block; harmless where the call is running. @returns `value` */
  resume<T>(value?: T): T;
  /**
   * In place of `end` for an async function, whose call ends when the promise that it returned settles.
   * @returns whether it is to return the call instead, which is then a thenable that follows the promise
   */
  settle(value: unknown): boolean;
  /** The body has ended; `value` as in {@link ModuleProbe.exit}, with the call probe itself where it threw. */
  end(value: unknown): void;
}

/** A log-linear histogram, sparse: `counts[i]` samples in bucket `indices[i]`, indices ascending. */
export interface Histogram {
  readonly indices: readonly number[];
  readonly counts: readonly number[];
}

// Captured: the program may replace them, or have them timed.
const { floor, log2 } = Math;

/** Buckets per power of two: a bucket's midpoint is within 1/512 (0.2 %) of each of its values. */
const BUCKETS_PER_OCTAVE = 256;

/**
 * The bucket of a duration: linear with 1 ns a bucket below 256 ns, then 256 buckets per power of two.
 * @param ns finite, at least 0
 */
export function bucketIndex(ns: number): number {
  if (ns < BUCKETS_PER_OCTAVE) return floor(ns);
  const octave = floor(log2(ns)) - 8;
  const scaled = floor(ns / 2 ** octave);
  // log2 can round up just below a power of two
  return scaled < BUCKETS_PER_OCTAVE
    ? octave * BUCKETS_PER_OCTAVE + floor(ns / 2 ** (octave - 1)) - BUCKETS_PER_OCTAVE
    : (octave + 1) * BUCKETS_PER_OCTAVE + scaled - BUCKETS_PER_OCTAVE;
}

/** The lowest duration in ns that falls into a bucket; the upper bound is that of `index + 1`. */
export function bucketLowerNs(index: number): number {
  if (index < BUCKETS_PER_OCTAVE) return index;
  const octave = floor(index / BUCKETS_PER_OCTAVE) - 1;
  return (BUCKETS_PER_OCTAVE + (index % BUCKETS_PER_OCTAVE)) * 2 ** octave;
}

/**
 * The kept samples of one function in one thread, in order of their ends: every `stride`-th timed call.
 * With `stride` 1 these are all calls and the median is exact.
 */
export interface Series {
  readonly stride: number;
  /** Starts in ns since the Unix epoch's process-independent zero of the run: {@link ProcessRecording.originNs}. */
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
  /** Sync calls that returned a native promise (the row does not contain the waiting). */
  readonly promisesReturned: number;
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
  /** One line each: modules that could not be rewritten, functions left unmeasured, options without effect here. */
  readonly notes: readonly string[];
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
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly startedAtMs: number;
  readonly durationNs: number;
}
