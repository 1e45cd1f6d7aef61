import { buildReport } from '../report/build-report.js';
import type { FunctionStats as ReportedStats } from '../report/model.js';
import { printReport } from '../report/print.js';
import type { ProcessRecording, TargetFacts, ThreadRecording } from '../runtime/contract.js';
import { currentRuntime } from '../runtime/runtime.js';
import type { TargetOutcome } from '../shared/target-outcome.js';
import { readVersion } from '../shared/version.js';
import type { RunSettings } from './settings.js';
import type { FunctionStats } from './types.js';

/** What was measured between the opening of a source and its closing. */
export interface Measured {
  readonly threads: readonly ThreadRecording[];
  readonly facts: readonly TargetFacts[];
  readonly outcomes: readonly TargetOutcome[];
  readonly notes: readonly string[];
}

export interface RunEnd {
  readonly startedAtMs: number;
  readonly durationNs: number;
  readonly notes: readonly string[];
}

let version: string | null = null;

/**
 * Reports what was measured: prints, writes the files.
 * @returns the rows, frozen
 */
export function publish(
  settings: RunSettings,
  targets: readonly string[],
  measured: Measured,
  end: RunEnd,
): FunctionStats[] {
  const recording: ProcessRecording = {
    ...currentRuntime()!.describeProcess(),
    startedAtMs: end.startedAtMs,
    durationNs: end.durationNs,
    corrected: !settings.raw,
    threads: measured.threads,
    targets: measured.facts,
    notes: measured.notes,
    entry: process.argv[1] ?? null,
    complete: true,
  };
  const run = {
    processes: [recording],
    exitCode: null,
    signal: null,
    startedAtMs: end.startedAtMs,
    durationNs: end.durationNs,
  };
  version ??= readVersion();
  const report = buildReport([run], {
    config: { ...settings, targets, settle: false, warmup: 0 },
    cwd: settings.cwd,
    outcomes: measured.outcomes,
    version,
    baseline: settings.baseline && { kind: 'baseline', ...settings.baseline },
    notes: end.notes,
  });
  const { json, markdown, html, quiet } = settings;
  printReport(
    report,
    { json, markdown, html, quiet },
    { stdout: process.stdout, stderr: settings.out },
    settings.cwd,
  );
  return report.functions.map(toPublic);
}

/** Plain arrays and objects, frozen all the way down. */
function toPublic({ baseline, ...stats }: ReportedStats): FunctionStats {
  return freezeDeep({
    ...stats,
    series: stats.series.map(({ stride, startNs, durationNs }) => ({
      stride,
      startNs: Array.from(startNs),
      durationNs: Array.from(durationNs),
    })),
    ...(baseline && { baseline: toPublic(baseline) }),
  });
}

function freezeDeep<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object' && inner !== null) freezeDeep(inner);
  }
  return Object.freeze(value);
}
