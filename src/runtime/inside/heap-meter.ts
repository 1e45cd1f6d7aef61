import { GCProfiler, getHeapStatistics } from 'node:v8';
import { max } from '../captured-math.js';
import { nowNs } from '../clock/clock.js';
import { learnPageSize, mayHoldWaste, withoutWaste } from './page-waste.js';

/*
 * How many bytes this thread has allocated so far. V8 tells how many are in use, on its heap and outside of it (the
 * memory of buffers); what garbage collections freed is added again, as the profiler of collections tells it.
 *
 * A collection takes at least 48 µs, so none can have come where the reading before is less than a fifth of that ago.
 * Else the profiler is asked, which takes 1.5 µs: so each collection is known at the first reading after it, and
 * nothing has to be guessed of the order. (`PerformanceObserver` tells only when the event loop turns.) Of memory outside
 * of the heap V8 frees a part after collections, whenever it next allocates there.
 *
 * A reading allocates itself, and so does what is around it: up to 1,200 bytes while they are interpreted, none once
 * they are optimised. So now and then a call that does nothing is measured.
 */

/** A fifth of the shortest collection, one that finds nothing (measured on Node 20 to 26). */
const MIN_COLLECTION_NS = 10_000;
/** Each of so many first calls is followed by a check, and one in so many later: V8 optimises readings meanwhile. */
const CHECKED_AT_FIRST = 256;
const CHECKED_EVERY = 64;
/** More was not allocated by a reading: V8 has compiled something, or collected garbage. */
const MAX_READING_BYTES = 4096;

// Captured: the program may replace them.
const readHeap = getHeapStatistics;
const Profiler = GCProfiler;

// In an array, because V8 allocates a number each time that a variable gets another one.
const state = new Float64Array(9);
/** In use at the last reading, what collections freed since then taken off. */
const USED = 0;
const EXTERNAL = 1;
const ALLOCATED = 2;
/** The part of {@link ALLOCATED} that measuring has allocated, and what one reading allocates. */
const OWN = 3;
const OF_READING = 4;
/** When the last reading began, and when it had asked the profiler. */
const BEGAN = 5;
const ASKED = 6;
/** The part of {@link ALLOCATED} that is not on the heap, and how often V8 has freed some of that without telling. */
const OUTSIDE = 7;
const SWEEPS = 8;

/** How many numbers of a reading {@link mark} keeps for {@link allocatedSince}. */
export const NUMBERS_OF_MARK = 3;

let profiler = new Profiler();
let calls = 0;

/** Begins to count in this thread. */
export function startMeter(): void {
  learnPageSize();
  profiler.start();
  const { used_heap_size: used, external_memory: external } = readHeap();
  state[USED] = used;
  state[EXTERNAL] = external;
}

/** A reading is taken by converting this to a number, which V8 never inlines: so all readings allocate the same. */
const reading = {
  /** Takes a reading. @returns which of the numbers it gives */
  [Symbol.toPrimitive](): number {
    const beganNs = nowNs();
    state[BEGAN] = beganNs;
    let usedBefore = Number.POSITIVE_INFINITY;
    if (beganNs - state[ASKED]! > MIN_COLLECTION_NS) {
      usedBefore = readHeap().used_heap_size;
      addCollections(beganNs);
    } else state[ASKED] = beganNs;
    let heap = readHeap();
    // what asking allocates, 300 bytes and more; not known where garbage was collected meanwhile
    if (heap.used_heap_size > usedBefore) state[USED]! += heap.used_heap_size - usedBefore;
    if (heap.used_heap_size < state[USED]!) {
      // a collection came after the clock was read
      addCollections(nowNs());
      heap = readHeap();
    }
    const grown = heap.external_memory - state[EXTERNAL]!;
    if (grown > 0) {
      state[ALLOCATED]! += grown;
      state[OUTSIDE]! += grown;
    } else if (grown < 0) state[SWEEPS]!++;
    state[ALLOCATED]! += heap.used_heap_size - state[USED]!;
    state[USED] = heap.used_heap_size;
    state[EXTERNAL] = heap.external_memory;
    return ALLOCATED;
  },
};

/** Asks the profiler until an answer came too soon for another collection to have run meanwhile. */
function addCollections(beganNs: number): void {
  let askedNs: number;
  let doneNs = beganNs;
  do {
    askedNs = doneNs;
    const next = new Profiler();
    next.start();
    const collections = profiler.stop();
    profiler = next;
    for (const { beforeGC, afterGC } of collections.statistics) {
      const [before, after] = [beforeGC.heapStatistics, afterGC.heapStatistics];
      state[USED]! += after.usedHeapSize - before.usedHeapSize;
      state[EXTERNAL]! += after.externalMemory - before.externalMemory;
    }
    doneNs = nowNs();
  } while (doneNs - askedNs > MIN_COLLECTION_NS);
  state[ASKED] = doneNs;
}

/** @returns bytes allocated so far, but for what measuring allocated: only differences mean something */
export function readAllocated(): number {
  const bytes = state[+reading]! - state[OWN]!;
  state[OWN]! += state[OF_READING]!;
  return bytes;
}

/** Is it time to find out what measuring allocates? To be asked once for each call. */
export function isCheckDue(): boolean {
  return ++calls < CHECKED_AT_FIRST || calls % CHECKED_EVERY === 0;
}

/**
 * Takes note of what measuring allocates in a call.
 * @param found by some calls that do nothing: of these the middle one, because now and then V8 allocates of its own
 */
export function setOwnAllocation(found: number[]): void {
  found.sort((a, b) => a - b);
  const own = found[found.length >> 1]! + state[OF_READING]!;
  if (own >= 0 && own < MAX_READING_BYTES) state[OF_READING] = own;
}

/** What was allocated since a reading is not the program's. */
export function disregardSince(bytes: number): void {
  const own = readAllocated() - bytes;
  state[OWN]! += own;
}

/** Takes a reading that is kept. @returns it, as {@link readAllocated} does */
export function mark(marks: Float64Array, at: number): number {
  const bytes = readAllocated();
  marks[at] = bytes;
  marks[at + 1] = state[OUTSIDE]!;
  marks[at + 2] = state[SWEEPS]!;
  return bytes;
}

/** By function and stretch: what the last one in which nothing was swept allocated outside of the heap. */
const outside = new Map<number, number>();

/**
 * Takes a reading at the end of a call. What that allocated outside of the heap cannot be told where V8 has swept there
 * meanwhile: the call before stands in for it. Rests of pages are left out.
 * @param key of the function, and which stretch of its call this is
 * @returns what was allocated since the mark; later readings have it so too
 */
export function allocatedSince(key: number, marks: Float64Array, at: number): number {
  const read = readAllocated() - marks[at]!;
  const grown = state[OUTSIDE]! - marks[at + 1]!;
  let missing = 0;
  if (state[SWEEPS] !== marks[at + 2]) missing = max(0, (outside.get(key) ?? 0) - grown);
  else if (grown > 0) outside.set(key, grown);
  state[OUTSIDE]! += missing;
  const onHeap = read - grown;
  const allocated = grown + missing + (mayHoldWaste(key, onHeap) ? withoutWaste(key, onHeap) : onHeap);
  state[ALLOCATED]! += allocated - read;
  return allocated;
}

/** @returns when the last reading began, as {@link nowNs} counts */
export function readingBeganNs(): number {
  return state[BEGAN]!;
}
