import { max } from '../captured-math.js';
import { ownWork } from '../contract.js';
import { heap, heapWords, thread } from '../memory/arena.js';
import { takeFrames } from '../memory/frames.js';
import {
  DEPTH,
  ERRORS,
  FRAME_CALL,
  FRAME_DOUBLES,
  FRAME_SITE,
  NESTED,
  OUTERMOST,
  TOP,
  UNTIMED_PAUSING,
} from '../memory/layout.js';

// The frames of the measured calls that are running in this thread, innermost last; the lowest belongs to no call.
// V8's own stack ends after some ten thousand calls.

const { lowest, count } = takeFrames();

/** Which 32-bit word holds the place of the next frame. */
export const topWord = 2 * (thread + TOP);
/** Where the outermost call's frame lies. */
export const stackBottom = lowest + FRAME_DOUBLES;
/** The first place at which no frame fits: calls that are deeper are counted only. */
export const stackLimit = stackBottom + count * FRAME_DOUBLES;

/** Which 32-bit word holds {@link ownWork}: the one beside {@link topWord}, which each call reads anyway. */
export const ownWord = topWord + 1;

heapWords[topWord] = stackBottom;
heapWords[ownWord] = ownWork.words[ownWork.at]!;
ownWork.words = heapWords;
ownWork.at = ownWord;

/**
 * Takes off the frames from `top` up, whose calls ended without being noticed. They count as thrown, without a duration.
 */
export function unwind(top: number): void {
  for (let frame = heapWords[topWord]! - FRAME_DOUBLES; frame >= top; frame -= FRAME_DOUBLES) {
    const site = heap[frame + FRAME_SITE]!;
    const depth = max(0, heapWords[2 * (site + DEPTH)]! - 1);
    heapWords[2 * (site + DEPTH)] = depth;
    // A call that can pause goes on later; its object knows that it is not running.
    const mark = heap[frame + FRAME_CALL]!;
    heap[frame + FRAME_CALL] = 0;
    if (mark > 0 || mark === UNTIMED_PAUSING) continue;
    heap[site + (depth === 0 ? OUTERMOST : NESTED)]!++;
    heap[site + ERRORS]!++;
  }
  heapWords[topWord] = top;
}

/** To be called when the event loop turns: nothing runs then. */
export function unwindAll(): void {
  if (heapWords[topWord] !== stackBottom) unwind(stackBottom);
}
