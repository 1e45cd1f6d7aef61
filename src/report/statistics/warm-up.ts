import { median } from './quantiles.js';

/** With fewer samples a slow start cannot be told from chance. */
const MIN_SAMPLES = 40;
/** The series is cut into this many blocks in time order; their medians are compared. */
const BLOCKS = 20;
/** A block belongs to the warm-up while it is slower than the settled level by this share … */
const SLOWER_BY = 0.05;
/** … and by this many median absolute deviations of the settled blocks' medians. */
const DEVIATIONS = 5;

/**
 * How many of the first samples of a series belong to a warm-up (compiling, caches, pools): the first blocks whose
 * medians are clearly above the level of the later half. A program that never settles (Barrett et al., Virtual
 * machine warmup blows hot and cold, OOPSLA 2017) shows no warm-up here: then there is no level to settle at.
 * @param durationNs in time order
 * @returns 0 where there is none
 */
export function countWarmupSamples(durationNs: ArrayLike<number>): number {
  const count = durationNs.length;
  if (count < MIN_SAMPLES) return 0;
  const values = Float64Array.from(durationNs);
  const edges = Array.from({ length: BLOCKS + 1 }, (_, i) => Math.round((i * count) / BLOCKS));
  const medians = edges.slice(1).map((end, i) => median(values.subarray(edges[i]!, end)));
  const settled = medians.slice(BLOCKS / 2);
  const level = median(settled);
  const deviation = median(settled.map((value) => Math.abs(value - level)));
  const bound = level + Math.max(level * SLOWER_BY, deviation * DEVIATIONS);
  const firstSettled = medians.findIndex((value) => value <= bound);
  return firstSettled > 0 && firstSettled < BLOCKS / 2
    ? edges[firstSettled]!
    : firstBlockWarmup(values, bound);
}

/** A warm-up that is shorter than a block: its single samples, as far as each of them is above the bound. */
function firstBlockWarmup(values: Float64Array, bound: number): number {
  let warm = 0;
  while (warm < values.length && values[warm]! > bound) warm++;
  return warm;
}
