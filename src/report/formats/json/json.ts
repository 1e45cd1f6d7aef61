import { bucketLowerNs, type Histogram } from '../../../runtime/contract.js';
import type {
  BreakdownStats,
  CallerStats,
  Comparison,
  Delta,
  DrillStats,
  FunctionStats,
  PerfStats,
  Report,
  RunInfo,
  RunStats,
  ThreadSeries,
} from '../../model.js';
import { explainReport } from '../../notes.js';
import { JSON_VERSION } from './json-fields.js';
import { stringify } from './stringify.js';

/** More samples than this in all make a file of more than 30 MB; the histograms still hold every call. */
const MAX_SAMPLES = 1_000_000;

/**
 * The report in the format of `schema.json`: tprof's own seven fields first, so that either tool reads the other's
 * files. Ends with a line feed.
 */
export function toJson(report: Report): string {
  const step = chooseStep(report);
  return `${stringify({
    version: JSON_VERSION,
    label: report.label,
    functions: report.functions.map((f) => functionToJson(f, step)),
    targets: report.targets.map(({ target, matched, reason, suggestions }) => ({
      target,
      matched,
      reason,
      suggestions,
    })),
    run: runToJson(report.run),
    comparison: report.comparison ? comparisonToJson(report.comparison) : null,
    margin_percent: report.marginPercent,
    notes: explainReport(report),
    collections: report.collections?.map(({ run, thread, startNs, durationNs }) => ({
      run,
      thread,
      start_ns: roundAll(startNs),
      duration_ns: roundAll(durationNs),
    })),
    threads: report.threads?.map(({ run, thread, pid, threadId }) => ({
      run,
      thread,
      pid,
      thread_id: threadId,
    })),
  })}\n`;
}

function functionToJson(f: FunctionStats, step: number): object {
  return {
    name: f.name,
    calls: f.calls,
    total_ns: round(f.totalNs),
    min_ns: round(f.minNs),
    max_ns: round(f.maxNs),
    median_ns: round(f.medianNs),
    stdev_ns: round(f.stdevNs),
    target: f.target,
    targets: f.targets,
    file: f.file,
    line: f.line,
    column: f.column,
    kind: f.kind,
    mean_ns: round(f.meanNs),
    p75_ns: round(f.p75Ns),
    p90_ns: round(f.p90Ns),
    p99_ns: round(f.p99Ns),
    p999_ns: round(f.p999Ns),
    self_ns: round(f.selfNs),
    active_ns: round(f.activeNs),
    cpu_ns: round(f.cpuNs),
    cpu_calls: f.cpuCalls,
    gc_ns: round(f.gcNs),
    alloc_bytes: round(f.allocBytes),
    alloc_median_bytes: round(f.allocMedianBytes),
    alloc_total_bytes: round(f.allocTotalBytes),
    outermost_calls: f.outermostCalls,
    timed_calls: f.timedCalls,
    errors: f.errors,
    unfinished: f.unfinished,
    outliers: f.outliers,
    warmup_samples: f.warmupSamples,
    promises_returned: f.promisesReturned,
    drill: f.drill ? drillToJson(f.drill) : null,
    perf: f.perf && perfToJson(f.perf),
    runs: f.runs.map(runStatsToJson),
    delta: f.delta && deltaToJson(f.delta),
    callers: f.callers.map(callerToJson),
    histogram: histogramToJson(f.histogram),
    series: f.series.map((series) => seriesToJson(series, step)),
    by: f.by && breakdownToJson(f.by, step),
    baseline: f.baseline && functionToJson(f.baseline, step),
  };
}

const breakdownToJson = (
  { expression, kind, groups, otherCalls, errorCalls, fit }: BreakdownStats,
  step: number,
) => ({
  expression,
  kind,
  groups: groups.map(({ label, low, high, stats }) => ({
    label,
    low,
    high,
    // the function's own series holds these calls already
    ...functionToJson({ ...stats, series: [], callers: [] }, step),
  })),
  other_calls: otherCalls,
  error_calls: errorCalls,
  fit,
});

