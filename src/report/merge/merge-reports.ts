import type { TargetOutcome } from '../../shared/target-outcome.js';
import { typicalStep, widestScope } from '../aggregate/run-info.js';
import { sum } from '../aggregate/sums.js';
import type { FunctionStats, Report, RunInfo } from '../model.js';
import { median } from '../statistics/quantiles.js';
import { describeDifferences } from './describe-differences.js';
import { mergeFunctions } from './merge-functions.js';

/** A saved report and what to call it in notes. */
export interface Source {
  readonly name: string;
  readonly report: Report;
}

/**
 * Saved reports as one: each report's runs become runs of the whole. Deltas are left out, because they were of a part.
 * @param sources at least one; one alone stays as it is, with its deltas
 */
export function mergeRuns(sources: readonly [Source, ...Source[]]): Report {
  const [first, ...others] = sources;
  if (others.length === 0) return first.report;
  const reports = sources.map(({ report }) => report);
  const runCounts = reports.map(({ run }) => run.runs);
  const firstRuns = accumulate(runCounts);
  const place = { firstRuns, runCounts, firstThreads: reports.map(() => 0), sameRun: false };
  const differences = others.flatMap(({ name, report }) =>
    describeDifferences(report.run, first.report.run, name, first.name),
  );
  return {
    ...mergeCommon(reports, (parts) => mergeFunctions(parts, place)),
    notes: unique([...reports.flatMap(({ notes }) => notes), ...differences]),
    collections: reports.flatMap(({ collections = [] }, i) =>
      collections.map((each) => ({ ...each, run: each.run + firstRuns[i]! })),
    ),
    threads: reports.flatMap(({ threads = [] }, i) =>
      threads.map((each) => ({ ...each, run: each.run + firstRuns[i]! })),
    ),
    run: mergeRunInfos(
      reports.map(({ run }) => run),
      sum(runCounts, (runs) => runs),
    ),
  };
}

/** Reports of several root processes of one run (children of `node --test`, say) as one report of that run. */
export function mergeRoots(reports: readonly [Report, Report]): Report {
  const startMs = reports.map(({ run }) => Date.parse(run.startedAt));
  const zeroMs = Math.min(...startMs);
  const shiftsNs = startMs.map((ms) => (ms - zeroMs) * 1e6 || 0);
  const firstThreads = accumulate(reports.map(({ run }) => run.threads));
  const none = reports.map(() => 0);
  const place = { firstRuns: none, runCounts: none, firstThreads, shiftsNs, sameRun: true };
  const latestEndMs = Math.max(...reports.map(({ run }, i) => startMs[i]! + run.durationNs / 1e6));
  return {
    ...mergeCommon(reports, (parts) => mergeFunctions(parts, place)),
    notes: unique(reports.flatMap(({ notes }) => notes)),
    collections: reports.flatMap(({ collections = [] }, i) =>
      collections.map((each) => ({
        ...each,
        thread: each.thread + firstThreads[i]!,
        startNs: each.startNs.map((start) => start + shiftsNs[i]!),
      })),
    ),
    threads: reports.flatMap(({ threads = [] }, i) =>
      threads.map((each) => ({ ...each, thread: each.thread + firstThreads[i]! })),
    ),
    run: {
      ...mergeRunInfos(
        reports.map(({ run }) => run),
        1,
      ),
      durationNs: (latestEndMs - zeroMs) * 1e6,
    },
  };
}

/** Each report's part of a function; null where it does not have it. */
type Parts = readonly (FunctionStats | null)[];

function mergeCommon(
  reports: readonly Report[],
  merge: (parts: Parts) => FunctionStats,
): Pick<Report, 'label' | 'functions' | 'targets'> & Partial<Report> {
  const byKey = reports.map(({ functions }) => keyFunctions(functions));
  const keys = unique(byKey.flatMap((functions) => [...functions.keys()]));
  const labels = unique(reports.map(({ label }) => label));
  const margin = reports.find(({ marginPercent }) => marginPercent !== undefined)?.marginPercent;
  return {
    label: labels.length === 1 ? labels[0]! : null,
    functions: keys.map((key) => merge(byKey.map((functions) => functions.get(key) ?? null))),
    targets: mergeTargets(reports.flatMap(({ targets }) => targets)),
    ...(margin !== undefined && { marginPercent: margin }),
  };
}

/** By name; copies of a package share a name, and the first is the first's counterpart, and so on. */
function keyFunctions(functions: readonly FunctionStats[]): Map<string, FunctionStats> {
  const seen = new Map<string, number>();
  return new Map(
    functions.map((f) => {
      const count = (seen.get(f.name) ?? 0) + 1;
      seen.set(f.name, count);
      return [`${f.name}\0${count}`, f];
    }),
  );
}

/** A target that matched anywhere has matched. */
function mergeTargets(outcomes: readonly TargetOutcome[]): TargetOutcome[] {
  return unique(outcomes.map(({ target }) => target)).map((target) => {
    const same = outcomes.filter((outcome) => outcome.target === target);
    return same.reduce((best, each) => (each.matched > best.matched ? each : best));
  });
}

/** The first report stands for the machine; notes say where others differ. */
function mergeRunInfos(infos: readonly RunInfo[], runs: number): RunInfo {
  const first = infos[0]!;
  const failed = infos.find(
    ({ exitCode, signal }) => (exitCode !== null && exitCode !== 0) || signal !== null,
  );
  const started = infos.map(({ startedAt }) => startedAt).filter((text) => text !== '');
  const typical = (value: (info: RunInfo) => number) => median(infos.map(value));
  const steps = infos.flatMap(({ cpuStepNs }) => (cpuStepNs == null ? [] : [cpuStepNs]));
  const cpuScope = widestScope(infos);
  return {
    ...first,
    startedAt: started.sort()[0] ?? '',
    durationNs: sum(infos, ({ durationNs }) => durationNs),
    exitCode: (failed ?? first).exitCode,
    signal: (failed ?? first).signal,
    processes: sum(infos, ({ processes }) => processes),
    threads: sum(infos, ({ threads }) => threads),
    clockNs: typical(({ clockNs }) => clockNs),
    ...typicalStep(infos),
    callInnerNs: typical(({ callInnerNs }) => callInnerNs),
    callOuterNs: typical(({ callOuterNs }) => callOuterNs),
    callOverheadNs: typical(({ callOverheadNs }) => callOverheadNs),
    corrected: infos.every(({ corrected }) => corrected),
    runs,
    lostProcesses: sum(infos, ({ lostProcesses }) => lostProcesses ?? 0),
    incompleteProcesses: sum(infos, ({ incompleteProcesses }) => incompleteProcesses ?? 0),
    ...(steps.length > 0 && { cpuStepNs: Math.max(...steps) }),
    ...(cpuScope !== null && { cpuScope }),
  };
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

/** `[3, 1, 2]` → `[0, 3, 4]`: where each part begins in the whole. */
function accumulate(counts: readonly number[]): number[] {
  let total = 0;
  return counts.map((count) => (total += count) - count);
}
