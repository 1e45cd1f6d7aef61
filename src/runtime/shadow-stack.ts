import { allocate, heap, heapWords, thread } from './arena.js';
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
} from './layout.js';

// The frames of the measured calls that are running in this thread, innermost last; the lowest is no call's.
// V8's own stack ends after some ten thousand calls; the system grants the pages that are touched only.

const MOST_FRAMES = 2 ** 16;
const LEAST_FRAMES = 16;

/** Which 32-bit word holds the place of the next frame. */
export const topWord = 2 * (thread + TOP);
/** Where the outermost call's frame lies. */
export const bottom = allocateFrames();
/** The first place at which no frame fits: calls that are deeper are counted only. */
export const limit = bottom + frameCount() * FRAME_DOUBLES;

heapWords[topWord] = bottom;

function allocateFrames(): number {
  for (let frames = MOST_FRAMES; frames >= LEAST_FRAMES; frames /= 2) {
    const address = allocate((frames + 1) * FRAME_DOUBLES);
    if (address === 0) continue;
    heap[address + FRAME_CALL] = frames; // for frameCount
    return address + FRAME_DOUBLES;
  }
  throw new Error('no memory for recording');
}

function frameCount(): number {
  return heap[bottom - FRAME_DOUBLES + FRAME_CALL]!;
}

/**
 * Takes off the frames from `top` up, whose calls ended without being noticed. They count as thrown, without a duration.
 */
export function unwind(top: number): void {
  for (let frame = heapWords[topWord]! - FRAME_DOUBLES; frame >= top; frame -= FRAME_DOUBLES) {
    const site = heap[frame + FRAME_SITE]!;
    const depth = Math.max(0, heapWords[2 * (site + DEPTH)]! - 1);
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
  if (heapWords[topWord] !== bottom) unwind(bottom);
}
