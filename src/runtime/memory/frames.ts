import {
  allocateShared,
  heap,
  heapWords,
  NOBODY,
  newestFrames,
  ownerOf,
  pushFrames,
  thread,
} from './arena.js';
import {
  BLOCK_DOUBLES,
  BLOCK_FRAMES,
  BLOCK_NEXT,
  BLOCK_OWNER,
  BLOCK_THREAD,
  FRAME_DOUBLES,
  TOP,
} from './layout.js';
import { isHooksThread, threadId } from './threads.js';

/*
 * The memory of shadow stacks: a block for each thread, the largest thing that a thread takes (3 MB of address space; the
 * system grants the pages that are touched). A program may start thousands of workers one after the other, so a block
 * whose worker has ended is used again.
 */

const MAX_FRAMES = 2 ** 16;
const MIN_FRAMES = 16;

// Captured: the program may replace it.
const { compareExchange, load } = Atomics;

/** A stack for this thread. @returns where its lowest frame lies, which belongs to no call, and how many follow */
export function takeFrames(): { lowest: number; count: number } {
  // a hooks thread runs nothing that is measured
  const most = isHooksThread() ? MIN_FRAMES : MAX_FRAMES;
  const block = takeFreed(most) || makeBlock(most);
  heap[block + BLOCK_THREAD] = thread;
  return { lowest: block + BLOCK_DOUBLES, count: heap[block + BLOCK_FRAMES]! };
}

function takeFreed(frames: number): number {
  for (let block = newestFrames(); block !== 0; block = heap[block + BLOCK_NEXT]!) {
    if (heap[block + BLOCK_FRAMES] === frames && changeOwner(block, NOBODY, ownerOf(threadId))) return block;
  }
  return 0;
}

function makeBlock(most: number): number {
  for (let frames = most; frames >= MIN_FRAMES; frames /= 2) {
    const block = allocateShared(BLOCK_DOUBLES + (1 + frames) * FRAME_DOUBLES);
    if (block === 0) continue;
    heap[block + BLOCK_FRAMES] = frames;
    heapWords[2 * (block + BLOCK_OWNER)] = ownerOf(threadId);
    pushFrames(block);
    return block;
  }
  throw new Error('no memory for recording');
}

function changeOwner(block: number, from: number, to: number): boolean {
  return compareExchange(heapWords, 2 * (block + BLOCK_OWNER), from, to) === from;
}

/** Leaves the stack of a worker that has ended to later ones. To be called before its record is given up. */
export function releaseFrames(id: number): void {
  for (let block = newestFrames(); block !== 0; block = heap[block + BLOCK_NEXT]!) {
    if (load(heapWords, 2 * (block + BLOCK_OWNER)) !== ownerOf(id)) continue;
    // what ran when it was terminated
    heap.fill(0, block + BLOCK_DOUBLES, heapWords[2 * (heap[block + BLOCK_THREAD]! + TOP)]!);
    changeOwner(block, ownerOf(id), NOBODY);
  }
}
