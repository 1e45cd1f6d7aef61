import { listNames } from './display-name.js';
import { formatCount, formatTime } from './format-time.js';
import type { FunctionStats, Report, RunInfo, TargetOutcome } from './model.js';

/**
 * Every note in one place. A note is one line: what is so, and what to do about it. Those that follow from the
 * report's fields are made here; those that were recorded as text come after them.
 * @returns one line each, without repetitions
 */
export function explainReport(report: Report): string[] {
  return [...new Set([...deriveNotes(report), ...report.notes])];
}

/** The notes that follow from the report's fields, the most important first. */
export function deriveNotes(report: Report): string[] {
  const notes = [
    ...report.targets.flatMap(explainTarget),
    ...explainProcesses(report.run),
    ...explainCalls(report.functions),
    ...explainResolution(report),
    ...explainShape(report.functions),
    ...explainFlags(report),
    ...explainComparison(report),
  ];
  return notes;
}

/** Thresholds, each with its reason. */
export const THRESHOLDS = {
  /** A median below three readings of the clock is mostly the clock. */
  clockReadings: 3,
  /** Tukey's far-out values: a normal distribution has 2 in a million; 5 % pull mean and total noticeably. */
  outlierShare: 0.05,
  /** CPU time that advances in steps is a guess for functions with less than 20 steps in total (5 % each). */
  cpuSteps: 20,
} as const;

function explainTarget({ target, matched, reason, suggestions }: TargetOutcome): string[] {
  if (matched > 0 || reason === null) return [];
  const hint = suggestions.length > 0 ? `; did you mean ${suggestions.join(' or ')}?` : '';
  return [`${target} matched nothing: ${reason}${hint}`];
}

function explainProcesses(run: RunInfo): string[] {
  const notes: string[] = [];
  const lost = run.lostProcesses ?? 0;
  const incomplete = run.incompleteProcesses ?? 0;
  if (lost > 0) {
    notes.push(
      `${count(lost, 'process', 'processes')} ended without leaving a recording (killed?): their calls are missing; ` +
        'end them with a signal that they can handle, such as SIGTERM',
    );
  }
  if (incomplete > 0) {
    notes.push(
      `${count(incomplete, 'process was', 'processes were')} killed: calls after the last periodic flush are missing; ` +
        'end them with a signal that they can handle, such as SIGTERM',
    );
  }
  return notes;
}

function explainCalls(functions: readonly FunctionStats[]): string[] {
  const notes: string[] = [];
  const unfinished = functions.filter((f) => f.unfinished > 0);
  if (unfinished.length > 0) {
    notes.push(
      `${count(
        sum(unfinished, (f) => f.unfinished),
        'call was',
        'calls were',
      )} still running at the end and ` +
        `${sum(unfinished, (f) => f.unfinished) === 1 ? 'is' : 'are'} in no number: ${names(unfinished)}; ` +
        'let the program finish them to have them counted',
    );
  }
  const failed = functions.filter((f) => f.errors > 0);
  if (failed.length > 0) {
    notes.push(
      `${count(
        sum(failed, (f) => f.errors),
        'call',
        'calls',
      )} threw or rejected: ${names(failed)}; ` +
        'their times are included, so check that the errors are meant',
    );
  }
  const waiting = functions.filter((f) => (f.promisesReturned ?? 0) > 0);
  if (waiting.length > 0) {
    notes.push(
      `${names(waiting)} returned promises without being async: the time until these settle is not included; ` +
        'add --settle to include it',
    );
  }
  return notes;
}

function explainResolution({ functions, run }: Report): string[] {
  const notes: string[] = [];
  const limitNs = THRESHOLDS.clockReadings * run.clockNs;
  const short = functions.filter((f) => f.medianNs !== null && f.medianNs < limitNs);
  if (short.length > 0) {
    notes.push(
      `${names(short)}: the median is near the clock's resolution (${formatTime(run.clockNs)}); ` +
        'measure a caller that does this work many times',
    );
  }
  const stepNs = run.cpuStepNs ?? 0;
  const coarse = functions.filter(
    (f) => f.cpuNs !== null && f.calls > 0 && f.cpuNs < THRESHOLDS.cpuSteps * stepNs,
  );
  if (coarse.length > 0) {
    notes.push(
      `${names(coarse)}: CPU time advances in steps of ${formatTime(stepNs)} here and is a rough guess for so little work; ` +
        'run more of it',
    );
  }
  return notes;
}

