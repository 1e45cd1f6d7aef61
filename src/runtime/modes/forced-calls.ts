import type { SiteAddress } from '../contract.js';
import { heap } from '../memory/arena.js';
import {
  FIRST_NS,
  FORCED,
  NESTED,
  OPEN,
  OUTERMOST,
  SAMPLED_OUTERMOST,
  UNTIL_TIMED,
} from '../memory/layout.js';

// Under --sample: the calls that are timed whatever is drawn, so that no function that ran has a total of 0.

/** So many outermost calls of a recursive function are timed before they are left to chance. */
const MIN_OUTERMOST = 8;

/**
 * A recursive function may have a single outermost call, which no draw would meet: its first ones are timed. Of a
 * function that does not call itself the first call is no better than others, and slower: it is not kept.
 */
export function keepsForced(site: SiteAddress, ns: number): boolean {
  const forced = heap[site + FORCED]!;
  heap[site + FORCED] = 0;
  heap[site + FIRST_NS] = ns;
  if (heap[site + NESTED] === 0) return false;
  if (heap[site + SAMPLED_OUTERMOST]! + 1 < MIN_OUTERMOST) {
    heap[site + FORCED] = forced;
    heap[site + UNTIL_TIMED] = 1;
  }
  return true;
}

/** How many calls that `--warmup` leaves out are still to come; none of them is drawn. */
export function coldCallsLeft(site: SiteAddress): number {
  const warmup = heap[site + FORCED]! - 1;
  if (!(warmup > 0)) return 0;
  const left = warmup - heap[site + OUTERMOST]! - heap[site + NESTED]!;
  return left > 0 ? left : 0;
}

/** Is the outermost call that ends one of them? The first one is, however many it contains. */
export function isColdOutermost(site: SiteAddress): boolean {
  return heap[site + FORCED]! > 1 && (heap[site + OUTERMOST] === 0 || coldCallsLeft(site) > 0);
}

/** Has no call of a function that can pause begun yet? */
export function isFirstCall(site: SiteAddress): boolean {
  return heap[site + OUTERMOST]! + heap[site + NESTED]! + heap[site + OPEN]! === 0;
}
