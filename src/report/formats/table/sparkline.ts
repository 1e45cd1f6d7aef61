import type { Histogram } from '../../../runtime/contract.js';
import { binDistribution } from '../../statistics/distribution-bins.js';
import { countSamples } from '../../statistics/quantiles.js';

/** Up to seven eighths: full blocks of two rows would touch. */
const BARS = '▁▂▃▄▅▆▇';

/** Columns of a sparkline. */
const SPARKLINE_WIDTH = 8;

/** Below this many samples a distribution is not worth a picture. */
const MIN_SAMPLES = 5;

/**
 * The distribution as a row of bars, from fast to slow; each bar's height is its share of samples relative to the
 * largest.
 * @returns empty where there are too few samples
 */
export function drawSparkline(histogram: Histogram, width = SPARKLINE_WIDTH): string {
  if (countSamples(histogram) < MIN_SAMPLES) return '';
  const bins = binDistribution(histogram, width);
  const highest = Math.max(...bins);
  return bins.map((height) => BARS[Math.ceil((height / highest) * (BARS.length - 1))]).join('');
}
