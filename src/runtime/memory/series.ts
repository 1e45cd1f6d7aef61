import * as math from '../captured-math.js';
import type { SiteAddress } from '../contract.js';
import { allocate, heap, heapWords, takeSeriesBytes } from './arena.js';
import {
  CHUNK_DOUBLES,
  CHUNK_HEADER,
  CHUNK_NEXT,
  CHUNK_SAMPLES,
  CHUNKS,
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
 * Adds a sample, and notes where the next one goes (see keep-sample.ts).
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
    return strideOf(site) / 2;
  }
  if (lengthOf(site) === chunks.addresses.length * CHUNK_SAMPLES && !grow(chunks)) {
    if (chunks.addresses.length === 0) return Number.MAX_SAFE_INTEGER; // no memory at all
    // All chunks are full, so the length is even: this sample is one that stays.
    halve(chunks);
  }
  const length = lengthOf(site);
  const at = placeOf(chunks, length);
  heap[at] = startNs;
  heap[at + 1] = durationNs;
  setLength(site, length + 1);
  if ((length + 1) % CHUNK_SAMPLES !== 0) heapWords[2 * (site + SERIES_LENGTH) + 1] = at + 2;
  return strideOf(site);
}

function lengthOf(site: SiteAddress): number {
  return heapWords[2 * (site + SERIES_LENGTH)]!;
}

function strideOf(site: SiteAddress): number {
  return heapWords[2 * (site + SERIES_STRIDE)]!;
}

/** Where the next sample goes has to be looked for then. */
function setLength(site: SiteAddress, length: number): void {
  heapWords[2 * (site + SERIES_LENGTH)] = length;
  heapWords[2 * (site + SERIES_LENGTH) + 1] = 0;
}

/** Forgets all samples; the room stays. */
export function clearSeries(site: SiteAddress): void {
  setLength(site, 0);
  heapWords[2 * (site + SERIES_STRIDE)] = 1;
  const chunks = bySite.get(site);
  if (chunks !== undefined) chunks.skipNext = false;
}

/** Gives back all of a function's room. */
export function giveUpSeries(site: SiteAddress): void {
  freeChunks.push(...(bySite.get(site)?.addresses ?? []));
  bySite.delete(site);
  heap[site + CHUNKS] = 0;
  setLength(site, 0);
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
  // The system grants a page as it is touched first, which takes microseconds: here, and not within a call.
  heap[address + CHUNK_DOUBLES - 1] = 0;
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
  longest.skipNext = lengthOf(longest.site) % 2 === 1;
  halve(longest);
  const { addresses, site } = longest;
  const needed = math.max(1, math.ceil(lengthOf(site) / CHUNK_SAMPLES));
  freeChunks.push(...addresses.splice(needed));
  heap[addresses.at(-1)! + CHUNK_NEXT] = 0;
  return freeChunks.pop() ?? 0;
}

/** Keeps every second sample. */
function halve(chunks: Chunks): void {
  const { site } = chunks;
  const kept = math.ceil(lengthOf(site) / 2);
  for (let sample = 1; sample < kept; sample++) {
    const from = placeOf(chunks, 2 * sample);
    const to = placeOf(chunks, sample);
    heap[to] = heap[from]!;
    heap[to + 1] = heap[from + 1]!;
  }
  setLength(site, kept);
  heapWords[2 * (site + SERIES_STRIDE)]! *= 2;
}
