import type { Config } from '../config/config.js';
import type { RunRecording } from '../runtime/contract.js';
import type { TargetOutcome } from '../shared/target-outcome.js';
import { describeBreakdown } from './aggregate/describe-breakdown.js';
import { describeFunction } from './aggregate/describe-function.js';
import {
  type FunctionParts,
  groupRecordings,
  listMatched,
  type PlacedThread,
  placeThreads,
} from './aggregate/group-recordings.js';
import { describeRuns } from './aggregate/run-info.js';
import { type ComparisonOptions, compareReport } from './compare/compare.js';
import { describePerf } from './inside/describe-perf.js';
import type { Report, ThreadCollections } from './model.js';

export interface ReportOptions {
  readonly config: Pick<
    Config,
    'targets' | 'compare' | 'label' | 'marginPercent' | 'sample' | 'cpu' | 'settle' | 'warmup' | 'raw'
  > &
    Partial<Pick<Config, 'drill' | 'alloc'>>;
  /** The root process's working directory, absolute: canonical names start there. */
  readonly cwd: string;
  readonly outcomes: readonly TargetOutcome[];
  /** ttprof's. */
  readonly version: string;
  /** A saved run (`--baseline`) or the other side of `ttprof ab`, and where it is from. */
  readonly baseline?: ComparisonOptions['baseline'];
  /** Processes in which something was measured, that left nothing. */
  readonly lostProcesses?: number;
  /** Further notes, of the one who started the runs. */
  readonly notes?: readonly string[];
}

/**
 * What a person wants to know, from what was recorded: threads, processes and runs merged, one row per function, and
 * each compared with its baseline where there is one. Pure.
 */
export function buildReport(runs: readonly RunRecording[], options: ReportOptions): Report {
  const { config, cwd } = options;
  const threads = placeThreads(runs);
  const report: Report = {
    label: config.label,
    functions: groupRecordings(threads, listMatched(runs), cwd, config.targets).map((parts) => {
      const describe = (some: FunctionParts) =>
        describeFunction(some, cwd, config.targets, runs.length, config.sample > 1);
      const by = describeBreakdown(parts, describe);
      const { file, name, line } = parts.parts[0].recording;
      const perf = describePerf({ file, name, line }, runs, cwd);
      return { ...describe(parts), ...(by && { by }), ...(perf && { perf }) };
    }),
    targets: options.outcomes,
    run: describeRuns(runs, config, options.version, options.lostProcesses ?? 0),
    notes: collectNotes(runs, options.notes ?? []),
    marginPercent: config.marginPercent,
    collections: placeCollections(threads),
    threads: threads.map(({ run, thread, pid, recording: { threadId } }) => ({ run, thread, pid, threadId })),
  };
  return compareReport(report, {
    compare: config.compare,
    baseline: options.baseline ?? null,
    marginPercent: config.marginPercent,
  });
}

/** Each note once, in the order in which they came up. */
function collectNotes(runs: readonly RunRecording[], further: readonly string[]): string[] {
  const recorded = runs.flatMap((run) => run.processes.flatMap((process) => process.notes));
  const ofPerf = runs.flatMap(({ perf }) => perf?.notes ?? []);
  return [...new Set([...recorded, ...ofPerf, ...further])];
}

function placeCollections(threads: readonly PlacedThread[]): ThreadCollections[] {
  return threads.flatMap(({ run, thread, shiftNs, recording: { collections } }) =>
    collections === null || collections.startNs.length === 0
      ? []
      : [
          {
            run,
            thread,
            startNs: collections.startNs.map((start) => start + shiftNs),
            durationNs: collections.durationNs,
          },
        ],
  );
}
