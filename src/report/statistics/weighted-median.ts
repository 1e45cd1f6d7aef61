/** Samples between two checkpoints, between which cells are counted one by one. */
const CHECKPOINT_DISTANCE = 64;

/**
 * Medians of the same samples under ever new weights, a weight per cell of time. Sorted once; for each checkpoint in
 * the sorted order it is known how many samples of each cell lie before it, so that a median takes a search among the
 * checkpoints instead of a walk through all samples.
 */
export class WeightedMedian {
  readonly #values: Float64Array;
  /** The cell of each sorted value. */
  readonly #cells: Int32Array;
  /** For each checkpoint, samples before it per cell; the last one counts all. */
  readonly #checkpoints: Float64Array[] = [];

  constructor(values: ArrayLike<number>, cells: Int32Array, cellCount: number) {
    const order = Uint32Array.from({ length: values.length }, (_, i) => i).sort(
      (a, b) => values[a]! - values[b]!,
    );
    this.#values = Float64Array.from(order, (i) => values[i]!);
    this.#cells = Int32Array.from(order, (i) => cells[i]!);
    const counts = new Float64Array(cellCount);
    for (const [rank, cell] of this.#cells.entries()) {
      if (rank % CHECKPOINT_DISTANCE === 0) this.#checkpoints.push(counts.slice());
      counts[cell] = counts[cell]! + 1;
    }
    this.#checkpoints.push(counts);
  }

  /**
   * The median when each sample counts as often as its cell's weight says.
   * @param weights whole numbers, at least 0
   * @returns NaN where no sample has weight
   */
  of(weights: Float64Array): number {
    const total = this.#weightBefore(this.#checkpoints.length - 1, weights);
    if (total === 0) return Number.NaN;
    const low = this.#valueAt(Math.floor((total - 1) / 2), weights);
    return total % 2 === 1 ? low : (low + this.#valueAt(total / 2, weights)) / 2;
  }

  /** The value at a 0-based rank among the weighted samples. */
  #valueAt(rank: number, weights: Float64Array): number {
    let low = 0;
    let high = this.#checkpoints.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#weightBefore(middle, weights) <= rank) low = middle;
      else high = middle;
    }
    let seen = this.#weightBefore(low, weights);
    for (let i = low * CHECKPOINT_DISTANCE; i < this.#values.length; i++) {
      seen += weights[this.#cells[i]!]!;
      if (seen > rank) return this.#values[i]!;
    }
    return Number.NaN;
  }

  #weightBefore(checkpoint: number, weights: Float64Array): number {
    const counts = this.#checkpoints[checkpoint]!;
    let sum = 0;
    for (let cell = 0; cell < counts.length; cell++) sum += counts[cell]! * weights[cell]!;
    return sum;
  }
}
