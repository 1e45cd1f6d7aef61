import { ownWork, type SiteAddress } from '../contract.js';
import { heap as arenaHeap, heapWords as arenaWords, thread as ownThread } from '../memory/arena.js';
import {
  ADDRESS_MASK,
  CHUNK_SAMPLES,
  FLUSH_DUE,
  KEEPING,
  KEPT_UNTIL_DUE,
  LOST,
  SERIES_LENGTH,
  SERIES_STRIDE,
  WARMUP,
} from '../memory/layout.js';
import { appendSample } from '../memory/series.js';
import { clearStatistics } from '../memory/site.js';
import { runDueWork } from '../process/due-work.js';

/**
 * Keeps a sample for a function's series, and does what is due in a program that never yields.
 *
 * Of a function's first 8,192 calls every one is kept, so it is the cost of these: where the place is known and nothing
 * is due, a few stores. (By way of a map of chunks, as where it is not, it took 30 ns more.) What encloses the call is not
 * charged for either.
 * @returns after how many further timed calls the next one is due
 */
export const keepSample = createKeepSample();

/** See sample.ts for why all of this is made in a function. */
function createKeepSample(): (address: SiteAddress, startNs: number, durationNs: number) => number {
  const heap = arenaHeap;
  const heapWords = arenaWords;
  const thread = ownThread;
  const keptUntilDue = 2 * (thread + KEPT_UNTIL_DUE);
  return function keepSample(address: SiteAddress, startNs: number, durationNs: number): number {
    const site = address & ADDRESS_MASK;
    const lengthWord = 2 * (site + SERIES_LENGTH);
    const place = heapWords[lengthWord + 1]! & ADDRESS_MASK;
    const left = heapWords[keptUntilDue]! - 1;
    if (place === 0 || left <= 0 || startNs >= heap[thread + FLUSH_DUE]!)
      return keepSlowly(address, startNs, durationNs);
    heapWords[keptUntilDue] = left;
    heap[place] = startNs;
    heap[place + 1] = durationNs;
    const length = heapWords[lengthWord]! + 1;
    heapWords[lengthWord] = length;
    heapWords[lengthWord + 1] = length % CHUNK_SAMPLES === 0 ? 0 : place + 2;
    heap[thread + LOST]! += heap[thread + KEEPING]!;
    return heapWords[2 * (site + SERIES_STRIDE)]!;
  };
}

function keepSlowly(site: SiteAddress, startNs: number, durationNs: number): number {
  // what this calls may itself have a stand-in: `globalThis:Map.get`
  ownWork.words[ownWork.at]!++;
  try {
    return runDueWork(startNs, () => addToSeries(site, startNs, durationNs));
  } finally {
    ownWork.words[ownWork.at]!--;
  }
}

function addToSeries(site: SiteAddress, startNs: number, durationNs: number): number {
  if (arenaHeap[site + WARMUP] === 0) return appendSample(site, startNs, durationNs);
  arenaHeap[site + WARMUP] = 0;
  clearStatistics(site);
  return 1;
}
