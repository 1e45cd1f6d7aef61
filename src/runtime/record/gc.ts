import { PerformanceObserver, type PerformanceObserverEntryList } from 'node:perf_hooks';
import { nowNs } from '../clock/clock.js';
import { asOwnWork } from '../contract.js';
import { allocate, heap, thread } from '../memory/arena.js';
import { GC_CAPACITY, THREAD_GC_COUNT, THREAD_GC_EVENTS, THREAD_TURN } from '../memory/layout.js';
import { unwindAll } from './shadow-stack.js';

const NS_PER_MS = 1e6;
/** How often it is noted that the event loop turns. */
const TURN_MS = 500;
// Captured: the program may replace them.
const { setImmediate, setInterval } = globalThis;

/**
 * Notes this thread's garbage collections in the arena, in time order. When there is no more room, the shorter half
 * goes. Node tells of them only when the event loop turns, and nothing before: what it did after the last known turn
 * is unknown, and so are all collections in a program that never yields.
 */
export function observeCollections(): void {
  try {
    const observer = new PerformanceObserver((list) => asOwnWork(() => noteCollections(list)));
    observer.observe({ entryTypes: ['gc'] });
    setImmediate(noteTurn).unref();
    setInterval(noteTurn, TURN_MS).unref();
  } catch {
    // Without it nothing is known of collections, which the report says.
  }
}

function noteCollections(list: PerformanceObserverEntryList): void {
  noteTurn();
  let events = heap[thread + THREAD_GC_EVENTS]!;
  if (events === 0) {
    events = allocate(2 * GC_CAPACITY);
    if (events === 0) return;
    heap[thread + THREAD_GC_EVENTS] = events;
  }
  for (const { startTime, duration } of list.getEntries()) {
    if (heap[thread + THREAD_GC_COUNT] === GC_CAPACITY) dropShorterHalf(events);
    const at = events + 2 * heap[thread + THREAD_GC_COUNT]!++;
    heap[at] = startTime * NS_PER_MS;
    heap[at + 1] = duration * NS_PER_MS;
  }
}

/** The event loop has turned: no measured call is running. */
export function noteTurn(): void {
  unwindAll();
  heap[thread + THREAD_TURN] = nowNs();
}

function dropShorterHalf(events: number): void {
  const durations = [];
  for (let index = 0; index < GC_CAPACITY; index++) durations.push(heap[events + 2 * index + 1]!);
  const least = durations.sort((a, b) => a - b)[GC_CAPACITY / 2]!;
  let kept = 0;
  for (let index = 0; index < GC_CAPACITY; index++) {
    // Equal durations must not keep all of them.
    if (heap[events + 2 * index + 1]! < least || kept > GC_CAPACITY / 2) continue;
    heap[events + 2 * kept] = heap[events + 2 * index]!;
    heap[events + 2 * kept + 1] = heap[events + 2 * index + 1]!;
    kept++;
  }
  heap[thread + THREAD_GC_COUNT] = kept;
}
