import type { Comparison, Delta, FunctionStats, Report } from '../model.js';
import { probabilitySmaller } from '../statistics/superiority.js';
import { findCounterparts } from './baseline.js';
import { compareGroups } from './compare-groups.js';
import type { Evidence, NoEvidence } from './evidence.js';
import { gatherEvidence } from './gather-evidence.js';
import { judge, percentOf } from './judge.js';

export interface ComparisonOptions {
  /** `-x`: against the first row. */
  readonly compare: boolean;
  /** Against another report; comes before `-x`. */
  readonly baseline: {
    readonly kind: 'baseline' | 'base';
    /** The baseline's path or the base's revision. */
    readonly source: string;
    readonly report: Report;
    /** Where the runs of both reports were made in pairs. */
    readonly pairs?: NonNullable<Comparison['pairs']>;
  } | null;
  /** What counts as the same, in percent. */
  readonly marginPercent: number;
}

/** The report with a delta for each function that has something to be compared with. Pure. */
export function compareReport(report: Report, options: ComparisonOptions): Report {
  if (options.baseline) return compareWithReport(report, options.baseline, options.marginPercent);
  return options.compare ? compareWithFirst(report, options.marginPercent) : report;
}

function compareWithFirst(report: Report, marginPercent: number): Report {
  const comparison = { kind: 'first', source: null, run: null, onlyThere: [], onlyHere: [] } as const;
  const compared = { ...report, comparison };
  const [first, ...others] = report.functions;
  const functions = first && [
    first,
    ...others.map((row) => ({ ...row, ...compareFunction(first, row, compared, marginPercent) })),
  ];
  return { ...compared, functions: functions ?? [] };
}

function compareWithReport(
  report: Report,
  { kind, source, report: there, pairs }: NonNullable<ComparisonOptions['baseline']>,
  marginPercent: number,
): Report {
  const { found, onlyHere, onlyThere } = findCounterparts(report.functions, there.functions);
  const run = there.run.node === '' ? null : there.run;
  const comparison = {
    kind,
    source,
    run,
    ...(pairs && { pairs }),
    onlyThere: names(onlyThere),
    onlyHere: names(onlyHere),
  };
  const compared = { ...report, comparison };
  const functions = report.functions.map((row) => {
    const before = found.get(row);
    if (!before) return row;
    // what the counterpart was compared with itself does not belong here
    const { baseline: _, ...plain } = before;
    return {
      ...row,
      ...compareFunction(before, row, compared, marginPercent),
      baseline: { ...plain, delta: null },
    };
  });
  return { ...compared, functions };
}

/** The delta of a function, and those of its groups. */
function compareFunction(
  before: FunctionStats,
  after: FunctionStats,
  compared: Report,
  marginPercent: number,
): Pick<FunctionStats, 'delta' | 'by'> {
  const compareTwo = (one: FunctionStats, other: FunctionStats) => {
    const evidence = gatherEvidence(one, other, compared);
    return { evidence, delta: describeDelta(one, other, evidence, marginPercent) };
  };
  return {
    delta: compareTwo(before, after).delta,
    ...(after.by && { by: compareGroups(before.by, after.by, marginPercent, compareTwo) }),
  };
}

/** Null where one of them was never called, or took no time that the clock could see. */
function describeDelta(
  before: FunctionStats,
  after: FunctionStats,
  evidence: Evidence | NoEvidence,
  marginPercent: number,
): Delta | null {
  if (!before.medianNs || !after.medianNs) return null;
  const kept = [after, before].map(({ series }) => series.flatMap((s) => Array.from(s.durationNs)));
  const probabilityFaster = probabilitySmaller(kept[0]!, kept[1]!);
  const { logRatio = Math.log(after.medianNs / before.medianNs), ...judgement } = judge(
    evidence,
    marginPercent,
  );
  return {
    against: before.name,
    percent: percentOf(logRatio),
    ...judgement,
    method: evidence.method,
    ...(Number.isNaN(probabilityFaster) ? {} : { probabilityFaster }),
  };
}

function names(rows: readonly FunctionStats[]): string[] {
  return rows.map((row) => row.name);
}
