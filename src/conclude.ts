/**
 * From what was recorded to what a person reads, and to the exit code: the same for the command and for a program
 * that is its own root. Loaded when a measurement has ended, not before.
 */
import type { Config } from './config/config.js';
import { explainTargets } from './loader/explain-targets.js';
import { mergeFacts } from './merge-facts.js';
import { buildReport, type ReportOptions } from './report/build-report.js';
import { decideGate } from './report/gate.js';
import type { Report } from './report/model.js';
import { printReport, printTable } from './report/print.js';
import type { ProcessRecording, RunRecording } from './runtime/contract.js';
import { say } from './say.js';
import { readVersion } from './version.js';

/** What runs are compared with, other than among themselves. */
export type Baseline = NonNullable<ReportOptions['baseline']>;

export interface Conclusion {
  readonly config: Config;
  /** The root process's working directory. */
  readonly cwd: string;
  readonly runs: readonly RunRecording[];
  readonly baseline: Baseline | null;
  /** Processes that announced themselves and left nothing. */
  readonly lostProcesses: number;
  readonly notes: readonly string[];
}

/**
 * Reports the runs. Never throws for what the runs or the file system hold.
 * @returns ttprof's own exit code: 0, 2 (a gate that could not fail), 3 (slower) or 4 (a target matched nothing, or
 *   was never called)
 */
export function conclude(conclusion: Conclusion): number {
  const { config, cwd } = conclusion;
  const report = describe(conclusion);
  printReport(report, config, process, cwd);
  const { exitCode, message } = decideGate(report, config);
  if (message !== null) say(message);
  return exitCode;
}

/** Prints the table of a process that goes on: no files, no verdict about targets that may still be called. */
export function printSoFar(
  recording: ProcessRecording,
  { config, cwd }: { readonly config: Config; readonly cwd: string },
): void {
  const { startedAtMs, durationNs } = recording;
  const run = { processes: [recording], exitCode: null, signal: null, startedAtMs, durationNs };
  const version = readVersion();
  printTable(buildReport([run], { config, cwd, outcomes: [], version, baseline: null }), config);
}

/** The report of runs, not yet printed. */
export function describe({ config, cwd, runs, baseline, lostProcesses, notes }: Conclusion): Report {
  const outcomes = explainTargets(config.targets, mergeFacts(config.targets, runs), cwd);
  const version = readVersion();
  return buildReport(runs, { config, cwd, outcomes, version, baseline, lostProcesses, notes });
}
