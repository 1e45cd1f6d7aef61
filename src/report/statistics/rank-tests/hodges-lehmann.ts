import { quantile, type Sorted, sortValues } from '../quantiles.js';
import { mannWhitneyCdf, mannWhitneyCritical } from './mann-whitney.js';
import { signedRankCdf, signedRankCritical } from './signed-rank.js';

/** How far one sample lies from another, or pairs from each other, in the unit of the values. */
export interface Shift {
  readonly estimate: number;
  /** Where the shift lies with this confidence; null where the samples are too small for it. */
  interval(confidence: number): { readonly low: number; readonly high: number } | null;
  /** The one-sided p-value of "the shift is at most `shift`": small where it is larger beyond doubt. */
  pValueAbove(shift: number): number;
  /** The smallest p-value that samples of these sizes can give at all. */
  readonly smallestP: number;
}

/**
 * The shift from one sample to another that is independent of it: the median of all differences between them, and
 * the interval that inverting the Mann-Whitney test gives (Hodges and Lehmann, Estimates of location based on rank
 * tests, Annals of Mathematical Statistics, 1963).
 */
export function shiftBetween(before: readonly number[], after: readonly number[]): Shift {
  const differences = sortValues(after.flatMap((a) => before.map((b) => a - b)));
  const cdf = (u: number) => mannWhitneyCdf(u, before.length, after.length);
  const critical = (tail: number) => mannWhitneyCritical(tail, before.length, after.length);
  return shiftOfSorted(differences, cdf, critical);
}

/** The shift within pairs: the median of the averages of any two differences, by Wilcoxon's signed-rank test. */
export function shiftWithinPairs(differences: readonly number[]): Shift {
  const averages: number[] = [];
  for (const [i, a] of differences.entries())
    for (const b of differences.slice(i)) averages.push((a + b) / 2);
  const cdf = (w: number) => signedRankCdf(w, differences.length);
  const critical = (tail: number) => signedRankCritical(tail, differences.length);
  return shiftOfSorted(sortValues(averages), cdf, critical);
}

/** Both tests count how many of the sorted values lie above a shift: the statistic is symmetric in that count. */
function shiftOfSorted(
  sorted: Sorted,
  cdf: (statistic: number) => number,
  critical: (tail: number) => number,
): Shift {
  return {
    estimate: quantile(sorted, 0.5),
    interval(confidence) {
      const cut = critical((1 - confidence) / 2);
      if (cut < 0 || sorted.length === 0) return null;
      return { low: sorted[cut]!, high: sorted[sorted.length - 1 - cut]! };
    },
    pValueAbove(shift) {
      let notAbove = 0;
      // a tie counts half, and halves are rounded against a finding
      for (const value of sorted) notAbove += value < shift ? 1 : value === shift ? 0.5 : 0;
      return cdf(Math.ceil(notAbove));
    },
    smallestP: cdf(0),
  };
}
