/** Count, mean and sum of squared deviations from the mean: what σ needs and what can be merged. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly squaredDeviations: number;
}

const NO_SAMPLES: Moments = { count: 0, mean: 0, squaredDeviations: 0 };

/**
 * From sums of `x - shift` and of its square. With a shift near the mean little cancels (Chan, Golub and LeVeque:
 * Algorithms for computing the sample variance, The American Statistician, 1983, section 3).
 */
export function momentsOfShiftedSums(count: number, shift: number, sum: number, squares: number): Moments {
  if (count === 0) return NO_SAMPLES;
  return { count, mean: shift + sum / count, squaredDeviations: Math.max(squares - (sum * sum) / count, 0) };
}

/** Of values that are at hand. */
export function momentsOf(values: readonly number[]): Moments {
  const [shift = 0] = values;
  let [sum, squares] = [0, 0];
  for (const value of values) {
    sum += value - shift;
    squares += (value - shift) ** 2;
  }
  return momentsOfShiftedSums(values.length, shift, sum, squares);
}

/**
 * The moments of both samples together, by the updating formula of the same paper: never a difference of large
 * sums, so that threads with far-apart shifts merge without loss.
 */
export function mergeMoments(a: Moments, b: Moments): Moments {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const count = a.count + b.count;
  const difference = b.mean - a.mean;
  return {
    count,
    mean: a.mean + (difference * b.count) / count,
    squaredDeviations:
      a.squaredDeviations + b.squaredDeviations + (difference * difference * a.count * b.count) / count,
  };
}

/** Sample standard deviation (n - 1), in the unit of the samples; null with fewer than two. */
export function sampleDeviation({ count, squaredDeviations }: Moments): number | null {
  return count < 2 ? null : Math.sqrt(squaredDeviations / (count - 1));
}
