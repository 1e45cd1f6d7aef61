import type { ModuleDescription, SiteAddress } from '../contract.js';
import { heap, heapWords, readText, thread } from '../memory/arena.js';
import {
  MODULE_JSON,
  MODULE_JSON_BYTES,
  MODULE_NEXT,
  MODULE_SITE_COUNT,
  MODULE_SITES,
  SITE_DOUBLES,
  THREAD_MODULES,
} from '../memory/layout.js';
import type { DrilledSite } from './fold-profile.js';

// Captured: the program may replace it.
const { parse } = JSON;

/** All functions that are measured in this thread. */
export function listSites(): DrilledSite[] {
  const sites: DrilledSite[] = [];
  for (
    let module = heapWords[2 * (thread + THREAD_MODULES)]!;
    module !== 0;
    module = heap[module + MODULE_NEXT]!
  ) {
    const text = readText(heap[module + MODULE_JSON]!, heap[module + MODULE_JSON_BYTES]!);
    const described = parse(text) as ModuleDescription;
    for (const [index, description] of described.sites
      .slice(0, heap[module + MODULE_SITE_COUNT]!)
      .entries()) {
      sites.push({
        site: (heap[module + MODULE_SITES]! + index * SITE_DOUBLES) as SiteAddress,
        description: { ...description, file: description.file ?? described.file },
      });
    }
  }
  return sites;
}
