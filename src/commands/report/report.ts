import { nothingToCompare } from '../../config/check-settings.js';
import type { Settings } from '../../config/config.js';
import { compareReport } from '../../report/compare/compare.js';
import { decideGate } from '../../report/compare/gate.js';
import { readBaselineFile, readReportFile } from '../../report/files.js';
import { mergeRuns, type Source } from '../../report/merge/merge-reports.js';
import type { Report } from '../../report/model.js';
import { printReport, type Streams } from '../../report/print.js';
import { TtprofError } from '../../shared/errors.js';
import { EXIT_CODES } from '../../shared/exit-codes.js';
import { say } from '../../shared/say.js';

/**
 * `ttprof report FILE.json…`: saved runs as one report, printed or exported again. Each file's runs are added as
 * runs. Without `-x` and `--baseline` one file keeps the deltas it was saved with, and several that were all saved
 * with `-x` are compared so again.
 * @param files at least one
 * @returns the exit code
 * @throws {TtprofError} for a file that cannot be used
 */
export async function runReport(
  settings: Settings,
  files: readonly string[],
  streams: Streams = process,
): Promise<number> {
  if (files.length === 0) {
    throw new TtprofError('nothing to report: name files that --json wrote, as in ttprof report before.json');
  }
  const sources = files.map((name) => ({ name, report: readReportFile(name) })) as [Source, ...Source[]];
  const merged = { ...mergeRuns(sources), ...(settings.label !== null && { label: settings.label }) };
  const report = compare(merged, sources, settings);
  const { failIfSlowerPercent } = settings;
  if (failIfSlowerPercent !== null && report.comparison === null) throw nothingToCompare(failIfSlowerPercent);
  const complete = printReport(report, settings, streams);
  const { exitCode, message } = decideGate(report, settings);
  if (message !== null) say(message);
  return exitCode === 0 && !complete ? EXIT_CODES.notWritten : exitCode;
}

function compare(merged: Report, sources: readonly Source[], settings: Settings): Report {
  const { baseline, marginPercent } = settings;
  const options = { compare: settings.compare, baseline: null, marginPercent };
  if (baseline !== null) {
    const saved = { kind: 'baseline', source: baseline, report: readBaselineFile(baseline) } as const;
    return compareReport(withoutDeltas(merged), { ...options, baseline: saved });
  }
  if (settings.compare) return compareReport(withoutDeltas(merged), options);
  if (sources.length === 1) return merged;
  const allCompared = sources.every(({ report }) => report.comparison?.kind === 'first');
  return compareReport(merged, { ...options, compare: allCompared });
}

function withoutDeltas(report: Report): Report {
  return {
    ...report,
    comparison: null,
    functions: report.functions.map(({ baseline: _, ...f }) => ({ ...f, delta: null })),
  };
}
