import * as math from '../captured-math.js';
import type { Series } from '../contract.js';

/** Where more of a function's time than this share lies after the last known turn of the event loop, nothing is said. */
const MAX_UNKNOWN_SHARE = 0.1;

/**
 * How long garbage collections took that fell into a function's calls: those into the kept samples, times the stride.
 * @param collections in time order
 * @param knownUntilNs when the event loop last turned, which is when Node tells of collections; 0 for never
 * @returns null where that is not known
 */
export function estimateGcNs(
  series: Series,
  collections: { readonly startNs: readonly number[]; readonly durationNs: readonly number[] },
  knownUntilNs: number,
): number | null {
  if (knownUntilNs === 0) return null;
  const { startNs, durationNs, stride } = series;
  let allNs = 0;
  let unknownNs = 0;
  let gcNs = 0;
  for (let sample = 0; sample < startNs.length; sample++) {
    const start = startNs[sample]!;
    const end = start + durationNs[sample]!;
    allNs += end - start;
    unknownNs += math.max(0, end - math.max(start, knownUntilNs));
    for (
      let index = firstEndingAfter(collections, start);
      index < collections.startNs.length && collections.startNs[index]! < end;
      index++
    ) {
      const from = math.max(start, collections.startNs[index]!);
      const to = math.min(end, collections.startNs[index]! + collections.durationNs[index]!);
      gcNs += math.max(0, to - from);
    }
  }
  // Calls that overlap (recursion, async functions) share a collection: it counts once.
  const most = startNs.length === 0 ? 0 : sumWithin(collections, startNs, durationNs);
  gcNs = math.min(gcNs * stride, most);
  return unknownNs > MAX_UNKNOWN_SHARE * allNs ? null : gcNs;
}

/** Collections of one thread do not overlap, so their ends are in order too. */
function firstEndingAfter(
  { startNs, durationNs }: { readonly startNs: readonly number[]; readonly durationNs: readonly number[] },
  timeNs: number,
): number {
  let low = 0;
  let high = startNs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (startNs[middle]! + durationNs[middle]! <= timeNs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** All collections between the first start and the last end, in ns. */
function sumWithin(
  collections: { readonly startNs: readonly number[]; readonly durationNs: readonly number[] },
  startNs: ArrayLike<number>,
  durationNs: ArrayLike<number>,
): number {
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (let sample = 0; sample < startNs.length; sample++) {
    first = math.min(first, startNs[sample]!);
    last = math.max(last, startNs[sample]! + durationNs[sample]!);
  }
  let sumNs = 0;
  for (let index = firstEndingAfter(collections, first); index < collections.startNs.length; index++) {
    if (collections.startNs[index]! >= last) break;
    sumNs += collections.durationNs[index]!;
  }
  return sumNs;
}
