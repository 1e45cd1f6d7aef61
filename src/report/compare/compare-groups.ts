import type { BreakdownStats, Delta, FunctionStats, GroupStats } from '../model.js';
import { rejectByHolm } from '../statistics/holm.js';
import { type Evidence, type NoEvidence, ONE_SIDED_ALPHA } from './evidence.js';

interface Judged {
  readonly delta: Delta | null;
  readonly evidence: Evidence | NoEvidence;
}

/**
 * The groups of a function with a delta for each that both sides have. With many groups chance alone would find one
 * that is faster: their verdicts stand only together (Holm).
 */
export function compareGroups(
  before: BreakdownStats | undefined,
  after: BreakdownStats,
  marginPercent: number,
  judge: (before: FunctionStats, after: FunctionStats) => Judged,
): BreakdownStats {
  if (before?.expression !== after.expression) return after;
  const counterparts = new Map(before.groups.map((group) => [group.label, group]));
  const judged = after.groups.map((group): Judged | null => {
    const counterpart = counterparts.get(group.label);
    return counterpart === undefined ? null : judge(counterpart.stats, group.stats);
  });
  const rejected = rejectByHolm(
    judged.map((one) => pValueOf(one, marginPercent)),
    ONE_SIDED_ALPHA,
  );
  const withDelta = (group: GroupStats, i: number): GroupStats => {
    const delta = judged[i]?.delta ?? null;
    const stands = delta === null || rejected[i] || !/^(?:faster|slower)$/.test(delta.verdict ?? '');
    const shown: Delta | null = stands
      ? delta
      : { ...delta!, verdict: 'unsure', reason: 'among so many groups one may differ so much by chance' };
    return { ...group, stats: { ...group.stats, delta: shown } };
  };
  return { ...after, groups: after.groups.map(withDelta) };
}

/** The p-value of a change in the direction of the verdict; 1 where there is no verdict. */
function pValueOf(judged: Judged | null, marginPercent: number): number {
  if (judged === null || 'shortage' in judged.evidence) return 1;
  const { evidence, delta } = judged;
  if (delta?.verdict === 'slower') return evidence.pValueAbove(Math.log1p(marginPercent / 100));
  if (delta?.verdict === 'faster')
    return 1 - evidence.pValueAbove(Math.log1p(-Math.min(marginPercent, 99.9) / 100));
  return 1;
}
