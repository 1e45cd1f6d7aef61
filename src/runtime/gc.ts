import { PerformanceObserver } from 'node:perf_hooks';
import { nowNs } from './clock.js';
import { GC_CAPACITY, THREAD_GC_COUNT, THREAD_GC_EVENTS, THREAD_TURN } from './layout.js';
import type { ThreadMemory } from './thread.js';

const NS_PER_MS = 1e6;

/**
 * Notes this thread's garbage collections in the arena, in time order. When there is no more room, the shorter half
 * goes. Node tells of them only when the event loop turns, and nothing before: what it did after the last known turn
 * is unknown, and so are all collections in a program that never yields.
 */
export function observeCollections(memory: ThreadMemory): void {
  const { record } = memory;
  let events: Float64Array | null = null;
  try {
    const observer = new PerformanceObserver((list) => {
      if (events === null) {
        const address = memory.allocate(2 * GC_CAPACITY);
        if (address === 0) return;
        events = memory.arena.view(address, 2 * GC_CAPACITY);
        record[THREAD_GC_EVENTS] = address;
      }
      record[THREAD_TURN] = nowNs();
      for (const { startTime, duration } of list.getEntries()) {
        if (record[THREAD_GC_COUNT] === GC_CAPACITY) dropShorterHalf(events, record);
        const at = 2 * record[THREAD_GC_COUNT]!++;
        events[at] = startTime * NS_PER_MS;
        events[at + 1] = duration * NS_PER_MS;
      }
    });
    observer.observe({ entryTypes: ['gc'] });
    setImmediate(() => {
      record[THREAD_TURN] = nowNs();
    }).unref();
  } catch {
    // Without it nothing is known of collections, which the report says.
  }
}

function dropShorterHalf(events: Float64Array, record: Float64Array): void {
  const durations = [];
  for (let index = 0; index < GC_CAPACITY; index++) durations.push(events[2 * index + 1]!);
  const least = durations.sort((a, b) => a - b)[GC_CAPACITY / 2]!;
  let kept = 0;
  for (let index = 0; index < GC_CAPACITY; index++) {
    // Equal durations must not keep all of them.
    if (events[2 * index + 1]! < least || kept > GC_CAPACITY / 2) continue;
    events[2 * kept] = events[2 * index]!;
    events[2 * kept + 1] = events[2 * index + 1]!;
    kept++;
  }
  record[THREAD_GC_COUNT] = kept;
}
