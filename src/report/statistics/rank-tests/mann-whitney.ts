import { normalCdf, normalQuantile } from '../normal.js';

/** Up to this product of sample sizes the distribution of U is counted, beyond it is taken as normal. */
const EXACT_PRODUCT = 2500;

const exactCdfs = new Map<string, Float64Array>();

/**
 * P(U ≤ u) for each u under the null hypothesis, by the recurrence of Mann and Whitney (On a test of whether one of
 * two random variables is stochastically larger than the other, Annals of Mathematical Statistics, 1947).
 * Probabilities instead of counts, and additions only, so that nothing overflows or cancels.
 */
function exactCdf(n: number, m: number): Float64Array {
  const key = `${n},${m}`;
  const known = exactCdfs.get(key);
  if (known) return known;
  // row[j] is the distribution for (i, j): the largest of i + j values is one of the i with probability i / (i + j)
  let row = Array.from({ length: m + 1 }, () => Float64Array.of(1));
  for (let i = 1; i <= n; i++) {
    const next = [Float64Array.of(1)];
    for (let j = 1; j <= m; j++) {
      const fromFirst = row[j]!;
      const fromSecond = next[j - 1]!;
      const distribution = new Float64Array(i * j + 1);
      const share = i / (i + j);
      for (const [u, p] of fromFirst.entries()) distribution[u + j] = p * share;
      for (const [u, p] of fromSecond.entries()) distribution[u] = distribution[u]! + p * (1 - share);
      next.push(distribution);
    }
    row = next;
  }
  const cdf = row[m]!;
  for (let u = 1; u < cdf.length; u++) cdf[u] = Math.min(cdf[u]! + cdf[u - 1]!, 1);
  exactCdfs.set(key, cdf);
  return cdf;
}

/**
 * P(U ≤ u) for samples of n and m values that do not differ: exact for small ones, else by the normal approximation
 * with continuity correction.
 */
export function mannWhitneyCdf(u: number, n: number, m: number): number {
  if (u < 0) return 0;
  if (u >= n * m) return 1;
  if (n * m <= EXACT_PRODUCT) return exactCdf(n, m)[Math.floor(u)]!;
  return normalCdf((Math.floor(u) + 0.5 - (n * m) / 2) / deviation(n, m));
}

/**
 * The critical value: the largest u with P(U ≤ u) ≤ `tail`.
 * @returns -1 where not even U = 0 is that rare
 */
export function mannWhitneyCritical(tail: number, n: number, m: number): number {
  if (n * m > EXACT_PRODUCT) {
    return Math.max(Math.floor((n * m) / 2 - 0.5 + normalQuantile(tail) * deviation(n, m)), -1);
  }
  // a sum of probabilities may end a rounding error above the tail that it equals
  const firstAbove = exactCdf(n, m).findIndex((p) => p > tail * (1 + 1e-12));
  return firstAbove - 1;
}

function deviation(n: number, m: number): number {
  return Math.sqrt((n * m * (n + m + 1)) / 12);
}
