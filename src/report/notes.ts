import type { TargetOutcome } from '../shared/target-outcome.js';
import { formatCounted } from '../shared/text/format-count.js';
import { findNestedCosts } from './aggregate/nested-cost.js';
import { isDominatedByOutliers } from './aggregate/spread.js';
import { countKept, sum } from './aggregate/sums.js';
import { explainDrill } from './explain-drill.js';
import { listNames } from './formats/table/display-name.js';
import { formatTime } from './formats/table/format-time.js';
import { describeDifferences } from './merge/describe-differences.js';
import type { FunctionStats, Report, RunInfo } from './model.js';

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
  const names = makeNamer(report.functions);
  return [
    ...report.targets.flatMap(explainTarget),
    ...explainProcesses(report.run),
    ...explainCalls(report, names),
    ...explainResolution(report, names),
    ...explainShape(report, names),
    ...explainBreakdowns(report, names),
    ...explainFlags(report, names),
    ...explainComparison(report, names),
  ];
}

/** How the time grows with the key, and keys that threw. */
function explainBreakdowns({ functions }: Report, names: Namer): string[] {
  const broken = functions.flatMap((f) => (f.by === undefined ? [] : [{ f, by: f.by }]));
  const growths = broken.flatMap(({ f, by: { expression, fit } }) => {
    if (fit === null) return [];
    const interval = `[${fit.low.toFixed(2)}, ${fit.high.toFixed(2)}]`;
    const what = expression === 'n' ? '' : ` where n is ${expression}`;
    return [`${names([f])}: time ∝ n^${fit.exponent.toFixed(2)} ${interval}${what}`];
  });
  const failing = broken.filter(({ by }) => by.errorCalls > 0);
  const failures = [...new Set(failing.map(({ by }) => by.expression))].map((expression) => {
    const those = failing.filter(({ by }) => by.expression === expression);
    const calls = sum(those, ({ by }) => by.errorCalls);
    return `${names(those.map(({ f }) => f))}: ${expression} threw in ${formatCounted(calls, 'call')}, which ${calls === 1 ? 'counts' : 'count'} under (error)`;
  });
  return [...growths, ...failures];
}

/** Names functions in a sentence. */
type Namer = (functions: readonly FunctionStats[]) => string;

/** Functions of one name in different files are told apart by their files; the others need none in a sentence. */
function makeNamer(all: readonly FunctionStats[]): Namer {
  const files = new Map<string, Set<string>>();
  const ownName = ({ name, file }: FunctionStats) =>
    name.startsWith(`${file}:`) ? name.slice(file.length + 1) : name;
  for (const f of all) files.set(ownName(f), (files.get(ownName(f)) ?? new Set()).add(f.file));
  return (functions) =>
    listNames(functions.map((f) => (files.get(ownName(f))?.size === 1 ? ownName(f) : f.name)));
}

/** Thresholds, each with its reason. */
const THRESHOLDS = {
  /** A median below three readings of the clock is mostly the clock. */
  clockReadings: 3,
  /** A warm-up of less than a twentieth of the samples moves the median by less than a fortieth of the distribution. */
  warmupShare: 0.05,
  /** CPU time that advances in steps is a guess for functions with less than 20 steps in total (5 % each). */
  cpuSteps: 20,
  /** Where the estimate that is taken out of a total is more than a tenth of it, the rest may be wrong by as much. */
  nestedShare: 0.1,
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
      `${formatCounted(lost, 'process', 'processes')} ended without leaving a recording (killed, or no room for temporary files?): ` +
        'their calls are missing; end them with a signal that they can handle, such as SIGTERM',
    );
  }
  if (incomplete > 0) {
    notes.push(
      `${formatCounted(incomplete, 'process was', 'processes were')} killed: calls after the last periodic flush are missing; ` +
        'end them with a signal that they can handle, such as SIGTERM',
    );
  }
  return notes;
}

