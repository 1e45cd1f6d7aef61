import { median } from './quantiles.js';

/** Calls in a block: what one process does before the other has its turn. */
export const BLOCK_CALLS = 20;
/** Fewer blocks have no median to speak of. */
const MIN_BLOCKS = 5;

/** The kept samples of one function in one process: every `stride`-th call, in time order. */
export interface StridedSamples {
  readonly stride: number;
  readonly durationNs: ArrayLike<number>;
}

/**
 * What a pair of processes says of a function: the median of the logarithms of the ratios of blocks of calls, each
 * block against that at the same call numbers. Equal numbers did the same work, are as warm, and were run next to each
 * other in time. A block's time is its median. Of those tried (minimum, p10, sums) this is the one that neither a slow
 * moment of the machine moves, nor hides a change of a part of the calls.
 * @returns null where either side has too few calls for it
 */
export function measureBlockRatio(before: StridedSamples, after: StridedSamples): number | null {
  const stride = Math.max(before.stride, after.stride);
  const [ofBefore, ofAfter] = [takeEvery(before, stride), takeEvery(after, stride)];
  const calls = Math.min(ofBefore.length, ofAfter.length);
  const ratios: number[] = [];
  for (let at = 0; at + BLOCK_CALLS <= calls; at += BLOCK_CALLS) {
    const [a, b] = [ofBefore, ofAfter].map((list) => median(list.slice(at, at + BLOCK_CALLS)));
    if (a! > 0 && b! > 0) ratios.push(Math.log(b! / a!));
  }
  return ratios.length < MIN_BLOCKS ? null : median(ratios);
}

/** Strides are powers of two. */
function takeEvery({ stride, durationNs }: StridedSamples, wanted: number): number[] {
  return Array.from(durationNs).filter((_, at) => at % (wanted / stride) === 0);
}
