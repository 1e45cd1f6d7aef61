import { gatherAtLooks } from '../../report/compare/evidence-of-pairs.js';

/** Which of two ends a revision belongs to, as far as its pairs with the good end tell. */
export interface Belonging {
  readonly end: 'good' | 'bad';
  /** Beyond doubt; else it is the nearer end. */
  readonly isSure: boolean;
  /** The logarithm of the ratio to the good end; NaN without pairs. */
  readonly logRatio: number;
}

/**
 * Says whether a revision is as fast as the good end, or as slow as the bad one: on which side of the middle between
 * both its change lies, with the group-sequential levels of `ab`. Pure.
 * @param differences logarithms of the ratios to the good end, of the pairs so far in their order
 * @param change the logarithm of the ratio of the bad end to the good one
 */
export function belongsTo(differences: readonly number[], change: number): Belonging {
  const middle = change / 2;
  const toward = Math.sign(change);
  const evidence = gatherAtLooks(differences, { untilDecided: true, seconds: 0 });
  if ('shortage' in evidence) {
    const mean = differences.reduce((sum, one) => sum + one, 0) / differences.length;
    return { end: toward * (mean - middle) > 0 ? 'bad' : 'good', isSure: false, logRatio: mean };
  }
  for (const look of [...(evidence.earlier ?? []), evidence]) {
    const { low, high } = look.interval(0.95);
    const { logRatio } = look;
    if (low > middle) return { end: toward > 0 ? 'bad' : 'good', isSure: true, logRatio };
    if (high < middle) return { end: toward > 0 ? 'good' : 'bad', isSure: true, logRatio };
  }
  const { logRatio } = evidence;
  return { end: toward * (logRatio - middle) > 0 ? 'bad' : 'good', isSure: false, logRatio };
}
