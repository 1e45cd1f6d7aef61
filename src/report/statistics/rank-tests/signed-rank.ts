import { normalCdf, normalQuantile } from '../normal.js';

/** Up to this many pairs the distribution of W is counted, beyond it is taken as normal. */
const EXACT_PAIRS = 100;

const exactCdfs = new Map<number, Float64Array>();

/** P(W ≤ w) for each w under the null hypothesis: each rank is in the sum or not, with probability one half. */
function exactCdf(n: number): Float64Array {
  const known = exactCdfs.get(n);
  if (known) return known;
  const cdf = new Float64Array((n * (n + 1)) / 2 + 1);
  cdf[0] = 1;
  for (let rank = 1; rank <= n; rank++) {
    for (let w = cdf.length - 1; w >= 0; w--) {
      cdf[w] = (cdf[w]! + (w >= rank ? cdf[w - rank]! : 0)) / 2;
    }
  }
  for (let w = 1; w < cdf.length; w++) cdf[w] = Math.min(cdf[w]! + cdf[w - 1]!, 1);
  exactCdfs.set(n, cdf);
  return cdf;
}

/**
 * P(W ≤ w) of Wilcoxon's signed-rank statistic of n pairs (Individual comparisons by ranking methods, Biometrics
 * Bulletin, 1945) that do not differ; beyond a hundred pairs the normal approximation with continuity correction.
 */
export function signedRankCdf(w: number, n: number): number {
  if (w < 0) return 0;
  if (w >= (n * (n + 1)) / 2) return 1;
  if (n <= EXACT_PAIRS) return exactCdf(n)[Math.floor(w)]!;
  return normalCdf((Math.floor(w) + 0.5 - (n * (n + 1)) / 4) / deviation(n));
}

/** The largest w with P(W ≤ w) ≤ `tail`, -1 where not even W = 0 is that rare. */
export function signedRankCritical(tail: number, n: number): number {
  if (n > EXACT_PAIRS) {
    return Math.floor((n * (n + 1)) / 4 - 0.5 + normalQuantile(tail) * deviation(n));
  }
  return exactCdf(n).findIndex((p) => p > tail * (1 + 1e-12)) - 1;
}

function deviation(n: number): number {
  return Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24);
}
