import * as math from '../captured-math.js';
import { originNs } from '../clock/clock.js';
import {
  ADDRESS_LIMIT,
  BEYOND_LIMIT,
  BLOCK_NEXT,
  THREAD_DOUBLES,
  THREAD_ID,
  THREAD_NEXT,
  THREAD_ORIGIN,
  THREAD_SERIES_BYTES,
} from './layout.js';
import { isHooksThread, isMainThread, readShared, shareWithWorkers, threadId } from './threads.js';

/*
 * The memory in which all threads of a process record: one SharedArrayBuffer, made by the main thread and handed to
 * workers through their environment data, so that the main thread still reads what a worker recorded after it was
 * terminated. It is as large as it can ever be needed, which costs address space only (the system grants pages as they
 * are touched), and so one view over all of it serves every access: V8 then knows its place and length as constants.
 * (Views of a growing buffer are ten times slower; a view per function costs a load and two checks per call.)
 *
 * An address is an index in doubles from the start; 0, where the header lies, means "none". A thread takes memory in
 * blocks that are its own; those of a worker that has ended, and was read, are used again (`read/ended-workers.ts`).
 */

/** Under this key workers find it. */
export const ARENA_KEY = 'ttprof.arena';
const MAGIC = 0x7470_7266;
/** Halved until the system grants it. */
const RESERVED_BYTES = 8 * ADDRESS_LIMIT;
const MIN_RESERVED_BYTES = 2 ** 20;
/** One budget for the samples that are kept in time order, all threads and functions together. */
const SERIES_BUDGET_BYTES = 64 * 2 ** 20;
const MAX_SERIES_SHARE = 1 / 2;
/** Threads take memory in slabs, so that no two of them write to the same cache line. */
const SLAB_DOUBLES = 4096;
const BYTES_PER_DOUBLE = 8;
/** A hooks thread runs nothing that is measured, and ends without notice. */
const HOOKS_SLAB_DOUBLES = 256;

// A block of one thread's, in 32-bit words: what comes before the memory itself.
const BLOCK_NEXT_WORD = 0;
const BLOCK_OWNER_WORD = 1;
const BLOCK_DOUBLES_WORD = 2;
const BLOCK_HEADER = 2; // doubles
/** What a block has in the place of its owner while it has none. */
export const NOBODY = 0;
/** What it has there for a thread: never 0, which the main thread's id is. */
export const ownerOf = (id: number): number => id + 1;

// The header, in 32-bit words.
const WORD_MAGIC = 0;
const WORD_FREE = 1; // address of the first unallocated double
const WORD_THREADS = 2; // address of the newest thread's record
const WORD_SERIES = 3; // bytes taken from the budget for series
const WORD_FRAMES = 4; // address of the newest block of frames
const WORD_UNSEEN = 5; // threads of which something is missing here, because there was no room
const WORD_BLOCKS = 6; // address of the newest block that belongs to one thread
const HEADER_DOUBLES = 16;

// Captured: the program may replace them.
const { add, compareExchange, load, store, sub } = Atomics;
const { from: toBuffer } = Buffer;

const slabDoubles = isHooksThread() ? HOOKS_SLAB_DOUBLES : SLAB_DOUBLES;
const { buffer, firstSlab, full } = open();
/** All of the arena, in doubles. */
export const heap = new Float64Array(buffer);
/** The same memory in 32-bit words: word `2 * address` and the next are the double at `address`. */
export const heapWords = new Int32Array(buffer);
/** The same memory in clock readings, one in the place of each double. */
export const heapReadings = new BigInt64Array(buffer);
const bytes = new Uint8Array(buffer);

/**
 * A worker whose environment carries no arena (its parent runs without the preload), or one without room, gets one of its
 * own, which the main thread does not see.
 */
function open() {
  let full: Int32Array | null = null;
  const inherited = isMainThread ? undefined : readShared(ARENA_KEY);
  if (inherited instanceof SharedArrayBuffer) {
    const words = new Int32Array(inherited);
    if (words[WORD_MAGIC] === MAGIC) {
      const firstSlab = takeBlock(words, slabDoubles);
      if (firstSlab !== 0) return { buffer: inherited, firstSlab, full };
      full = words;
    }
  }
  const reserved = reserve();
  const words = new Int32Array(reserved);
  words[WORD_MAGIC] = MAGIC;
  words[WORD_FREE] = HEADER_DOUBLES;
  shareWithWorkers(ARENA_KEY, reserved);
  return { buffer: reserved, firstSlab: takeBlock(words, slabDoubles), full };
}

function reserve(): SharedArrayBuffer {
  for (let bytes = RESERVED_BYTES; ; bytes /= 2) {
    try {
      return new SharedArrayBuffer(bytes + 8 * BEYOND_LIMIT);
    } catch (error) {
      if (bytes <= MIN_RESERVED_BYTES) throw error;
    }
  }
}

let slab = firstSlab;
let slabLeft = slabDoubles;

