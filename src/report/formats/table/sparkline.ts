import { bucketLowerNs, type Histogram } from '../../../runtime/contract.js';
import { countSamples } from '../../statistics/quantiles.js';

/** Up to seven eighths: full blocks of two rows would touch. */
const BARS = '▁▂▃▄▅▆▇';

/** Columns of a sparkline. */
const SPARKLINE_WIDTH = 8;

/** Below this many samples a distribution is not worth a picture. */
const MIN_SAMPLES = 5;

/**
 * The distribution between p1 and p99 as a row of bars, from fast to slow; each bar's height is its share of samples
 * relative to the largest.
 * @returns empty where there are too few samples
 */
export function drawSparkline(histogram: Histogram, width = SPARKLINE_WIDTH): string {
  const total = countSamples(histogram);
  if (total < MIN_SAMPLES) return '';
  const lowNs = bucketLowerNs(bucketAt(histogram, total * 0.01));
  const highNs = bucketLowerNs(bucketAt(histogram, total * 0.99) + 1);
  const binNs = (highNs - lowNs) / width;
  const bins = new Array<number>(width).fill(0);
  histogram.indices.forEach((index, i) => {
    const count = histogram.counts[i] ?? 0;
    const from = bucketLowerNs(index);
    const to = bucketLowerNs(index + 1);
    // a bucket wider than a bin is spread over the bins that it covers
    for (let bin = 0; bin < width; bin++) {
      const start = lowNs + bin * binNs;
      const shared = Math.min(to, start + binNs) - Math.max(from, start);
      if (shared > 0) bins[bin]! += (count * shared) / (to - from);
    }
  });
  if (highNs - lowNs <= 1) bins.fill(0).splice(width >> 1, 1, 1); // the clock tells no more: one peak
  const highest = Math.max(...bins);
  return bins.map((height) => BARS[Math.ceil((height / highest) * (BARS.length - 1))]).join('');
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