const runStatsToJson = (run: RunStats) => ({
  calls: run.calls,
  total_ns: round(run.totalNs),
  min_ns: round(run.minNs),
  max_ns: round(run.maxNs),
  median_ns: round(run.medianNs),
  stdev_ns: round(run.stdevNs),
});

const drillToJson = ({ intervalUs, samples, nodes }: DrillStats) => ({
  interval_us: intervalUs,
  samples,
  nodes: nodes.map(({ name, file, line, self, total, hotLine, dependency, children }) => ({
    name,
    file,
    line,
    self,
    total,
    hot_line: hotLine,
    dependency,
    children,
  })),
});

const perfToJson = ({ event, js, native, kernel, counters, tree }: PerfStats) => ({
  event,
  js,
  native,
  kernel,
  counters,
  ...drillToJson(tree),
});

const deltaToJson = (delta: Delta) => ({
  against: delta.against,
  percent: delta.percent,
  low: delta.low,
  high: delta.high,
  verdict: delta.verdict,
  reason: delta.reason,
  method: delta.method,
  probability_faster: delta.probabilityFaster,
  further_runs: delta.furtherRuns,
});

const callerToJson = (caller: CallerStats) => ({
  name: caller.name,
  calls: caller.calls,
  total_ns: round(caller.totalNs),
});

const histogramToJson = ({ indices, counts }: Histogram) => ({
  lower_ns: indices.map(bucketLowerNs),
  upper_ns: indices.map((index) => bucketLowerNs(index + 1)),
  counts,
});

const seriesToJson = (series: ThreadSeries, step: number) => ({
  run: series.run,
  thread: series.thread,
  stride: series.stride * step,
  start_ns: roundAll(series.startNs, step),
  duration_ns: roundAll(series.durationNs, step),
});

/** Every how many-th sample is written so that they are at most {@link MAX_SAMPLES}. */
function chooseStep({ functions }: Report): number {
  let samples = 0;
  for (const f of functions) {
    for (const { durationNs } of [...f.series, ...(f.baseline?.series ?? [])]) samples += durationNs.length;
  }
  return Math.max(1, Math.ceil(samples / MAX_SAMPLES));
}

const comparisonToJson = (comparison: Comparison) => ({
  kind: comparison.kind,
  source: comparison.source,
  run: comparison.run && runToJson(comparison.run),
  ...(comparison.pairs && {
    pairs: { until_decided: comparison.pairs.untilDecided, seconds: comparison.pairs.seconds },
  }),
  only_there: comparison.onlyThere,
  only_here: comparison.onlyHere,
});

const runToJson = (run: RunInfo) => ({
  ttprof: run.ttprof,
  node: run.node,
  v8: run.v8,
  platform: run.platform,
  arch: run.arch,
  cpu: run.cpu,
  cores: run.cores,
  started_at: run.startedAt,
  duration_ns: round(run.durationNs),
  exit_code: run.exitCode,
  signal: run.signal,
  processes: run.processes,
  threads: run.threads,
  clock_ns: round(run.clockNs),
  clock_step_ns: run.clockStepNs === undefined ? undefined : round(run.clockStepNs),
  call_overhead_ns: round(run.callOverheadNs),
  call_inner_ns: round(run.callInnerNs),
  call_outer_ns: round(run.callOuterNs),
  corrected: run.corrected,
  runs: run.runs,
  lost_processes: run.lostProcesses,
  incomplete_processes: run.incompleteProcesses,
  cpu_step_ns: run.cpuStepNs,
  cpu_scope: run.cpuScope,
  pid: run.pid,
  parent_pid: run.parentPid,
  flags: run.flags,
});

/** Times to a thousandth of a nanosecond: what lies beyond is noise of the correction and would double the file. */
function round<T extends number | null>(ns: T): T {
  return (ns === null ? null : Math.round(ns * 1000) / 1000) as T;
}

function roundAll(values: ArrayLike<number>, step = 1): number[] {
  return Array.from({ length: Math.ceil(values.length / step) }, (_, i) => round(values[i * step]!));
}
