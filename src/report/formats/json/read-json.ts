import { bucketIndex, type FunctionKind, type Histogram } from '../../../runtime/contract.js';
import { reasonOf, TtprofError } from '../../../shared/errors.js';
import type { TargetOutcome } from '../../../shared/target-outcome.js';
import type {
  BreakdownStats,
  CallerStats,
  Comparison,
  Delta,
  FunctionStats,
  Report,
  RunInfo,
  RunStats,
  ThreadCollections,
  ThreadPlace,
  ThreadSeries,
} from '../../model.js';
import { deriveNotes } from '../../notes.js';
import { type Fields, JSON_VERSION, present, readFields } from './json-fields.js';
import { readDrill, readPerf } from './read-trees.js';

/** A damaged number of runs must not become a list of that length. */
const MAX_RUNS = 100_000;

const KINDS: readonly FunctionKind[] = ['sync', 'async', 'generator', 'async-generator'];
const VERDICTS = ['faster', 'slower', 'same', 'unsure'] as const;
const CPU_SCOPES = ['thread', 'process'] as const;
const METHODS = ['calls', 'pairs', 'runs'] as const;
const COMPARISONS = ['first', 'baseline', 'base'] as const;

/**
 * Reads what `toJson` or Python's tprof wrote. What Python's files do not say is empty or null, and texts of the
 * run (Node's version and so on) are `''`.
 * @param path names the file in errors
 * @throws {TtprofError} of one line where the text is no such file
 */
export function fromJson(text: string, path: string): Report {
  const clean = text.replace(/^\uFEFF/, '');
  if (clean.trim() === '') throw new TtprofError(`${path}: the file is empty; write it anew with --json`);
  let value: unknown;
  try {
    value = JSON.parse(clean);
  } catch (error) {
    throw new TtprofError(
      `${path}: not a report of ttprof or tprof, because it is not JSON (${reasonOf(error)})`,
    );
  }
  const root = readFields(value, path, '');
  const version = root.number('version');
  if (version !== JSON_VERSION) {
    throw new TtprofError(
      `${path}: version ${version} of the format, and this ttprof reads version ${JSON_VERSION}; update ttprof, or write the file anew`,
    );
  }
  const report: Report = {
    label: root.optional('label', 'string') ?? null,
    functions: root.objects('functions').map(readFunction),
    targets: root.has('targets') ? root.objects('targets').map(readTarget) : [],
    run: readRun(root.has('run') ? root.object('run') : null),
    notes: root.has('notes') ? root.strings('notes') : [],
    comparison: root.has('comparison') ? readComparison(root.object('comparison')) : null,
    ...present('marginPercent', root.optional('margin_percent', 'number')),
    ...(root.has('collections') ? { collections: root.objects('collections').map(readCollections) } : {}),
    ...(root.has('threads') ? { threads: root.objects('threads').map(readThread) } : {}),
  };
  // the file lists all notes for its readers; those that follow from the fields are made anew
  const derived = new Set(deriveNotes(report));
  return { ...report, notes: report.notes.filter((note) => !derived.has(note)) };
}

