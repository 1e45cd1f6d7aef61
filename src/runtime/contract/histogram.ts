/** A log-linear histogram, sparse: `counts[i]` samples in bucket `indices[i]`, indices ascending. */
export interface Histogram {
  readonly indices: readonly number[];
  readonly counts: readonly number[];
}

// Captured: the program may replace them, or have them timed.
const { floor, log2 } = Math;

/** Buckets per power of two: a bucket's midpoint is within 1/512 (0.2 %) of each of its values. */
const BUCKETS_PER_OCTAVE = 256;

/**
 * The bucket of a duration: linear with 1 ns a bucket below 256 ns, then 256 buckets per power of two.
 * @param ns finite, at least 0
 */
export function bucketIndex(ns: number): number {
  if (ns < BUCKETS_PER_OCTAVE) return floor(ns);
  const octave = floor(log2(ns)) - 8;
  const scaled = floor(ns / 2 ** octave);
  // log2 can round up just below a power of two
  return scaled < BUCKETS_PER_OCTAVE
    ? octave * BUCKETS_PER_OCTAVE + floor(ns / 2 ** (octave - 1)) - BUCKETS_PER_OCTAVE
    : (octave + 1) * BUCKETS_PER_OCTAVE + scaled - BUCKETS_PER_OCTAVE;
}

/** Several histograms as one. */
export function mergeHistograms(histograms: readonly Histogram[]): Histogram {
  const only = histograms[0];
  if (histograms.length === 1 && only) return only;
  const counts = new Map<number, number>();
  for (const histogram of histograms) {
    for (const [i, index] of histogram.indices.entries()) {
      counts.set(index, (counts.get(index) ?? 0) + histogram.counts[i]!);
    }
  }
  const indices = [...counts.keys()].sort((a, b) => a - b);
  return { indices, counts: indices.map((index) => counts.get(index)!) };
}

/** The lowest duration in ns that falls into a bucket; the upper bound is that of `index + 1`. */
export function bucketLowerNs(index: number): number {
  if (index < BUCKETS_PER_OCTAVE) return index;
  const octave = floor(index / BUCKETS_PER_OCTAVE) - 1;
  return (BUCKETS_PER_OCTAVE + (index % BUCKETS_PER_OCTAVE)) * 2 ** octave;
}
