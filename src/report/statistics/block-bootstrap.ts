import { normalCdf } from './normal.js';
import { quantile, type Sorted, sortValues } from './quantiles.js';
import { createRandom } from './random.js';
import { cutIntoCells, type TimedSamples } from './time-cells.js';
import { WeightedMedian } from './weighted-median.js';

/** The number of blocks that a resample is made of. */
export const BLOCKS = 20;
/** Blocks may start at each of so many points within a block's length, so that their edges decide nothing. */
const STARTS_PER_BLOCK = 8;
const RESAMPLES = 2000;
/** Any fixed number will do (this is `tpro` in ASCII): the same recording gives the same interval each time. */
const SEED = 0x7470726f;

/** Student's t with 19 degrees of freedom (20 blocks) at both confidences that are asked for. */
const STUDENT_T = new Map([
  [0.95, 2.093],
  [0.9, 1.729],
]);

/** What resampling says of the logarithm of a ratio of medians. */
export interface BootstrapResult {
  readonly logRatio: number;
  /** @param confidence 0.9 or 0.95 */
  interval(confidence: number): { readonly low: number; readonly high: number };
  /** The one-sided p-value of "the logarithm is at most `logRatio`". */
  pValueAbove(logRatio: number): number;
}

/**
 * The ratio of medians of two functions whose calls interleave in time, by the moving-block bootstrap: calls depend on
 * those around them, so whole stretches of time are drawn, with the calls of both functions in them; what slowed both
 * down cancels. Künsch (The jackknife and the bootstrap for general stationary observations, Annals of Statistics,
 * 1989), with blocks that wrap around at the end so that each call has the same chance (Politis and Romano, A circular
 * block-resampling procedure for stationary data, 1992). Intervals are percentiles, widened for the small number of
 * blocks (Hesterberg, What teachers should know about the bootstrap, The American Statistician, 2015, section 3.4).
 */
export function bootstrapRatio(before: TimedSamples, after: TimedSamples): BootstrapResult {
  const cellCount = BLOCKS * STARTS_PER_BLOCK;
  const cells = cutIntoCells(before, after, cellCount);
  const medianBefore = new WeightedMedian(before.durationNs, cells.before, cellCount);
  const medianAfter = new WeightedMedian(after.durationNs, cells.after, cellCount);
  const random = createRandom(SEED);
  const weights = new Float64Array(cellCount);
  const ratios: number[] = [];
  for (let resample = 0; resample < RESAMPLES; resample++) {
    weights.fill(0);
    for (let block = 0; block < BLOCKS; block++) {
      const start = Math.floor(random() * cellCount);
      for (let i = 0; i < STARTS_PER_BLOCK; i++) {
        const cell = (start + i) % cellCount;
        weights[cell] = weights[cell]! + 1;
      }
    }
    const ratio = Math.log(medianAfter.of(weights) / medianBefore.of(weights));
    // none where the drawn stretches hold no call of one of them
    if (Number.isFinite(ratio)) ratios.push(ratio);
  }
  weights.fill(1);
  return describeReplicates(Math.log(medianAfter.of(weights) / medianBefore.of(weights)), sortValues(ratios));
}

function describeReplicates(logRatio: number, sorted: Sorted): BootstrapResult {
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const error = Math.sqrt(
    sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(sorted.length - 1, 1),
  );
  return {
    logRatio,
    interval(confidence) {
      const t = STUDENT_T.get(confidence);
      if (t === undefined) throw new RangeError(`no interval for confidence ${confidence}`);
      const tail = normalCdf(-t * Math.sqrt(BLOCKS / (BLOCKS - 1)));
      return { low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) };
    },
    pValueAbove(bound) {
      const notAbove = sorted.filter((value) => value <= bound).length;
      if (notAbove > 0) return notAbove / sorted.length;
      // further out than any resample: the tail of the normal distribution with their error goes on from there
      return error > 0 ? Math.min(normalCdf((bound - logRatio) / error), 1 / sorted.length) : 0;
    },
  };
}
