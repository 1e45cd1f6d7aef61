import type { ModuleDescription, SiteAddress, SiteDescription } from '../contract.js';
import { heap, heapWords, readText } from '../memory/arena.js';
import {
  MODULE_JSON,
  MODULE_JSON_BYTES,
  MODULE_NEXT,
  MODULE_SITE_COUNT,
  MODULE_SITES,
  SITE_DOUBLES,
  THREAD_MODULES,
} from '../memory/layout.js';

// Captured: the program may replace them.
const { load } = Atomics;
const { parse: parseJson } = JSON;

/** A function that is measured, and where its record lies. */
export interface LocatedSite {
  readonly site: SiteAddress;
  readonly description: SiteDescription & { readonly file: string };
}

/**
 * All functions that are measured in a thread, those of the first module first.
 * @param thread the address of its record
 */
export function locateSites(thread: number): LocatedSite[] {
  const located: LocatedSite[] = [];
  for (
    let module = load(heapWords, 2 * (thread + THREAD_MODULES));
    module !== 0;
    module = heap[module + MODULE_NEXT]!
  )
    located.unshift(...locateSitesOfModule(module)); // the list has the newest first
  return located;
}

function locateSitesOfModule(module: number): LocatedSite[] {
  const text = readText(heap[module + MODULE_JSON]!, heap[module + MODULE_JSON_BYTES]!);
  const { file, sites } = parseJson(text) as ModuleDescription;
  const count = heap[module + MODULE_SITE_COUNT]!;
  return sites.slice(0, count).map((description, index) => ({
    site: (heap[module + MODULE_SITES]! + index * SITE_DOUBLES) as SiteAddress,
    description: { ...description, file: description.file ?? file },
  }));
}
