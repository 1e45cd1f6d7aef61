import type { FunctionStats } from '../model.js';
import { quantileOfHistogram } from '../statistics/quantiles.js';

/** The interquartile range of a normal distribution, in standard deviations: twice its 75 % quantile. */
const NORMAL_RANGE = 1.349;
/** A standard deviation so many times the robust one comes from a few calls alone … */
const DOMINATED_RATIO = 3;
/** … and is worth a word where it is a good part of the median. */
const VISIBLE_SHARE = 0.1;

/** A quantile of a function's timed calls in ns, from its histogram; null without any. */
export function durationQuantile({ histogram, minNs, maxNs }: FunctionStats, p: number): number | null {
  if (minNs === null || maxNs === null || histogram.indices.length === 0) return null;
  return quantileOfHistogram(histogram, p, minNs, maxNs);
}

/**
 * How far calls lie from each other, whatever a few of them do: the range of the middle half as a standard deviation
 * (Rousseeuw and Croux, Alternatives to the median absolute deviation, JASA, 1993).
 * @returns ns; null where nothing is known of the calls' distribution
 */
export function robustSpreadNs(f: FunctionStats): number | null {
  const [low, high] = [durationQuantile(f, 0.25), durationQuantile(f, 0.75)];
  return low === null || high === null ? null : (high - low) / NORMAL_RANGE;
}

/** Is the standard deviation that of a few slow calls, and says nothing of all others? */
export function isDominatedByOutliers(f: FunctionStats): boolean {
  const spreadNs = robustSpreadNs(f);
  if (spreadNs === null || f.stdevNs === null || f.medianNs === null) return false;
  return f.stdevNs > DOMINATED_RATIO * spreadNs && f.stdevNs > VISIBLE_SHARE * f.medianNs;
}

/** What stands behind `±`: the standard deviation, or the robust spread where outliers make that meaningless. */
export function shownSpreadNs(f: FunctionStats): number | null {
  return isDominatedByOutliers(f) ? robustSpreadNs(f) : f.stdevNs;
}
