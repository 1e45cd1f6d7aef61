/**
 * From what was recorded to what a person reads, and to the exit code: the same for the command and for a program
 * that is its own root. Loaded when a measurement has ended, not before.
 */
import { resolve } from 'node:path';
import type { Config } from './config/config.js';
import { buildReport } from './report/build-report.js';
import { printReport } from './report/print.js';
import type { RunRecording, TargetFacts } from './runtime/contract.js';
import { readVersion } from './version.js';

export interface Conclusion {
  readonly config: Config;
  /** The root process's working directory. */
  readonly cwd: string;
  readonly runs: readonly RunRecording[];
  /** Processes that announced themselves and left nothing. */
  readonly lostProcesses: number;
  readonly notes: readonly string[];
}

/**
 * Reports the runs. Never throws.
 * @returns ttprof's own exit code: 0, 3 (slower) or 4 (a target matched nothing, or was never called)
 */
export function conclude({ config, cwd, runs, lostProcesses, notes }: Conclusion): number {
  const outcomes = mergeFacts(config.targets, runs).map(({ target, matched }) => ({
    target,
    matched,
    reason: matched === 0 ? 'matched no function' : null,
    suggestions: [],
  }));
  const report = buildReport(runs, { config, cwd, outcomes, version: readVersion(), lostProcesses, notes });
  printReport(report, resolvePaths(config, cwd), process);
  return 0;
}

/** The app may have changed the working directory since. */
function resolvePaths(config: Config, cwd: string): Config {
  const toPath = (file: string | null) => (file === null || file === '-' ? file : resolve(cwd, file));
  return {
    ...config,
    json: toPath(config.json),
    markdown: toPath(config.markdown),
    html: toPath(config.html),
  };
}

/** What all threads of all processes of all runs saw of each target. */
function mergeFacts(targets: readonly string[], runs: readonly RunRecording[]): TargetFacts[] {
  const processes = runs.flatMap((run) => run.processes);
  return targets.map((target) => {
    const facts = processes.flatMap((process) => process.targets.filter((each) => each.target === target));
    return {
      target,
      matched: Math.max(0, ...facts.map(({ matched }) => matched), countMeasured(target, runs)),
      searched: [...new Set(facts.flatMap(({ searched }) => searched))],
      resembling: [...new Set(facts.flatMap(({ resembling }) => resembling))],
    };
  });
}

/** Workers that were terminated tell no facts, but their recordings are there. */
function countMeasured(target: string, runs: readonly RunRecording[]): number {
  const functions = new Set<string>();
  for (const { processes } of runs) {
    for (const { threads } of processes) {
      for (const each of threads.flatMap((thread) => thread.functions)) {
        if (each.targets.includes(target)) functions.add(`${each.file}:${each.name}`);
      }
    }
  }
  return functions.size;
}
