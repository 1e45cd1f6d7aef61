import { ownWork, type SiteAddress } from '../contract.js';
import { heap } from '../memory/arena.js';
import { WARMUP } from '../memory/layout.js';
import { appendSample } from '../memory/series.js';
import { clearStatistics } from '../memory/site.js';
import { runDueWork } from '../process/due-work.js';

/**
 * Keeps a sample for a function's series, and does what is due in a program that never yields.
 * @returns after how many further timed calls the next one is due
 */
export function keepSample(site: SiteAddress, startNs: number, durationNs: number): number {
  // what this calls may itself have a stand-in: `globalThis:Map.get`
  ownWork.words[ownWork.at]!++;
  try {
    runDueWork(startNs);
    if (heap[site + WARMUP] === 0) return appendSample(site, startNs, durationNs);
    heap[site + WARMUP] = 0;
    clearStatistics(site);
    return 1;
  } finally {
    ownWork.words[ownWork.at]!--;
  }
}