function explainShape(functions: readonly FunctionStats[]): string[] {
  const notes: string[] = [];
  const warming = functions.filter((f) => f.warmupSamples > 0);
  if (warming.length > 0) {
    const each = warming.map((f) => f.warmupSamples * stride(f));
    const most = Math.max(...each);
    notes.push(
      `${names(warming)}: the first calls were slower (warm-up, about ${formatCount(most)} ${most === 1 ? 'call' : 'calls'}); ` +
        `add --warmup ${most} to leave them out of the statistics`,
    );
  }
  const scattered = functions.filter((f) => {
    const kept = f.series.reduce((total, { durationNs }) => total + durationNs.length, 0);
    return kept > 0 && f.outliers / kept >= THRESHOLDS.outlierShare;
  });
  if (scattered.length > 0) {
    notes.push(
      `${names(scattered)}: at least ${THRESHOLDS.outlierShare * 100}% of the calls are outliers, which pull the mean, ` +
        'σ and total; compare medians, and run on a quieter machine',
    );
  }
  return notes;
}

/** Samples that one kept sample stands for. */
function stride({ series }: FunctionStats): number {
  return Math.max(1, ...series.map((each) => each.stride));
}

function explainFlags({ functions, run }: Report): string[] {
  const notes: string[] = [];
  const sampled = functions.some((f) => f.timedCalls > 0 && f.timedCalls < f.calls);
  if (sampled && run.flags.some((flag) => /sample/.test(flag))) {
    notes.push(
      'under --sample the calls are exact and the totals are estimates; leave it out for exact totals',
    );
  }
  return notes;
}

function explainComparison(report: Report): string[] {
  const notes: string[] = [];
  const { comparison } = report;
  if (comparison) {
    const other = comparison.kind === 'base' ? 'the base' : 'the baseline';
    if (comparison.run) notes.push(...explainDifferences(comparison.run, report.run, other));
    if (comparison.onlyHere.length > 0) {
      notes.push(`${listNames(comparison.onlyHere)}: not in ${other}, so there is nothing to compare with`);
    }
    if (comparison.onlyThere.length > 0) {
      notes.push(
        `${listNames(comparison.onlyThere)}: only in ${other}; add a target for it, or was it renamed?`,
      );
    }
  }
  const reasons = new Map<string, FunctionStats[]>();
  for (const f of report.functions) {
    const reason = f.delta?.reason;
    if (reason) reasons.set(reason, [...(reasons.get(reason) ?? []), f]);
  }
  for (const [reason, functions] of reasons) notes.push(`${names(functions)}: ${reason}`);
  return notes;
}

/** What makes two runs hard to compare: another machine, Node or way of measuring. Unknown values differ from nothing. */
function explainDifferences(there: RunInfo, here: RunInfo, other: string): string[] {
  const differences: string[] = [];
  const compare = (what: string, left: string, right: string) => {
    if (left !== '' && right !== '' && left !== right) differences.push(`${what} (${left}, here ${right})`);
  };
  compare('Node', there.node, here.node);
  compare('the platform', platform(there), platform(here));
  compare('the CPU', there.cpu, here.cpu);
  if (there.cores > 0 && here.cores > 0) compare('cores', String(there.cores), String(here.cores));
  if (there.ttprof !== '') compare('options', flags(there), flags(here));
  if (differences.length === 0) return [];
  return [
    `${other} was measured with another setup: ${differences.join(', ')}; measure both alike before trusting a delta`,
  ];
}

const platform = (run: RunInfo) => (run.platform === '' ? '' : `${run.platform} ${run.arch}`);
const flags = (run: RunInfo) => (run.flags.length === 0 ? 'none' : [...run.flags].sort().join(' '));
const names = (functions: readonly FunctionStats[]) => listNames(functions.map((f) => f.name));
const sum = (functions: readonly FunctionStats[], value: (f: FunctionStats) => number) =>
  functions.reduce((total, f) => total + value(f), 0);
const count = (n: number, one: string, many: string) => `${formatCount(n)} ${n === 1 ? one : many}`;
