import { bucketLowerNs, type Histogram } from '../../runtime/contract.js';
import { countSamples } from './quantiles.js';

/** The picture spans the middle nine tenths: one slow call in a hundred would squeeze all others into one bar. */
const LOW = 0.05;
const HIGH = 0.95;

/**
 * A distribution as bars of equal width from fast to slow, for a small picture: what lies below p5 stands in the first
 * bar, what lies above p95 in the last, so that the tails are seen and do not set the scale.
 * @returns the samples in each bar; empty without samples
 */
export function binDistribution(histogram: Histogram, bars: number): number[] {
  const total = countSamples(histogram);
  if (total === 0) return [];
  const lowNs = bucketLowerNs(bucketAt(histogram, total * LOW));
  const highNs = bucketLowerNs(bucketAt(histogram, total * HIGH) + 1);
  const bins = new Array<number>(bars).fill(0);
  // the clock cannot tell the samples apart: one peak
  if (highNs - lowNs <= 1) {
    bins[bars >> 1] = total;
    return bins;
  }
  const barNs = (highNs - lowNs) / bars;
  histogram.indices.forEach((index, i) => {
    const count = histogram.counts[i] ?? 0;
    const [fromNs, toNs] = [bucketLowerNs(index), bucketLowerNs(index + 1)];
    for (let bar = 0; bar < bars; bar++) {
      const startNs = bar === 0 ? Number.NEGATIVE_INFINITY : lowNs + bar * barNs;
      const endNs = bar === bars - 1 ? Number.POSITIVE_INFINITY : lowNs + (bar + 1) * barNs;
      // a bucket wider than a bar is spread over the bars that it covers
      const sharedNs = Math.min(toNs, endNs) - Math.max(fromNs, startNs);
      if (sharedNs > 0) bins[bar]! += (count * sharedNs) / (toNs - fromNs);
    }
  });
  return bins;
}

/** The bucket that holds the sample of a rank counted from 0. */
function bucketAt(histogram: Histogram, rank: number): number {
  let seen = 0;
  for (let i = 0; i < histogram.indices.length; i++) {
    seen += histogram.counts[i]!;
    if (seen > rank) return histogram.indices[i]!;
  }
  return histogram.indices.at(-1)!;
}
