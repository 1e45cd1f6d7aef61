import { asOwnWork, type ThreadRecording } from '../contract.js';
import { heap, newestThread, releaseBlocks, removeThread, usedShare } from '../memory/arena.js';
import { releaseFrames } from '../memory/frames.js';
import { THREAD_ID, THREAD_NEXT } from '../memory/layout.js';
import { isMainThread } from '../memory/threads.js';
import { type CollectOptions, collectThread } from './collect.js';
import { isMergeable, mergeThreads } from './merge-threads.js';

/*
 * A program may start thousands of workers one after the other. What one that has ended leaves stays in the arena, a
 * recording of its own, until there are many of them or room gets short: then they become one recording, outside of the
 * arena, and later workers take their memory.
 */

/** How many recordings of ended workers stay apart: a timeline of more would say nothing. */
const MAX_APART = 64;
/** Where more than this share of the arena is taken, none stays apart. */
const FULL_SHARE = 1 / 4;

/** What ended workers left that is no longer in the arena. */
export interface EndedWorkers {
  recordings(): readonly ThreadRecording[];
}

/** Watches the workers of this thread. In a worker, of what its own workers had only the stacks are used again. */
export function watchWorkers(options: CollectOptions): EndedWorkers {
  /** By thread id, which a worker that has ended no longer knows. */
  const running = new Map<number, { readonly threadId: number }>();
  const ended: number[] = [];
  let merged: ThreadRecording | null = null;

  function giveUp(id: number): void {
    const thread = findThread(id);
    if (thread !== 0) {
      const recording = collectThread(thread, options);
      if (!isMergeable(recording)) return;
      merged = merged === null ? { ...recording, workers: 1 } : mergeThreads(merged, recording);
      removeThread(thread);
    }
    releaseBlocks(id);
  }

  process.on('worker', (started) =>
    asOwnWork(() => {
      for (const [id, worker] of running) {
        if (worker.threadId === id) continue;
        running.delete(id);
        releaseFrames(id);
        if (isMainThread) ended.push(id);
      }
      running.set(started.threadId, started);
      if (ended.length > MAX_APART || usedShare() > FULL_SHARE) for (const id of ended.splice(0)) giveUp(id);
    }),
  );
  return { recordings: () => (merged === null ? [] : [merged]) };
}

function findThread(id: number): number {
  let thread = newestThread();
  while (thread !== 0 && heap[thread + THREAD_ID] !== id) thread = heap[thread + THREAD_NEXT]!;
  return thread;
}
