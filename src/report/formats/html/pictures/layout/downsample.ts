/** The samples of one column of a picture. */
export interface Column {
  /** Middle of the column's times, in ns. */
  readonly atNs: number;
  readonly minNs: number;
  readonly medianNs: number;
  readonly maxNs: number;
}

/**
 * Samples in time order, summed up in columns of equal time, so that a picture holds no more than it can show.
 * Nothing that stands out is lost: each column keeps its fastest and its slowest. Columns without samples are left out.
 * @param startNs ascending or nearly so (samples are in order of their ends)
 * @param columns how many, at least 1
 */
export function downsample(
  startNs: ArrayLike<number>,
  durationNs: ArrayLike<number>,
  columns: number,
): Column[] {
  const first = minimum(startNs);
  const span = maximum(startNs) - first || 1;
  const members: number[][] = Array.from({ length: columns }, () => []);
  for (let i = 0; i < startNs.length; i += 1) {
    members[Math.min(columns - 1, Math.floor(((startNs[i]! - first) / span) * columns))]!.push(i);
  }
  return members.flatMap((indices, column) => {
    if (indices.length === 0) return [];
    const sorted = indices.map((i) => durationNs[i]!).sort((a, b) => a - b);
    return {
      atNs: first + ((column + 0.5) / columns) * span,
      minNs: sorted[0]!,
      medianNs: sorted[(sorted.length - 1) >> 1]!,
      maxNs: sorted.at(-1)!,
    };
  });
}

/** The smallest value, without spreading thousands of arguments over the stack. */
export function minimum(values: ArrayLike<number>): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < values.length; i += 1) if (values[i]! < least) least = values[i]!;
  return least;
}

/** The largest value. */
export function maximum(values: ArrayLike<number>): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i += 1) if (values[i]! > most) most = values[i]!;
  return most;
}
