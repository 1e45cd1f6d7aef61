import { sortValues } from './quantiles.js';

/**
 * The probability that a value of `after` is smaller than one of `before`, ties counted half: Vargha and Delaney's A
 * (A critique and improvement of the CL common language effect size statistics, Journal of Educational and
 * Behavioral Statistics, 2000). 0.5 says that neither tends to be smaller.
 * @returns NaN where one of them is empty
 */
export function probabilitySmaller(after: ArrayLike<number>, before: ArrayLike<number>): number {
  const a = sortValues(after);
  const b = sortValues(before);
  let wins = 0;
  let below = 0;
  let notAbove = 0;
  for (const value of b) {
    while (below < a.length && a[below]! < value) below++;
    while (notAbove < a.length && a[notAbove]! <= value) notAbove++;
    wins += (below + notAbove) / 2;
  }
  return wins / (a.length * b.length);
}
