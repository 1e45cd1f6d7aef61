import { bucketLowerNs, type Histogram } from '../../../../../runtime/contract.js';
import { countSamples } from '../../../../statistics/quantiles.js';
import type { Scale } from '../scale.js';

/** See {@link findHillEnd}. */
const SHOWN_AT_LEAST = 0.95;
const SHOWN_AT_MOST = 0.99;
const SHOWN_RANGES = 6;

/**
 * The shares of samples in `bins` equal parts of a scale. Each bucket's samples are spread evenly over its width, so
 * that bins that are narrower than the buckets do not show a comb. Samples beyond the scale are left out of the bins
 * but count in the shares, which therefore sum to at most 1.
 */
export function rebin(histogram: Histogram, scale: Scale, bins: number): number[] {
  const shares = new Array<number>(bins).fill(0);
  const total = countSamples(histogram);
  if (total === 0) return shares;
  for (const [i, bucket] of histogram.indices.entries()) {
    const lowNs = bucketLowerNs(bucket);
    const highNs = bucketLowerNs(bucket + 1);
    if (highNs <= scale.low || lowNs >= scale.high) continue;
    const from = scale.place(lowNs) * bins;
    const to = Math.max(scale.place(highNs) * bins, from + 1e-9);
    const share = histogram.counts[i]! / total;
    for (let bin = Math.floor(from); bin < to && bin < bins; bin += 1) {
      const overlap = Math.min(to, bin + 1) - Math.max(from, bin);
      if (overlap > 0) shares[bin]! += (share * overlap) / (to - from);
    }
  }
  return shares;
}

/**
 * The duration in ns below which the share `p` of the samples lies, to the histogram's precision (0.2 %).
 * @param p 0 … 1
 * @returns null where there are no samples
 */
export function histogramQuantile(histogram: Histogram, p: number): number | null {
  const total = countSamples(histogram);
  if (total === 0) return null;
  const rank = p * total;
  let seen = 0;
  for (const [i, bucket] of histogram.indices.entries()) {
    const count = histogram.counts[i]!;
    if (seen + count >= rank) {
      const lowNs = bucketLowerNs(bucket);
      return lowNs + (bucketLowerNs(bucket + 1) - lowNs) * Math.max(0, (rank - seen) / count);
    }
    seen += count;
  }
  return bucketLowerNs(histogram.indices.at(-1)! + 1);
}

/** How many samples are longer than `ns`, to the histogram's precision. */
export function countBeyond(histogram: Histogram, ns: number): number {
  let sum = 0;
  for (const [i, bucket] of histogram.indices.entries()) {
    if (bucketLowerNs(bucket) >= ns) sum += histogram.counts[i]!;
  }
  return sum;
}

/**
 * Where a picture of a distribution should end, in ns: the slowest calls would press all others into one bin. Left out
 * are those beyond p99, and those beyond p95 that are also many times the hill's width away from it.
 * @param histogram with at least one sample
 */
export function findHillEnd(histogram: Histogram): number {
  const at = (p: number) => histogramQuantile(histogram, p)!;
  const hill = at(0.75) + SHOWN_RANGES * (at(0.75) - at(0.25));
  return Math.min(at(SHOWN_AT_MOST), Math.max(at(SHOWN_AT_LEAST), hill));
}
