import type { Comparison, Delta, FunctionStats, Report } from './model.js';

export interface ComparisonOptions {
  /** `-x`: against the first row. */
  readonly compare: boolean;
  /** Against another report; comes before `-x`. */
  readonly baseline: {
    readonly kind: 'baseline' | 'base';
    /** The baseline's path or the base's revision. */
    readonly source: string;
    readonly report: Report;
  } | null;
  /** What counts as the same, in percent. */
  readonly marginPercent: number;
}

/** The report with a delta for each function that has something to be compared with. */
export function compareReport(report: Report, options: ComparisonOptions): Report {
  if (!options.compare) return report;
  const [first, ...others] = report.functions;
  if (!first) return report;
  const comparison: Comparison = { kind: 'first', source: null, run: null, onlyThere: [], onlyHere: [] };
  return {
    ...report,
    comparison,
    functions: [first, ...others.map((row) => ({ ...row, delta: describeDelta(first, row) }))],
  };
}

function describeDelta(before: FunctionStats, after: FunctionStats): Delta | null {
  if (before.medianNs === null || after.medianNs === null || before.medianNs === 0) return null;
  return {
    against: before.name,
    percent: (after.medianNs / before.medianNs - 1) * 100,
    low: null,
    high: null,
    verdict: null,
    reason: null,
  };
}
