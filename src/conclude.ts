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
import { printReport } from './report/print.js';
import type { RunRecording } from './runtime/contract.js';
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

/** The report of runs, not yet printed. */
export function describe({ config, cwd, runs, baseline, lostProcesses, notes }: Conclusion): Report {
  const outcomes = explainTargets(config.targets, mergeFacts(config.targets, runs), cwd);
  const version = readVersion();
  return buildReport(runs, { config, cwd, outcomes, version, baseline, lostProcesses, notes });
}
