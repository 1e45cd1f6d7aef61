/// <reference lib="esnext.disposable" preserve="true" />
import type { FunctionStats as ReportedStats } from '../report/model.js';
import type { AnyFunction } from './stand-ins/gate.js';

/** Functions that you hold, by the names they shall have in the report. */
export type TimedFunctions = Readonly<Record<string, AnyFunction>>;

/** Settings of one measurement. All are optional. */
export interface TprofOptions {
  /**
   * Relative paths in targets start from the folder of this file: `import.meta.url` or a path. Default: the working
   * directory.
   */
  readonly from?: string | { readonly href: string };
  /** Heading of the report. */
  readonly label?: string;
  /** Adds a column that compares each function with the first one. Not together with `baselinePath`. */
  readonly compare?: boolean;
  /** Compares with a saved run, a file written with `jsonPath`, `ttprof --json` or Python's tprof. */
  readonly baselinePath?: string;
  /** Writes the statistics as JSON. */
  readonly jsonPath?: string;
  /** Appends the table as GitHub Markdown. */
  readonly markdownPath?: string;
  /** Writes the report as one self-contained HTML page. */
  readonly htmlPath?: string;
  /** Counts every call, times one in so many. Default 1. */
  readonly sample?: number;
  /** Records CPU time beside wall time. Default false. */
  readonly cpu?: boolean;
  /** Leaves out the correction for the cost of measuring. Default false. */
  readonly raw?: boolean;
  /** What counts as the same, in percent. Default 2. */
  readonly margin?: number;
  /** Prints no table. Default false. */
  readonly quiet?: boolean;
  /** Where the table is printed instead of standard error. */
  readonly out?: TextOutput;
}

/** What the table needs of a writable stream; `process.stdout` is one. */
export interface TextOutput {
  write(text: string): unknown;
  /** Colours are used where this is true. */
  readonly isTTY?: boolean | undefined;
  /** The width of the terminal in characters; without it the table is as wide as it needs to be. */
  readonly columns?: number | undefined;
}

/** The kept samples of one function in one thread, in order of their ends: every `stride`-th timed call. */
export interface SampleSeries {
  readonly stride: number;
  /** Nanoseconds since the first sample of the measurement. */
  readonly startNs: readonly number[];
  readonly durationNs: readonly number[];
}

/** Statistics of one function: the fields of the JSON report, with camelCase names. Frozen. */
export interface FunctionStats extends Omit<ReportedStats, 'series' | 'baseline'> {
  /** One for each thread that called it. */
  readonly series: readonly SampleSeries[];
  /** The same function as the file at `baselinePath` has it; left out without one. */
  readonly baseline?: FunctionStats;
}

/** A measurement that runs until it is disposed: `using run = tprof(…)`, or `run.end()`. */
export interface TprofRun<T extends TimedFunctions = Record<never, never>> {
  /** The timed stand-ins of the functions given; empty where targets are names. */
  readonly fn: T;
  /** One entry for each function in the order of the targets: empty until the measurement ends, frozen from then on. */
  readonly results: readonly FunctionStats[];
  /**
   * Ends the measurement, prints and writes the report.
   * Does nothing the second time. Calls that are still running count as `unfinished`.
   * @returns `results`
   */
  end(): readonly FunctionStats[];
  /** `end()`, for `using`. */
  [Symbol.dispose](): void;
}

/** What a measured body gave, and what was measured. */
export interface TprofOutcome<V> {
  /** What the body returned, or its promise's value. */
  readonly value: V;
  readonly results: readonly FunctionStats[];
}

/** A body that returns a promise gives a promise of its outcome, any other body the outcome itself. */
export type OutcomeOf<R> = R extends PromiseLike<infer V> ? Promise<TprofOutcome<V>> : TprofOutcome<R>;
