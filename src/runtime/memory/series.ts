import * as math from '../captured-math.js';
import { nowNs } from '../clock/clock.js';
import type { SiteAddress } from '../contract.js';
import { allocate, heap, takeSeriesBytes, thread } from './arena.js';
import {
  CHUNK_DOUBLES,
  CHUNK_HEADER,
  CHUNK_NEXT,
  CHUNK_SAMPLES,
  CHUNKS,
  LOST,
  MAX_SERIES_SAMPLES,
  SERIES_LENGTH,
  SERIES_STRIDE,
} from './layout.js';

/*
 * The samples of one function in time order: every one at first; when there is no more room, every second of them
 * stays, and from then on every second is added, and so on. All functions of the process share one budget; when it is
 * spent, the longest series of the thread gives up half. The first chunk of each function is always granted.
 */

const MAX_CHUNKS = MAX_SERIES_SAMPLES / CHUNK_SAMPLES;
const CHUNK_BYTES = CHUNK_DOUBLES * 8;

/** What the arena need not know of a function's series: its chunks in order, by address. */
interface Chunks {
  readonly site: SiteAddress;
  readonly addresses: number[];
  /** The series was halved between two samples, and the next one falls between two that stay. */
  skipNext: boolean;
}

const bySite = new Map<number, Chunks>();
const freeChunks: number[] = [];

/**
 * Adds a sample.
 * @returns after how many further timed calls the next one is due
 */
export function appendSample(site: SiteAddress, startNs: number, durationNs: number): number {
  let chunks = bySite.get(site);
  if (chunks === undefined) {
    chunks = { site, addresses: [], skipNext: false };
    bySite.set(site, chunks);
  }
  if (chunks.skipNext) {
    chunks.skipNext = false;
    return heap[site + SERIES_STRIDE]! / 2;
  }
  if (heap[site + SERIES_LENGTH]! === chunks.addresses.length * CHUNK_SAMPLES && !grow(chunks)) {
    if (chunks.addresses.length === 0) return Number.MAX_SAFE_INTEGER; // no memory at all
    // All chunks are full, so the length is even: this sample is one that stays.
    halve(chunks);
  }
  const length = heap[site + SERIES_LENGTH]!;
  const at = placeOf(chunks, length);
  heap[at] = startNs;
  heap[at + 1] = durationNs;
  heap[site + SERIES_LENGTH] = length + 1;
  return heap[site + SERIES_STRIDE]!;
}

/** Forgets all samples; the room stays. */
export function clearSeries(site: SiteAddress): void {
  heap[site + SERIES_LENGTH] = 0;
  heap[site + SERIES_STRIDE] = 1;
  const chunks = bySite.get(site);
  if (chunks !== undefined) chunks.skipNext = false;
}

/** Gives back all of a function's room. */
export function giveUpSeries(site: SiteAddress): void {
  freeChunks.push(...(bySite.get(site)?.addresses ?? []));
  bySite.delete(site);
  heap[site + CHUNKS] = 0;
  heap[site + SERIES_LENGTH] = 0;
}

function placeOf({ addresses }: Chunks, sample: number): number {
  return addresses[math.floor(sample / CHUNK_SAMPLES)]! + CHUNK_HEADER + 2 * (sample % CHUNK_SAMPLES);
}

function grow(chunks: Chunks): boolean {
  const { site, addresses } = chunks;
  if (addresses.length >= MAX_CHUNKS) return false;
  let address = freeChunks.pop();
  if (address === undefined) {
    if (takeSeriesBytes(CHUNK_BYTES) || addresses.length === 0) address = allocate(CHUNK_DOUBLES);
    else address = takeFromLongest(addresses.length);
    if (address === 0) return false;
  }
  heap[address + CHUNK_NEXT] = 0;
  const last = addresses.at(-1);
  if (last === undefined) heap[site + CHUNKS] = address;
  else heap[last + CHUNK_NEXT] = address;
  addresses.push(address);
  return true;
}

/** @returns a chunk of a series much longer than `length` chunks, 0 where there is none */
function takeFromLongest(length: number): number {
  // Twice as long, or else two would take from each other forever.
  let most = 2 * length + 1;
  let longest: Chunks | null = null;
  for (const chunks of bySite.values()) {
    if (chunks.addresses.length <= most) continue;
    most = chunks.addresses.length;
    longest = chunks;
  }
  if (longest === null) return 0;
  longest.skipNext = heap[longest.site + SERIES_LENGTH]! % 2 === 1;
  halve(longest);
  const { addresses, site } = longest;
  const needed = math.max(1, math.ceil(heap[site + SERIES_LENGTH]! / CHUNK_SAMPLES));
  freeChunks.push(...addresses.splice(needed));
  heap[addresses.at(-1)! + CHUNK_NEXT] = 0;
  return freeChunks.pop() ?? 0;
}

/** Keeps every second sample. What encloses the present call is not charged for it. */
function halve(chunks: Chunks): void {
  const startNs = nowNs();
  const { site } = chunks;
  const kept = math.ceil(heap[site + SERIES_LENGTH]! / 2);
  for (let sample = 1; sample < kept; sample++) {
    const from = placeOf(chunks, 2 * sample);
    const to = placeOf(chunks, sample);
    heap[to] = heap[from]!;
    heap[to + 1] = heap[from + 1]!;
  }
  heap[site + SERIES_LENGTH] = kept;
  heap[site + SERIES_STRIDE]! *= 2;
  heap[thread + LOST]! += nowNs() - startNs;
}