function explainCalls({ functions, run }: Report, names: Namer): string[] {
  const notes: string[] = [];
  const unfinished = functions.filter((f) => f.unfinished > 0);
  if (unfinished.length > 0) {
    const running = sum(unfinished, (f) => f.unfinished);
    const them = running === 1 ? 'it' : 'them';
    notes.push(
      `${formatCounted(running, 'call was', 'calls were')} still running at the end and ` +
        `${running === 1 ? 'is' : 'are'} not included: ${names(unfinished)}; ` +
        `let the program finish ${them} to have ${them} counted`,
    );
  }
  // what a wildcard names may well stay unused
  const idle = functions.filter((f) => f.calls + f.unfinished === 0 && !f.target.includes('*'));
  if (idle.length > 0) {
    notes.push(
      `never called: ${names(idle)}; run a part of the program that calls ${idle.length === 1 ? 'it' : 'them'}`,
    );
  }
  const failed = functions.filter((f) => f.errors > 0);
  if (failed.length > 0) {
    notes.push(
      `${formatCounted(
        sum(failed, (f) => f.errors),
        'call',
        'calls',
      )} threw or rejected: ${names(failed)}; ` +
        'their times are included, so check that the errors are meant',
    );
  }
  const waiting = functions.filter((f) => (f.promisesReturned ?? 0) > 0);
  // under --settle --sample the promises of calls that are only counted are counted, too
  if (waiting.length > 0 && !run.flags.includes('--settle')) {
    notes.push(
      `${names(waiting)} returned promises without being async: the time until these settle is not included; ` +
        'add --settle to include it',
    );
  }
  return notes;
}

function explainResolution({ functions, run }: Report, names: Namer): string[] {
  const notes: string[] = [];
  const short = functions.filter((f) => isShort(f, run));
  if (short.length > 0) {
    notes.push(
      `${names(short)}: the median is near the clock's resolution (${formatTime(run.clockNs)}); ` +
        'measure a caller that does this work many times',
    );
  }
  if (run.cpuScope === 'process' && functions.some((f) => f.cpuNs !== null && f.calls > 0)) {
    notes.push(
      "CPU time is the whole process's here, other threads and V8's helpers included; " +
        "use Node 22.19, 24 or later to have the thread's own",
    );
  }
  const estimated = functions.filter((f) => f.cpuCalls !== undefined);
  if (estimated.length > 0) {
    notes.push(
      `${names(estimated)}: CPU time is an estimate from some of the calls, because reading it takes longer than they do; ` +
        'measure a caller to have it read of each',
    );
  }
  // under --sample it may be that no outermost call was timed
  const isRead = run.flags.includes('--cpu') && !run.flags.some((flag) => flag.startsWith('--sample'));
  const lost = isRead ? functions.filter((f) => f.cpuNs === null && f.outermostCalls > 0) : [];
  if (lost.length > 0) {
    notes.push(
      `${names(lost)}: no CPU time, because measuring the calls inside took as much as they did${run.flags.includes('--alloc') ? '; leave out --alloc' : '; measure it without them'}`,
    );
  }
  const stepNs = run.cpuStepNs ?? 0;
  const coarse = functions.filter(
    (f) => f.cpuNs !== null && f.calls > 0 && f.cpuNs < THRESHOLDS.cpuSteps * stepNs,
  );
  if (coarse.length > 0) {
    notes.push(
      `${names(coarse)}: ${run.cpuScope ? `the ${run.cpuScope}'s ` : ''}CPU time advances in steps of ${formatTime(stepNs)} here and is a rough guess for so little work; ` +
        'run more of it',
    );
  }
  return notes;
}

function isShort({ medianNs }: FunctionStats, run: RunInfo): boolean {
  return medianNs !== null && medianNs < THRESHOLDS.clockReadings * run.clockNs;
}

