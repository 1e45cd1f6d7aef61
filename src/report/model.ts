import type { CpuScope, DrillNode, DrillTree, FunctionKind, Histogram, Series } from '../runtime/contract.js';
import type { TargetOutcome } from '../shared/target-outcome.js';

/**
 * The report as values: what every exporter (table, JSON, Markdown, HTML) is a pure function of, and what
 * `report/formats/json/read-json.ts` reads back. Field names are the camelCase of those in JSON (schema.json).
 */
export interface Report {
  readonly label: string | null;
  readonly functions: readonly FunctionStats[];
  /** One per target text, in the order given. */
  readonly targets: readonly TargetOutcome[];
  readonly run: RunInfo;
  /**
   * What was recorded as text and follows from no other field: the loader's and the runtime's notes, one line each,
   * each once. Exporters show `explainReport(report)` of `report/notes.ts`, which puts before them every note that
   * follows from the fields (unmatched targets, unfinished calls, warm-up, verdicts' reasons, …).
   */
  readonly notes: readonly string[];
  /** What counted as the same when the verdicts were made; left out in files of older or other tools. */
  readonly marginPercent?: number;
  /** Garbage collections of the threads that told of them, for the timeline; left out where none did. */
  readonly collections?: readonly ThreadCollections[];
  /** Which threads {@link ThreadSeries} are of; left out in files of older or other tools. */
  readonly threads?: readonly ThreadPlace[];
  /** What deltas are against; null or left out: nothing was compared, the table has no such column. */
  readonly comparison?: Comparison | null;
}

/** The kept samples of one thread; which thread it was is left out where there is only one. */
export interface ThreadSeries extends Series {
  /** Counted from 0, in the order of {@link FunctionStats.runs}. */
  readonly run?: number;
  /** Counted from 0 over all processes of the run. */
  readonly thread?: number;
}

/** A thread of a run, and where it was. */
export interface ThreadPlace {
  readonly run: number;
  readonly thread: number;
  readonly pid: number;
  /** 0: the main thread of its process. */
  readonly threadId: number;
}

/** Garbage collections that one thread saw; starts are on the same zero as those of its {@link ThreadSeries}. */
export interface ThreadCollections {
  readonly run: number;
  readonly thread: number;
  readonly startNs: readonly number[];
  readonly durationNs: readonly number[];
}

/** `first`: -x; `baseline`: a saved run; `base`: the other side of `ttprof ab`. */
export interface Comparison {
  readonly kind: 'first' | 'baseline' | 'base';
  /** The baseline's path or the base's revision; null with -x. */
  readonly source: string | null;
  /** The other side's run, for the notes on what differs; null where unknown (a file of Python's tprof) or with -x. */
  readonly run: RunInfo | null;
  /**
   * Run i of one side took turns with run i of the other (`ttprof ab`). Left out where the runs are independent.
   */
  readonly pairs?: {
    /** Were there as many as it took to decide (see `statistics/group-sequential.ts`), or as many as were asked for? */
    readonly untilDecided: boolean;
    /** How long all of them took. */
    readonly seconds: number;
  };
  /** Canonical names that only the other side has. */
  readonly onlyThere: readonly string[];
  /** Canonical names that the other side does not have. */
  readonly onlyHere: readonly string[];
}

export type Verdict = 'faster' | 'slower' | 'same' | 'unsure';

/** A function against its baseline: `percent` is (ratio of medians - 1) * 100; bounds are those of the 95 % interval. */
export interface Delta {
  /** Canonical name of the function compared with. */
  readonly against: string;
  readonly percent: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Null where nothing can be said at all (one run a side): `reason` says why, and what to do. */
  readonly verdict: Verdict | null;
  /** Why there is no clear verdict and what to do; null where there is one. */
  readonly reason: string | null;
  /** What was repeated: calls within one run, pairs of both functions' medians per run, or runs of either side. */
  readonly method?: 'calls' | 'pairs' | 'runs';
  /** The probability that a call of this function is faster than one of the other (Vargha and Delaney's A). */
  readonly probabilityFaster?: number;
  /** About how many further runs (a side) would decide; left out where there is a verdict or nobody can tell. */
  readonly furtherRuns?: number;
}

export interface RunStats {
  readonly calls: number;
  readonly totalNs: number;
  readonly medianNs: number | null;
  readonly minNs: number | null;
  readonly maxNs: number | null;
  readonly stdevNs: number | null;
}

export interface CallerStats {
  /** Canonical name; null: the program itself. */
  readonly name: string | null;
  readonly calls: number;
  readonly totalNs: number;
}