function readFunction(f: Fields): FunctionStats {
  const name = f.string('name');
  const calls = f.number('calls');
  const time = (field: string) => (calls === 0 ? null : (f.optional(field, 'number') ?? null));
  const totalNs = f.number('total_ns');
  const own: RunStats = {
    calls,
    totalNs,
    medianNs: time('median_ns'),
    minNs: time('min_ns'),
    maxNs: time('max_ns'),
    // Python writes 0 for the σ of a single call
    stdevNs: calls < 2 ? null : time('stdev_ns'),
  };
  return {
    ...own,
    name,
    target: f.optional('target', 'string') ?? name,
    ...(f.has('targets') ? { targets: f.strings('targets') } : {}),
    file: f.optional('file', 'string') ?? name.slice(0, Math.max(0, name.lastIndexOf(':'))),
    line: f.optional('line', 'number') ?? 0,
    column: f.optional('column', 'number') ?? 0,
    kind: f.choice('kind', KINDS) ?? 'sync',
    outermostCalls: f.optional('outermost_calls', 'number') ?? calls,
    timedCalls: f.optional('timed_calls', 'number') ?? calls,
    errors: f.optional('errors', 'number') ?? 0,
    unfinished: f.optional('unfinished', 'number') ?? 0,
    selfNs: time('self_ns'),
    activeNs: time('active_ns'),
    cpuNs: time('cpu_ns'),
    ...present('cpuCalls', f.optional('cpu_calls', 'number')),
    gcNs: time('gc_ns'),
    allocBytes: time('alloc_bytes'),
    allocMedianBytes: time('alloc_median_bytes'),
    allocTotalBytes: time('alloc_total_bytes'),
    // Python's files have no mean; where ours have none, no call was timed
    meanNs: time('mean_ns') ?? (calls > 0 && !f.has('timed_calls') ? totalNs / calls : null),
    p75Ns: time('p75_ns'),
    p90Ns: time('p90_ns'),
    p99Ns: time('p99_ns'),
    p999Ns: time('p999_ns'),
    runs: f.has('runs') ? f.objects('runs').map(readRunStats) : [own],
    delta: f.has('delta') ? readDelta(f.object('delta')) : null,
    ...(f.has('baseline') ? { baseline: readFunction(f.object('baseline')) } : {}),
    histogram: f.has('histogram') ? readHistogram(f.object('histogram')) : { indices: [], counts: [] },
    series: f.has('series') ? f.objects('series').map(readSeries) : [],
    callers: f.has('callers') ? f.objects('callers').map(readCaller) : [],
    outliers: f.optional('outliers', 'number') ?? 0,
    warmupSamples: f.optional('warmup_samples', 'number') ?? 0,
    ...present('promisesReturned', f.optional('promises_returned', 'number')),
    ...(f.has('perf') ? { perf: readPerf(f.object('perf')) } : {}),
    ...(f.has('drill') ? { drill: readDrill(f.object('drill')) } : {}),
    ...(f.has('by') ? { by: readBreakdown(f.object('by')) } : {}),
  };
}

function readBreakdown(by: Fields): BreakdownStats {
  const fit = by.has('fit') ? by.object('fit') : null;
  return {
    expression: by.string('expression'),
    kind: by.choice('kind', ['number', 'text'] as const) ?? 'text',
    groups: by.objects('groups').map((group) => ({
      label: group.string('label'),
      low: group.optional('low', 'number') ?? null,
      high: group.optional('high', 'number') ?? null,
      stats: readFunction(group),
    })),
    otherCalls: by.optional('other_calls', 'number') ?? 0,
    errorCalls: by.optional('error_calls', 'number') ?? 0,
    fit: fit && { exponent: fit.number('exponent'), low: fit.number('low'), high: fit.number('high') },
  };
}

function readRunStats(run: Fields): RunStats {
  return {
    calls: run.number('calls'),
    totalNs: run.optional('total_ns', 'number') ?? 0,
    medianNs: run.optional('median_ns', 'number') ?? null,
    minNs: run.optional('min_ns', 'number') ?? null,
    maxNs: run.optional('max_ns', 'number') ?? null,
    stdevNs: run.optional('stdev_ns', 'number') ?? null,
  };
}

function readDelta(delta: Fields): Delta {
  return {
    against: delta.string('against'),
    percent: delta.number('percent'),
    low: delta.optional('low', 'number') ?? null,
    high: delta.optional('high', 'number') ?? null,
    verdict: delta.choice('verdict', VERDICTS) ?? null,
    reason: delta.optional('reason', 'string') ?? null,
    ...present('method', delta.choice('method', METHODS)),
    ...present('probabilityFaster', delta.optional('probability_faster', 'number')),
    ...present('furtherRuns', delta.optional('further_runs', 'number')),
  };
}

