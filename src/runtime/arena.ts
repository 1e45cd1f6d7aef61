import { originNs } from './clock.js';
import {
  ADDRESS_LIMIT,
  BEYOND_LIMIT,
  THREAD_DOUBLES,
  THREAD_ID,
  THREAD_NEXT,
  THREAD_ORIGIN,
} from './layout.js';
import { isMainThread, readShared, shareWithWorkers, threadId } from './threads.js';

/*
 * The memory in which all threads of a process record: one SharedArrayBuffer, made by the main thread and handed to
 * workers through their environment data, so that the main thread still reads what a worker recorded after it was
 * terminated. It is as large as it can ever be needed, which costs address space only (the system grants pages as they
 * are touched), and so one view over all of it serves every access: V8 then knows its place and length as constants.
 * (Views of a growing buffer are ten times slower; a view per function costs a load and two checks per call.)
 *
 * An address is an index in doubles from the start; 0, where the header lies, means "none". Memory is not given back.
 */

/** Under this key workers find it. */
export const ARENA_KEY = 'ttprof.arena';
const MAGIC = 0x7470_7266;
/** Halved until the system grants it. */
const RESERVED_BYTES = 8 * ADDRESS_LIMIT;
const LEAST_RESERVED_BYTES = 2 ** 20;
/** One budget for the samples that are kept in time order, all threads and functions together. */
const SERIES_BUDGET_BYTES = 64 * 2 ** 20;
const LARGEST_SERIES_SHARE = 1 / 2;
/** Threads take memory in slabs, so that no two of them write to the same cache line. */
const SLAB_DOUBLES = 4096;
const BYTES_PER_DOUBLE = 8;

// The header, in 32-bit words.
const WORD_MAGIC = 0;
const WORD_FREE = 1; // address of the first unallocated double
const WORD_THREADS = 2; // address of the newest thread's record
const WORD_SERIES = 3; // bytes taken from the budget for series
const HEADER_DOUBLES = 16;

const buffer = open();
/** All of the arena, in doubles. */
export const heap = new Float64Array(buffer);
/** The same memory in 32-bit words: word `2 * address` and the next are the double at `address`. */
export const heapWords = new Int32Array(buffer);
/** The same memory in clock readings, one in the place of each double. */
export const heapReadings = new BigInt64Array(buffer);

/** A worker whose environment carries none (its parent runs without the preload) gets one of its own. */
function open(): SharedArrayBuffer {
  if (!isMainThread) {
    const inherited = readShared(ARENA_KEY);
    if (inherited instanceof SharedArrayBuffer && new Int32Array(inherited, 0, 1)[0] === MAGIC)
      return inherited;
  }
  const reserved = reserve();
  const header = new Int32Array(reserved, 0, 2);
  header[WORD_MAGIC] = MAGIC;
  header[WORD_FREE] = HEADER_DOUBLES;
  shareWithWorkers(ARENA_KEY, reserved);
  return reserved;
}

function reserve(): SharedArrayBuffer {
  for (let bytes = RESERVED_BYTES; ; bytes /= 2) {
    try {
      return new SharedArrayBuffer(bytes + 8 * BEYOND_LIMIT);
    } catch (error) {
      if (bytes <= LEAST_RESERVED_BYTES) throw error;
    }
  }
}

let slab = 0;
let slabLeft = 0;

/** @returns the address of `doubles` zeros, or 0 where the arena is full */
export function allocate(doubles: number): number {
  if (doubles > SLAB_DOUBLES / 4) return allocateShared(doubles);
  if (slabLeft < doubles) {
    slab = allocateShared(SLAB_DOUBLES);
    if (slab === 0) {
      slabLeft = 0;
      return 0;
    }
    slabLeft = SLAB_DOUBLES;
  }
  const address = slab;
  slab += doubles;
  slabLeft -= doubles;
  return address;
}

function allocateShared(doubles: number): number {
  const address = Atomics.add(heapWords, WORD_FREE, doubles);
  if (address + doubles <= heap.length - BEYOND_LIMIT) return address;
  Atomics.sub(heapWords, WORD_FREE, doubles);
  return 0;
}

/** @returns whether `bytes` more may be used for series */
export function takeSeriesBytes(bytes: number): boolean {
  const budget = Math.min(SERIES_BUDGET_BYTES, heap.length * BYTES_PER_DOUBLE * LARGEST_SERIES_SHARE);
  if (Atomics.add(heapWords, WORD_SERIES, bytes) + bytes <= budget) return true;
  Atomics.sub(heapWords, WORD_SERIES, bytes);
  return false;
}

/** Writes text into the arena. @returns its address and its length in bytes, in UTF-8; address 0 where it is full */
export function writeText(text: string): { address: number; bytes: number } {
  const encoded = Buffer.from(text);
  const address = allocate(Math.ceil(encoded.length / BYTES_PER_DOUBLE));
  if (address !== 0) new Uint8Array(buffer, address * BYTES_PER_DOUBLE, encoded.length).set(encoded);
  return { address, bytes: encoded.length };
}

export function readText(address: number, bytes: number): string {
  return Buffer.from(new Uint8Array(buffer, address * BYTES_PER_DOUBLE, bytes)).toString();
}

/** This thread's record in the arena. */
export const thread = createThread();

function createThread(): number {
  const address = allocate(THREAD_DOUBLES);
  heap[address + THREAD_ID] = threadId;
  heap[address + THREAD_ORIGIN] = originNs;
  return address;
}

let joined = false;

/** Puts this thread into the list of those that record; Node's threads for loader hooks load this module as well. */
export function joinThreads(): void {
  if (joined) return;
  joined = true;
  let newest: number;
  do {
    newest = newestThread();
    heap[thread + THREAD_NEXT] = newest;
  } while (Atomics.compareExchange(heapWords, WORD_THREADS, newest, thread) !== newest);
}

/** @returns the address of the newest thread's record */
export function newestThread(): number {
  return Atomics.load(heapWords, WORD_THREADS);
}