/** Statistics of one function over all threads, processes and runs. `null` where there is nothing to say. */
export interface FunctionStats {
  /** Canonical name: file from the root's working directory, or `package/sub/path.js`, then `:` and the qualified name. */
  readonly name: string;
  /** Text of the target that named it. */
  readonly target: string;
  /** All targets that name it, in the order given; left out in files of other tools. */
  readonly targets?: readonly string[];
  /** The canonical name's part before the function. */
  readonly file: string;
  /** 1-based, of the original source where a map is known. */
  readonly line: number;
  readonly column: number;
  /** What a call of it is, and when it ends. */
  readonly kind: FunctionKind;
  /** Completed calls, those that threw included. */
  readonly calls: number;
  /** Those that were not inside another call of the same function. */
  readonly outermostCalls: number;
  /** Those with a duration: fewer under `sample`. */
  readonly timedCalls: number;
  /** Calls that threw or rejected. */
  readonly errors: number;
  /** Calls that had begun and not ended. */
  readonly unfinished: number;
  /** Time of outermost calls; an estimate under `sample`. */
  readonly totalNs: number;
  /** `totalNs` less the time in other measured functions. */
  readonly selfNs: number | null;
  /** The part of `totalNs` in which its own code ran, and what it called. */
  readonly activeNs: number | null;
  /** CPU time; null where it was not recorded. */
  readonly cpuNs: number | null;
  /** From how many outermost calls that is estimated; left out where it was read of each, or is not known. */
  readonly cpuCalls?: number;
  /** Time of garbage collections during its calls; null where Node does not tell. */
  readonly gcNs: number | null;
  /** Bytes that a call allocated, with what it called: mean, median, sum over outermost calls; null without `--alloc`. */
  readonly allocBytes: number | null;
  readonly allocMedianBytes: number | null;
  readonly allocTotalBytes: number | null;
  /** Of the timed calls, as are the following; null without any. */
  readonly minNs: number | null;
  readonly maxNs: number | null;
  readonly meanNs: number | null;
  readonly medianNs: number | null;
  /** Sample standard deviation; null with one call. */
  readonly stdevNs: number | null;
  readonly p75Ns: number | null;
  readonly p90Ns: number | null;
  readonly p99Ns: number | null;
  readonly p999Ns: number | null;
  /** One for each run of the program. */
  readonly runs: readonly RunStats[];
  /** Against the baseline or the first function; null where nothing was compared or the clock saw no time. */
  readonly delta: Delta | null;
  /**
   * The same function as a `--baseline` or the base of `ab` measured it, so that pictures can lay both over each
   * other; left out without one, and under `-x`, where `delta.against` names a row of this report.
   */
  readonly baseline?: FunctionStats;
  /** Durations in 256 buckets per power of two. */
  readonly histogram: Histogram;
  /** One per thread that called it; starts are ns since the run's first sample. */
  readonly series: readonly ThreadSeries[];
  /** Who called it: other measured functions, or the program. */
  readonly callers: readonly CallerStats[];
  /** Tukey's far-out values among the kept samples: counted, never removed. */
  readonly outliers: number;
  /** How many kept samples belong to the warm-up, 0 where none was found. */
  readonly warmupSamples: number;
  /** Sync calls that returned a native promise, whose waiting the row does not contain; for the note. */
  readonly promisesReturned?: number;
  /** What ran during its calls, sampled; null or left out where nobody asked. */
  readonly drill?: DrillStats | null;
  /** What `perf` saw during its calls; left out without. */
  readonly perf?: PerfStats;
  /** Its calls by the key of `--by`; left out without. */
  readonly by?: BreakdownStats;
  /** A row of a breakdown: what its key is called, in the place of a name. */
  readonly group?: string;
}

/** The calls of one function by a key. */
export interface BreakdownStats {
  readonly expression: string;
  readonly kind: 'number' | 'text';
  /** Numbers from the smallest, texts by their totals; `(other)` and `(error)` last. */
  readonly groups: readonly GroupStats[];
  /** Calls whose texts were too many to be told apart, and whose key threw. */
  readonly otherCalls: number;
  readonly errorCalls: number;
  /** `time ∝ n^exponent` with its 95 % interval; null where there is no telling. */
  readonly fit: { readonly exponent: number; readonly low: number; readonly high: number } | null;
}

export interface GroupStats {
  readonly label: string;
  /** Of numbers: `low` alone where both are equal, else up to and without `high`. */
  readonly low: number | null;
  readonly high: number | null;
  readonly stats: FunctionStats;
}

/** What `perf` saw during the calls of one function. */
export interface PerfStats {
  /** What was sampled: `cycles` or `cpu-clock`. */
  readonly event: string;
  /** How many samples were JavaScript, native code (V8's and Node's) and the kernel. */
  readonly js: number;
  readonly native: number;
  readonly kernel: number;
  /** Events by their names, estimated from samples. */
  readonly counters: Readonly<Record<string, number>>;
  readonly tree: DrillStats;
}

/** What the sampler saw during the calls of one function; files are as in canonical names. */
export interface DrillStats extends DrillTree {
  readonly nodes: readonly DrillNodeStats[];
}

export interface DrillNodeStats extends DrillNode {
  /** Does it lie in `node_modules`? */
  readonly dependency?: true;
}

export interface RunInfo {
  readonly ttprof: string;
  readonly node: string;
  readonly v8: string;
  readonly platform: string;
  readonly arch: string;
  readonly cpu: string;
  readonly cores: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationNs: number;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly processes: number;
  readonly threads: number;
  readonly clockNs: number;
  /** The steps in which the clock advances, in ns; left out where it was not measured. */
  readonly clockStepNs?: number;
  readonly callInnerNs: number;
  readonly callOuterNs: number;
  readonly callOverheadNs: number;
  readonly corrected: boolean;
  readonly runs: number;
  /** Processes in which something was measured, that left nothing; for the note. */
  readonly lostProcesses?: number;
  /** Processes that died without a word and left what they had written until then (`complete` false); for the note. */
  readonly incompleteProcesses?: number;
  /** The smallest step of CPU time in ns, largest over processes; null or left out where it was not measured. */
  readonly cpuStepNs?: number | null;
  /** `process` where it was that of any process; null or left out where CPU time was not measured. */
  readonly cpuScope?: CpuScope | null;
  /** Of the root: tells roots of one parent, which write one file together, from runs that follow each other. */
  readonly pid?: number;
  readonly parentPid?: number;
  /** What must be equal for two runs to be comparable, beside machine and Node: sample, cpu, settle, warmup, raw. */
  readonly flags: readonly string[];
}
