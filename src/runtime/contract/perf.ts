import type { DrillNode, SourcePlace } from './drill.js';

/** When calls ran in one thread, for who samples the process from outside. */
export interface WindowsRecording {
  readonly pid: number;
  /** The operating system's number of the thread. */
  readonly tid: number;
  readonly functions: readonly (SourcePlace & {
    /** Starts and ends by turns, in time order, in ns of CLOCK_MONOTONIC. */
    readonly windows: readonly number[];
    /** Whether any of its calls ran within another one. */
    readonly isRecursive: boolean;
  })[];
  /** Whether all calls are in them. */
  readonly isComplete: boolean;
}

/** Where a thread leaves them, in the session's folder. */
export function windowsFileName({ pid, tid }: Pick<WindowsRecording, 'pid' | 'tid'>): string {
  return `windows-${pid}-${tid}.json`;
}

export const WINDOWS_FILE = /^windows-\d+-\d+\.json$/;

/** What `perf` saw while calls of one function ran. */
export interface PerfFunction extends SourcePlace {
  readonly samples: number;
  /** Those of them in which JavaScript, native code (V8's and Node's) and the kernel ran. */
  readonly js: number;
  readonly native: number;
  readonly kernel: number;
  /** Events by their names, scaled up from samples. */
  readonly counters: Readonly<Record<string, number>>;
  /** As those of a drill tree: the first is the function itself. */
  readonly nodes: readonly DrillNode[];
}

/** What `perf record` saw of one run. */
export interface PerfRecording {
  /** What was sampled: `cycles` or `cpu-clock`. */
  readonly event: string;
  readonly intervalUs: number;
  readonly functions: readonly PerfFunction[];
  readonly notes: readonly string[];
}