function readHistogram(histogram: Fields): Histogram {
  return {
    indices: histogram.numbers('lower_ns').map(bucketIndex),
    counts: histogram.numbers('counts'),
  };
}

function readSeries(series: Fields): ThreadSeries {
  return {
    stride: series.number('stride'),
    startNs: series.numbers('start_ns'),
    durationNs: series.numbers('duration_ns'),
    ...present('run', series.optional('run', 'number')),
    ...present('thread', series.optional('thread', 'number')),
  };
}

function readThread(thread: Fields): ThreadPlace {
  return {
    run: thread.number('run'),
    thread: thread.number('thread'),
    pid: thread.number('pid'),
    threadId: thread.number('thread_id'),
  };
}

function readCollections(collections: Fields): ThreadCollections {
  return {
    run: collections.number('run'),
    thread: collections.number('thread'),
    startNs: collections.numbers('start_ns'),
    durationNs: collections.numbers('duration_ns'),
  };
}

function readCaller(caller: Fields): CallerStats {
  return {
    name: caller.optional('name', 'string') ?? null,
    calls: caller.number('calls'),
    totalNs: caller.number('total_ns'),
  };
}

function readTarget(target: Fields): TargetOutcome {
  return {
    target: target.string('target'),
    matched: target.number('matched'),
    reason: target.optional('reason', 'string') ?? null,
    suggestions: target.has('suggestions') ? target.strings('suggestions') : [],
  };
}

function readComparison(comparison: Fields): Comparison {
  return {
    kind: comparison.choice('kind', COMPARISONS) ?? 'baseline',
    source: comparison.optional('source', 'string') ?? null,
    run: comparison.has('run') ? readRun(comparison.object('run')) : null,
    ...(comparison.has('pairs') && { pairs: readPairs(comparison.object('pairs')) }),
    onlyThere: comparison.has('only_there') ? comparison.strings('only_there') : [],
    onlyHere: comparison.has('only_here') ? comparison.strings('only_here') : [],
  };
}

function readPairs(pairs: Fields): NonNullable<Comparison['pairs']> {
  return {
    untilDecided: pairs.optional('until_decided', 'boolean') ?? false,
    seconds: pairs.optional('seconds', 'number') ?? 0,
  };
}

function readRun(run: Fields | null): RunInfo {
  const text = (field: string) => run?.optional(field, 'string') ?? '';
  const number = (field: string, missing = 0) => run?.optional(field, 'number') ?? missing;
  return {
    ttprof: text('ttprof'),
    node: text('node'),
    v8: text('v8'),
    platform: text('platform'),
    arch: text('arch'),
    cpu: text('cpu'),
    cores: number('cores'),
    startedAt: text('started_at'),
    durationNs: number('duration_ns'),
    exitCode: run?.optional('exit_code', 'number') ?? null,
    signal: run?.optional('signal', 'string') ?? null,
    processes: number('processes', 1),
    threads: number('threads', 1),
    clockNs: number('clock_ns'),
    callInnerNs: number('call_inner_ns'),
    callOuterNs: number('call_outer_ns'),
    callOverheadNs: number('call_overhead_ns'),
    corrected: run?.optional('corrected', 'boolean') ?? false,
    runs: Math.min(Math.max(1, Math.trunc(number('runs', 1))), MAX_RUNS),
    ...present('lostProcesses', run?.optional('lost_processes', 'number')),
    ...present('incompleteProcesses', run?.optional('incomplete_processes', 'number')),
    ...present('clockStepNs', run?.optional('clock_step_ns', 'number')),
    ...present('cpuStepNs', run?.optional('cpu_step_ns', 'number')),
    ...present('cpuScope', run?.choice('cpu_scope', CPU_SCOPES)),
    ...present('pid', run?.optional('pid', 'number')),
    ...present('parentPid', run?.optional('parent_pid', 'number')),
    flags: run?.has('flags') ? run.strings('flags') : [],
  };
}