/** @returns the address of `doubles` zeros, or 0 where the arena is full */
export function allocate(doubles: number): number {
  if (doubles > SLAB_DOUBLES / 4) return takeBlock(heapWords, doubles);
  if (slabLeft < doubles) {
    slab = takeBlock(heapWords, SLAB_DOUBLES);
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

/** Like {@link allocate}, but {@link releaseBlocks} does not take the memory back: who gets it has to hand it on. */
export function allocateShared(doubles: number): number {
  return takeFrom(heapWords, doubles);
}

/** @param words of an arena @returns the address of `doubles` zeros that are this thread's until it has ended */
function takeBlock(words: Int32Array, doubles: number): number {
  const owner = ownerOf(threadId);
  for (let block = load(words, WORD_BLOCKS); block !== 0; block = words[2 * block + BLOCK_NEXT_WORD]!) {
    if (words[2 * block + BLOCK_DOUBLES_WORD] !== doubles) continue;
    if (compareExchange(words, 2 * block + BLOCK_OWNER_WORD, NOBODY, owner) === NOBODY)
      return block + BLOCK_HEADER;
  }
  const block = takeFrom(words, BLOCK_HEADER + doubles);
  if (block === 0) return 0;
  words[2 * block + BLOCK_OWNER_WORD] = owner;
  words[2 * block + BLOCK_DOUBLES_WORD] = doubles;
  let newest: number;
  do {
    newest = load(words, WORD_BLOCKS);
    words[2 * block + BLOCK_NEXT_WORD] = newest;
  } while (compareExchange(words, WORD_BLOCKS, newest, block) !== newest);
  return block + BLOCK_HEADER;
}

/** Leaves all blocks of a thread that has ended to others. Nothing may refer to them any more. */
export function releaseBlocks(id: number): void {
  for (
    let block = load(heapWords, WORD_BLOCKS);
    block !== 0;
    block = heapWords[2 * block + BLOCK_NEXT_WORD]!
  ) {
    if (heapWords[2 * block + BLOCK_OWNER_WORD] !== ownerOf(id)) continue;
    const begin = block + BLOCK_HEADER;
    heap.fill(0, begin, begin + heapWords[2 * block + BLOCK_DOUBLES_WORD]!);
    store(heapWords, 2 * block + BLOCK_OWNER_WORD, NOBODY);
  }
}

/** The part of the arena that was taken, used again or not. */
export function usedShare(): number {
  return load(heapWords, WORD_FREE) / heap.length;
}

/** @param words of an arena @returns as {@link allocate}, from what all threads share */
function takeFrom(words: Int32Array, doubles: number): number {
  const address = add(words, WORD_FREE, doubles);
  if (address + doubles <= words.length / 2 - BEYOND_LIMIT) return address;
  sub(words, WORD_FREE, doubles);
  return 0;
}

/** @returns whether `bytes` more may be used for series */
export function takeSeriesBytes(bytes: number): boolean {
  const budget = math.min(SERIES_BUDGET_BYTES, heap.length * BYTES_PER_DOUBLE * MAX_SERIES_SHARE);
  if (add(heapWords, WORD_SERIES, bytes) + bytes <= budget) {
    heap[thread + THREAD_SERIES_BYTES]! += bytes;
    return true;
  }
  sub(heapWords, WORD_SERIES, bytes);
  return false;
}

/** Writes text into the arena. @returns its address and its length in bytes, in UTF-8; address 0 where it is full */
export function writeText(text: string): { address: number; bytes: number } {
  const encoded = toBuffer(text);
  const address = allocate(math.ceil(encoded.length / BYTES_PER_DOUBLE));
  if (address !== 0) bytes.set(encoded, address * BYTES_PER_DOUBLE);
  return { address, bytes: encoded.length };
}

/**
 * Writes other text where there is some.
 * @param room the length in bytes of what is there
 * @returns the new length; null where it does not fit
 */
export function overwriteText(address: number, room: number, text: string): number | null {
  const encoded = toBuffer(text);
  if (address === 0 || encoded.length > room) return null;
  bytes.set(encoded, address * BYTES_PER_DOUBLE);
  return encoded.length;
}

export function readText(address: number, length: number): string {
  const start = address * BYTES_PER_DOUBLE;
  return toBuffer(bytes.slice(start, start + length)).toString();
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
  if (full !== null) noteUnseen();
  push(WORD_THREADS, thread, thread + THREAD_NEXT);
}

/** @returns the address of the newest thread's record */
export function newestThread(): number {
  return load(heapWords, WORD_THREADS);
}

/**
 * Takes the record of a thread that has ended out of the list, and what it used of the budget for series with it. Only
 * for the main thread: no other one walks or mends the list, others put themselves at its head.
 */
export function removeThread(ended: number): void {
  sub(heapWords, WORD_SERIES, heap[ended + THREAD_SERIES_BYTES]!);
  const next = heap[ended + THREAD_NEXT]!;
  if (compareExchange(heapWords, WORD_THREADS, ended, next) === ended) return;
  let before = newestThread();
  while (before !== 0 && heap[before + THREAD_NEXT] !== ended) before = heap[before + THREAD_NEXT]!;
  if (before !== 0) heap[before + THREAD_NEXT] = next;
}

/** Puts a block of frames into the list of all threads'. */
export function pushFrames(block: number): void {
  push(WORD_FRAMES, block, block + BLOCK_NEXT);
}

/** @returns the address of the newest block of frames */
export function newestFrames(): number {
  return load(heapWords, WORD_FRAMES);
}

/** Puts what lies at an address at the head of a list. @param next where it keeps the address of what comes after it */
function push(head: number, address: number, next: number): void {
  let newest: number;
  do {
    newest = load(heapWords, head);
    heap[next] = newest;
  } while (compareExchange(heapWords, head, newest, address) !== newest);
}

let isUnseen = false;

/** Notes that something of this thread is recorded nowhere, for lack of room. */
export function noteUnseen(): void {
  if (!isUnseen) add(full ?? heapWords, WORD_UNSEEN, 1);
  isUnseen = true;
}

/** @returns of how many threads something is missing */
export function countUnseen(): number {
  return load(heapWords, WORD_UNSEEN);
}
