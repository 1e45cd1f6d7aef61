import { quantile, type Sorted } from './quantiles.js';

/** Tukey (Exploratory Data Analysis, 1977): values beyond three interquartile ranges from the quartiles are "far out". */
const FAR_OUT_RANGES = 3;

/** How many values lie far out. They are counted, never removed: a pause is part of the cost. */
export function countFarOut(sorted: Sorted): number {
  if (sorted.length < 4) return 0;
  const low = quantile(sorted, 0.25);
  const high = quantile(sorted, 0.75);
  const reach = FAR_OUT_RANGES * (high - low);
  let count = 0;
  for (const value of sorted) if (value < low - reach || value > high + reach) count++;
  return count;
}
