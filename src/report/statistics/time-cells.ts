/** Samples of one function with the time at which each call began, on an axis that both functions share. */
export interface TimedSamples {
  readonly startNs: ArrayLike<number>;
  readonly durationNs: ArrayLike<number>;
}

/** The cell of each sample, for two functions on one axis of time. */
export interface TimeCells {
  readonly cellCount: number;
  readonly before: Int32Array;
  readonly after: Int32Array;
}

/**
 * Cuts the time in which two functions were called into cells that hold equally many calls, where each function counts
 * as a whole: one that is called a hundred times as often does not decide alone.
 */
export function cutIntoCells(before: TimedSamples, after: TimedSamples, cellCount: number): TimeCells {
  const samples = {
    before: new Int32Array(before.startNs.length),
    after: new Int32Array(after.startNs.length),
  };
  const orders = { before: orderByStart(before.startNs), after: orderByStart(after.startNs) };
  const [sizeBefore, sizeAfter] = [orders.before.length, orders.after.length];
  let share = 0;
  for (let i = 0, j = 0; i < sizeBefore || j < sizeAfter; ) {
    const first =
      j >= sizeAfter ||
      (i < sizeBefore && before.startNs[orders.before[i]!]! <= after.startNs[orders.after[j]!]!);
    const cell = Math.min(Math.floor(share * cellCount), cellCount - 1);
    if (first) samples.before[orders.before[i++]!] = cell;
    else samples.after[orders.after[j++]!] = cell;
    share += 0.5 / (first ? sizeBefore : sizeAfter);
  }
  return { cellCount, ...samples };
}

/** Samples of one thread come almost in order already (of their ends); those of several threads do not. */
function orderByStart(startNs: ArrayLike<number>): Uint32Array {
  return Uint32Array.from({ length: startNs.length }, (_, i) => i).sort((a, b) => startNs[a]! - startNs[b]!);
}

/** How many samples each cell holds. */
function countPerCell(cells: Int32Array, cellCount: number): Float64Array {
  const counts = new Float64Array(cellCount);
  for (const cell of cells) counts[cell] = counts[cell]! + 1;
  return counts;
}

/**
 * How far the calls of two functions interleave: the share of their calls that fall into the same parts of the time,
 * from 0 (one after the other) to 1 (always side by side). This is the overlapping coefficient of the distributions
 * of their starts (Inman and Bradley, Communications in Statistics, 1989), over the given cells.
 */
export function measureInterleaving({ before, after, cellCount }: TimeCells): number {
  const countsBefore = countPerCell(before, cellCount);
  const countsAfter = countPerCell(after, cellCount);
  let overlap = 0;
  for (let cell = 0; cell < cellCount; cell++) {
    overlap += Math.min(countsBefore[cell]! / before.length, countsAfter[cell]! / after.length);
  }
  return overlap;
}
