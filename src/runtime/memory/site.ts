import * as math from '../captured-math.js';
import { type FunctionKind, type ModuleDescription, ownWork, type SiteAddress } from '../contract.js';
import { allocate, heap, heapWords, thread, writeText } from './arena.js';
import {
  ALLOCATION,
  CALLER,
  CALLER_CALLS,
  CALLER_TOTAL,
  DEPTH,
  EDGE_CALLER,
  EDGE_CALLS,
  EDGE_DOUBLES,
  EDGE_NEXT,
  EDGE_TOTAL,
  EDGES,
  KIND,
  MAX,
  MAX_PAGES,
  MIN,
  MODULE_DOUBLES,
  MODULE_JSON,
  MODULE_JSON_BYTES,
  MODULE_NEXT,
  MODULE_SITE_COUNT,
  MODULE_SITES,
  NESTED,
  OPEN,
  ORDINAL,
  OUTERMOST,
  PAGE_BUCKETS,
  PAGES,
  SHIFT,
  SHIFTED_SQUARES,
  SHIFTED_SUM,
  SITE_DOUBLES,
  THREAD_MODULES,
  TOTAL,
  UNBUCKETED,
  UNTIL_KEPT,
  UNTIL_TIMED,
} from './layout.js';
import { clearSeries, giveUpSeries } from './series.js';

// Captured: the program may replace it.
const { store } = Atomics;

export const KINDS: readonly FunctionKind[] = ['sync', 'async', 'generator', 'async-generator'];

/** What {@link KIND} is for the kind whose duration does not include the waiting. */
export const KIND_GENERATOR = KINDS.indexOf('generator');

/** Where the arena is full. */
const NO_SITES = 0 as SiteAddress;

/** Memory that periods of the API gave back, by length in doubles. */
const freed = new Map<number, number[]>();

/** How many sites this thread has, those of periods left out. */
let siteCount = 0;

/**
 * Makes the records of a module's functions, which the main thread can read from now on.
 * @returns the address of the first; the others follow. 0 where the arena is full
 */
export function addModule(json: string, { sites }: ModuleDescription): SiteAddress {
  const text = writeText(json);
  const module = allocate(MODULE_DOUBLES);
  const first = addSites(
    sites.map((site) => site.kind),
    siteCount,
  );
  if (text.address === 0 || module === 0 || first === 0) return NO_SITES;
  siteCount += sites.length;
  heap[module + MODULE_JSON] = text.address;
  heap[module + MODULE_JSON_BYTES] = text.bytes;
  heap[module + MODULE_SITES] = first;
  heap[module + MODULE_SITE_COUNT] = sites.length;
  heap[module + MODULE_NEXT] = heapWords[2 * (thread + THREAD_MODULES)]!;
  // last, and so that other threads see all that was written before (arm64 reorders plain stores)
  store(heapWords, 2 * (thread + THREAD_MODULES), module);
  return first;
}

/**
 * Records of functions that no module's list shows.
 * @param ordinal of the first
 * @returns the address of the first, 0 where the arena is full
 */
export function addSites(kinds: readonly FunctionKind[], ordinal = 0): SiteAddress {
  const first = take(math.max(1, kinds.length) * SITE_DOUBLES) as SiteAddress;
  if (first === 0) return NO_SITES;
  for (const [index, kind] of kinds.entries()) {
    const site = first + index * SITE_DOUBLES;
    heap[site + KIND] = KINDS.indexOf(kind);
    heap[site + ORDINAL] = ordinal + index;
    heap[site + UNTIL_TIMED] = 1;
    clearStatistics(site as SiteAddress);
  }
  return first;
}

/**
 * The record for the bytes that a site's calls allocate, with all samples in its histogram and none in a series.
 * @returns its address, 0 where the arena is full
 */
export function addAllocation(site: SiteAddress): SiteAddress {
  const own = addSites([KINDS[heap[site + KIND]!]!]);
  if (own !== 0) heap[own + UNTIL_KEPT] = Number.POSITIVE_INFINITY;
  return own;
}

/** Forgets what was timed, not what was counted. Totals stay. */
export function clearStatistics(site: SiteAddress): void {
  heap[site + MIN] = Number.POSITIVE_INFINITY;
  heap[site + MAX] = 0;
  heap[site + SHIFT] = 0;
  heap[site + SHIFTED_SUM] = 0;
  heap[site + SHIFTED_SQUARES] = 0;
  heap[site + UNBUCKETED] = 0;
  heap[site + UNTIL_KEPT] = 1;
  for (let number = 0; number < MAX_PAGES; number++) {
    const page = heapWords[2 * (site + PAGES) + number]!;
    if (page !== 0) heap.fill(0, page, page + PAGE_BUCKETS);
  }
  clearSeries(site);
}

