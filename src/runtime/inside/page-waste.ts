import { getHeapSpaceStatistics } from 'node:v8';
import { round } from '../captured-math.js';

/*
 * V8's young generation consists of pages. The rest of a page that is too small for an object stays empty, and counts
 * as used: of arrays of 100 kB two fit into a page, and every other call seems to allocate 160.
 *
 * Where in its page the next object will lie tells whether a call has begun another page. Calls of one function that did
 * not are exact, and stand in for one that did where the difference can be such a rest: that is smaller than the object
 * that did not fit, which lies on the new page. When the last page is in use V8 goes back to the rests of others, and
 * what is in use says nothing until the next collection.
 */

/** Smaller calls leave no rest that is worth the time to ask, which is 5 to 8 µs. */
const MIN_WASTING_BYTES = 16_384;
const PAGE_BYTES = 2 ** 18;
/** The part of a page that V8 keeps for itself is at most this: 4.4 kB in Node 20 and 22, 16 bytes from 24 on. */
const MAX_PAGE_HEADER_BYTES = 8_192;

/** What asking allocates at the most before V8 counts. */
const OWN_BYTES = 2_048;

// Captured: the program may replace it.
const readSpaces = getHeapSpaceStatistics;

/** What a page holds; 0 where that is not known, and nothing is corrected. */
let pageBytes = 0;
/** By function and stretch: what the last call allocated that was exact. */
const exact = new Map<number, number>();

/** To be called early, while the young generation is small: the number of its pages follows from its size. */
export function learnPageSize(): void {
  const { used, available } = readYoung();
  const pages = round((used + available) / PAGE_BYTES);
  const bytes = (used + available) / pages;
  pageBytes = bytes <= PAGE_BYTES && bytes >= PAGE_BYTES - MAX_PAGE_HEADER_BYTES ? bytes : 0;
}

/** May a call that seems to have allocated so many bytes contain a rest, so that {@link withoutWaste} is to be asked? */
export function mayHoldWaste(key: number, bytes: number): boolean {
  return bytes >= MIN_WASTING_BYTES || exact.has(key);
}

/**
 * To be called right at the end of a call.
 * @param key of its function, and which stretch of the call has ended
 * @param bytes that it seems to have allocated
 * @returns without the rests of pages, as far as that is known
 */
export function withoutWaste(key: number, bytes: number): number {
  if (pageBytes === 0) return bytes;
  const { used, available } = readYoung();
  if (available < pageBytes) return exact.get(key) ?? bytes;
  const onPage = used % pageBytes;
  if (onPage >= bytes) {
    if (bytes >= MIN_WASTING_BYTES) exact.set(key, bytes);
    else exact.delete(key);
    return bytes;
  }
  const likely = exact.get(key) ?? bytes;
  const rest = bytes - likely;
  return rest > 0 && rest < onPage && rest < bytes - onPage + OWN_BYTES ? likely : bytes;
}

function readYoung(): { readonly used: number; readonly available: number } {
  const young = readSpaces().find((space) => space.space_name === 'new_space');
  return { used: young?.space_used_size ?? 0, available: young?.space_available_size ?? 0 };
}
