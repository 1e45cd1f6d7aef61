import type { Breakdown } from '../loader/targets/breakdown.js';
import type { FormatPaths } from '../report/formats/format-keys.js';
import type { TurnsSetting } from './parse-values.js';

/**
 * The configuration of one measurement, from the command line, the environment or the API. Plain data, because it is
 * written into the session.
 */
export interface Config extends FormatPaths {
  /** Target texts in the order given; see `loader/targets/target.ts`. */
  readonly targets: readonly string[];
  readonly compare: boolean;
  readonly baseline: string | null;
  readonly label: string | null;
  /** What counts as the same, in percent. */
  readonly marginPercent: number;
  readonly failIfSlowerPercent: number | null;
  readonly strict: boolean;
  /** Time one call in `sample`; 1 is every call. */
  readonly sample: number;
  readonly cpu: boolean;
  readonly settle: boolean;
  /** By what the calls of targets are broken down. */
  readonly by: readonly Breakdown[];
  readonly sort: string | null;
  /** 0: all rows. */
  readonly top: number | null;
  /** Of the table, in this order. */
  readonly columns: readonly string[] | null;
  /** How many callers of each function are listed, and how many of those that it called. */
  readonly callers: number | null;
  readonly callees: number | null;
  readonly raw: boolean;
  /** Sample what runs inside of the targets, and how often in µs. */
  readonly drill: boolean;
  readonly drillIntervalUs: number;
  /** Where V8's samples go as they are. */
  readonly cpuprofile: string | null;
  /** Read how many bytes each call allocates. */
  readonly alloc: boolean;
  /** Run the program below Linux's `perf record`. */
  readonly perf: boolean;
  readonly intervalSeconds: number | null;
  readonly quiet: boolean;
  readonly cache: boolean;
  readonly warmup: number;
  readonly debug: boolean;
}

/** Everything that can be set: what belongs to one measurement, and what only the `ttprof` command knows. */
export interface Settings extends Config {
  /** {@link AS_MANY_AS_NEEDED} for `ttprof ab` where nothing else is said. */
  readonly runs: number;
  /** How the two versions of `ttprof ab` share the machine. */
  readonly turns: TurnsSetting;
  readonly budgetSeconds: number;
  readonly verbose: boolean;
  readonly install: boolean;
  /** What `ttprof ab` compares with: a git revision or a folder. */
  readonly base: string | null;
  /** Of `ttprof bisect`: the revisions between which a target became slower, or faster. */
  readonly good: string | null;
  readonly bad: string;
  readonly faster: boolean;
  /** Of `ttprof timeit`: module code that runs once before. */
  readonly setup: readonly string[];
  /** In a round; null: as many as take 20 ms. */
  readonly loops: number | null;
  readonly rounds: number;
  readonly help: boolean;
  readonly version: boolean;
}

/** {@link Settings.runs} of `ttprof ab` that stops when its targets are decided. */
export const AS_MANY_AS_NEEDED = 0;
