import type { Histogram, SiteAddress } from '../contract.js';
import { heap, heapWords } from '../memory/arena.js';
import { MAX_PAGES, PAGE_BUCKETS, PAGES } from '../memory/layout.js';

/** The histogram in a site's record. */
export function collectHistogram(site: SiteAddress): Histogram {
  const indices: number[] = [];
  const counts: number[] = [];
  for (let number = 0; number < MAX_PAGES; number++) {
    const page = heapWords[2 * (site + PAGES) + number]!;
    if (page === 0) continue;
    for (let bucket = 0; bucket < PAGE_BUCKETS; bucket++) {
      const count = heap[page + bucket]!;
      if (count === 0) continue;
      indices.push(number * PAGE_BUCKETS + bucket);
      counts.push(count);
    }
  }
  return { indices, counts };
}