function explainShape({ functions: all, run }: Report, names: Namer): string[] {
  const notes: string[] = [];
  // in calls as short as a reading of the clock, it is the clock that varies
  const functions = all.filter((f) => !isShort(f, run));
  const warming = functions.filter((f) => f.warmupSamples > THRESHOLDS.warmupShare * countKept(f));
  if (warming.length > 0) {
    const most = Math.max(...warming.map((f) => countWarmupCalls(f, run)));
    // one number holds for all functions: it must leave each of them enough calls
    const fewest = Math.min(...warming.map((f) => f.calls / Math.max(1, f.series.length)));
    const advice =
      most <= fewest / 2
        ? `add --warmup ${most} to leave them out of the statistics`
        : 'let the program run longer, so that they count for less';
    notes.push(`${names(warming)}: the first calls were slower (warm-up); ${advice}`);
  }
  notes.push(...explainNesting(all, run, names));
  const dominated = functions.filter(isDominatedByOutliers);
  if (dominated.length > 0) {
    notes.push(
      `${names(dominated)}: ± is the spread of the middle half of the calls, because a few slow ones make σ and the ` +
        'mean say little of the others; compare medians (σ is in --json and --columns sd)',
    );
  }
  return notes;
}

/**
 * Calls inside of a call are corrected by what a call costs in a loop of its own. What V8 makes of the function around
 * them may be something else: it inlines no call that is measured.
 */
function explainNesting(functions: readonly FunctionStats[], run: RunInfo, names: Namer): string[] {
  const parents = [...findNestedCosts(functions, run.callOuterNs)].filter(
    ([f, { totalNs }]) => totalNs > THRESHOLDS.nestedShare * f.totalNs,
  );
  if (parents.length === 0) return [];
  const affected = new Set(parents.map(([f]) => f));
  const callees = [...new Set(parents.flatMap(([, cost]) => cost.callees))].filter((f) => !affected.has(f));
  const others = callees.length === 0 ? 'each other' : names(callees);
  const done = run.corrected ? 'is taken out by estimate' : 'is included under --raw';
  const them = parents.length === 1 ? 'it' : 'them';
  return [
    `${names([...affected])}: measuring the calls inside cost more than a tenth of the time and ${done}; ` +
      `measure ${them} without ${others} to have exact times`,
  ];
}

/**
 * How many calls a thread's warm-up lasted, with those that are left out already; each thread of each run warms up on
 * its own.
 */
function countWarmupCalls({ series, warmupSamples }: FunctionStats, run: RunInfo): number {
  const stride = Math.max(1, ...series.map((each) => each.stride));
  const callsPerSample = stride * readFlag(run, '--sample', 1);
  return (
    readFlag(run, '--warmup', 0) + Math.ceil(warmupSamples / Math.max(1, series.length)) * callsPerSample
  );
}

/** @param missing its value where the run had no such flag */
function readFlag({ flags }: RunInfo, name: string, missing: number): number {
  const flag = flags.find((each) => each.startsWith(`${name} `));
  return flag === undefined ? missing : Number(flag.slice(name.length + 1));
}

function explainFlags({ functions, run }: Report, names: Namer): string[] {
  const notes: string[] = [];
  const sampled = functions.some((f) => f.timedCalls > 0 && f.timedCalls < f.calls);
  if (sampled && run.flags.some((flag) => /sample/.test(flag))) {
    notes.push(
      'under --sample the calls are exact and the totals are estimates; leave it out for exact totals',
    );
  }
  if (functions.some(({ allocBytes }) => allocBytes !== null)) {
    notes.push(
      'under --alloc V8 tells at both ends of each call how much memory is in use, which is taken out of the times but ' +
        'slows the program down; leave it out where times matter',
    );
  }
  notes.push(...explainDrill(functions, names));
  return notes;
}

function explainComparison(report: Report, names: Namer): string[] {
  const notes: string[] = [];
  const { comparison } = report;
  if (comparison) {
    const other = comparison.kind === 'base' ? 'the base' : 'the baseline';
    if (comparison.run) notes.push(...describeDifferences(comparison.run, report.run, other, 'here'));
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
