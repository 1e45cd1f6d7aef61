/**
 * From what was recorded to what a person reads, and to the exit code: the same for the command and for a program
 * that is its own root. Loaded when a measurement has ended, not before.
 */
import type { Config } from '../config/config.js';
import { wantsReport } from '../config/wants-report.js';
import { explainTargets } from '../loader/targets/explain-targets.js';
import { buildReport, type ReportOptions } from '../report/build-report.js';
import { decideGate, foreseePowerless } from '../report/compare/gate.js';
import { readBaselineFile } from '../report/files.js';
import type { Report } from '../report/model.js';
import { printReport, printTable } from '../report/print.js';
import type { RunRecording } from '../runtime/contract.js';
import { TtprofError } from '../shared/errors.js';
import { EXIT_CODES } from '../shared/exit-codes.js';
import { say } from '../shared/say.js';
import type { TargetOutcome } from '../shared/target-outcome.js';
import { readVersion } from '../shared/version.js';
import { mergeFacts } from './merge-facts.js';
import { listUnmeasured, noteUnmeasured } from './unmeasured.js';

export { readResult } from './session-result.js';

/** What runs are compared with, other than among themselves. */
export type Baseline = NonNullable<ReportOptions['baseline']>;

/**
 * Reads a saved run, before the app starts: it may overwrite the file.
 * @param runs how many runs will be compared with it
 * @throws {TtprofError} where the file cannot be read, or so few runs cannot make the gate fail
 */
export function openBaseline(config: Config, runs: number): Baseline | null {
  const { baseline: source } = config;
  if (source === null) return null;
  const report = readBaselineFile(source);
  checkPower(config, runs, report.run.runs, 'baseline');
  return { kind: 'baseline', source, report };
}

/** @throws {TtprofError} where so few runs cannot make the gate fail */
export function checkPower(
  { failIfSlowerPercent }: Config,
  runs: number,
  baselineRuns: number,
  kind: Baseline['kind'],
): void {
  const powerless = failIfSlowerPercent === null ? null : foreseePowerless(runs, baselineRuns, kind);
  if (powerless !== null) throw new TtprofError(powerless);
}

export interface Conclusion {
  readonly config: Config;
  /** The root process's working directory. */
  readonly cwd: string;
  readonly runs: readonly RunRecording[];
  readonly baseline: Baseline | null;
  /** Processes in which something was measured, that left nothing. */
  readonly lostProcesses: number;
  readonly notes: readonly string[];
}

/** What is known of runs that go on. */
export type SoFar = Omit<Conclusion, 'lostProcesses' | 'notes'>;

/**
 * Reports the runs. Never throws for what the runs or the file system hold.
 * @returns ttprof's own exit code: 0, 1 (a file could not be written), 2 (a gate that could not fail), 3 (slower) or 4 (a
 *   target matched nothing, or was never called)
 */
export function conclude(conclusion: Conclusion): number {
  const { config, cwd } = conclusion;
  if (!wantsReport(config)) return 0;
  const report = describe(conclusion);
  const complete = printReport(report, config, process, cwd);
  const { exitCode, message } = decideGate(report, config);
  if (message !== null) say(message);
  return exitCode === EXIT_CODES.ok && !complete ? EXIT_CODES.notWritten : exitCode;
}

/**
 * Prints the table of runs that go on: cumulative, to stderr, files untouched. Targets that matched nothing are not
 * explained: that would load the parser into a program that runs.
 */
export function printSoFar(soFar: SoFar): void {
  const { config, runs } = soFar;
  const outcomes = mergeFacts(config.targets, runs).map(({ target, matched }) => ({
    target,
    matched,
    reason: matched === 0 ? 'no such function was loaded so far' : null,
    suggestions: [],
  }));
  // what is flushed of a process that goes on looks like that of one that was killed
  const going = runs.map((run) => ({
    ...run,
    processes: run.processes.map((process) => ({ ...process, complete: true })),
  }));
  printTable(build({ ...soFar, runs: going, lostProcesses: 0, notes: [] }, outcomes), config);
}

/** The report of runs, not yet printed. */
export function describe(conclusion: Conclusion): Report {
  const { config, cwd, runs } = conclusion;
  const facts = mergeFacts(config.targets, runs);
  const isPartial = listUnmeasured(runs).length > 0 || runs.some(({ processes }) => processes.length === 0);
  const outcomes = explainTargets(config.targets, facts, cwd, isPartial);
  return build({ ...conclusion, notes: [...conclusion.notes, ...noteUnmeasured(runs, cwd)] }, outcomes);
}

function build(conclusion: Conclusion, outcomes: readonly TargetOutcome[]): Report {
  return buildReport(conclusion.runs, { ...conclusion, outcomes, version: readVersion() });
}