/** Gives back the memory of sites that nobody reads any more. Refused while calls of theirs are open. */
export function removeSites(first: number, count: number): boolean {
  const end = first + count * SITE_DOUBLES;
  for (let site = first; site < end; site += SITE_DOUBLES)
    if (heapWords[2 * (site + DEPTH)] !== 0 || heap[site + OPEN] !== 0) return false;
  for (let site = first; site < end; site += SITE_DOUBLES) {
    for (let number = 0; number < MAX_PAGES; number++)
      give(heapWords[2 * (site + PAGES) + number]!, PAGE_BUCKETS);
    for (let edge = heap[site + EDGES]!; edge !== 0; ) {
      const next = heap[edge + EDGE_NEXT]!;
      give(edge, EDGE_DOUBLES);
      edge = next;
    }
    giveUpSeries(site as SiteAddress);
    const allocation = heap[site + ALLOCATION]!;
    if (allocation !== 0) removeSites(allocation, 1);
  }
  for (let site = first; site < end; site += SITE_DOUBLES) edgesOf.delete(site);
  give(first, math.max(1, count) * SITE_DOUBLES);
  return true;
}

/** `doubles` zeros, from what was given back if there is any. */
function take(doubles: number): number {
  return freed.get(doubles)?.pop() ?? allocate(doubles);
}

function give(address: number, doubles: number): void {
  if (address === 0) return;
  heap.fill(0, address, address + doubles);
  const list = freed.get(doubles);
  if (list === undefined) freed.set(doubles, [address]);
  else list.push(address);
}

/** The first sample of a page of the histogram: makes the page. */
export function countInNewPage(site: SiteAddress, bucket: number): void {
  ownWork.words[ownWork.at]!++;
  try {
    const page = take(PAGE_BUCKETS);
    if (page === 0) {
      heap[site + UNBUCKETED]!++;
      return;
    }
    heap[page + (bucket % PAGE_BUCKETS)] = 1;
    heapWords[2 * (site + PAGES) + math.floor(bucket / PAGE_BUCKETS)] = page;
  } finally {
    ownWork.words[ownWork.at]!--;
  }
}

/**
 * Another function calls than before: what was recorded since the last change belongs to the one before.
 * To be called before the new caller's call is recorded.
 */
export function changeCaller(site: SiteAddress, caller: number): void {
  const calls = heap[site + OUTERMOST]! + heap[site + NESTED]!;
  const total = heap[site + TOTAL]!;
  if (calls !== heap[site + CALLER_CALLS]!) {
    const edge = findEdge(site, heap[site + CALLER]!);
    if (edge !== 0) {
      heap[edge + EDGE_CALLS]! += calls - heap[site + CALLER_CALLS]!;
      heap[edge + EDGE_TOTAL]! += total - heap[site + CALLER_TOTAL]!;
    }
    heap[site + CALLER_CALLS] = calls;
    heap[site + CALLER_TOTAL] = total;
  }
  heap[site + CALLER] = caller;
}

/** Where lists would be long, a map finds the edge: callers that alternate change at every call. */
const MAX_SEARCH_STEPS = 8;
const edgesOf = new Map<number, Map<number, number>>();

function findEdge(site: SiteAddress, caller: number): number {
  let edge = heap[site + EDGES]!;
  for (let step = 0; edge !== 0 && step < MAX_SEARCH_STEPS; step++) {
    if (heap[edge + EDGE_CALLER] === caller) return edge;
    edge = heap[edge + EDGE_NEXT]!;
  }
  ownWork.words[ownWork.at]!++;
  try {
    return edge === 0 ? addEdge(site, caller) : findEdgeInMap(site, caller);
  } finally {
    ownWork.words[ownWork.at]!--;
  }
}

function findEdgeInMap(site: SiteAddress, caller: number): number {
  let byCaller = edgesOf.get(site);
  if (byCaller === undefined) {
    byCaller = new Map();
    for (let edge = heap[site + EDGES]!; edge !== 0; edge = heap[edge + EDGE_NEXT]!)
      byCaller.set(heap[edge + EDGE_CALLER]!, edge);
    edgesOf.set(site, byCaller);
  }
  const known = byCaller.get(caller) ?? addEdge(site, caller);
  byCaller.set(caller, known);
  return known;
}

function addEdge(site: SiteAddress, caller: number): number {
  const edge = take(EDGE_DOUBLES);
  if (edge === 0) return 0;
  heap[edge + EDGE_CALLER] = caller;
  heap[edge + EDGE_NEXT] = heap[site + EDGES]!;
  heap[site + EDGES] = edge;
  return edge;
}
