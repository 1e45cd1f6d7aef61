import { clz32 as capturedClz32, floor, log2, min } from '../captured-math.js';
import { HIGH_WORD, LOW_WORD, toNs } from '../clock/clock.js';
import type { SiteAddress } from '../contract.js';
import { heap as arenaHeap, heapWords as arenaWords } from '../memory/arena.js';
import {
  ADDRESS_MASK,
  MAX,
  MIN,
  PAGES,
  SHIFT,
  SHIFTED_SQUARES,
  SHIFTED_SUM,
  UNTIL_KEPT,
} from '../memory/layout.js';
import { countInNewPage } from '../memory/site.js';
import { keepSample } from './keep-sample.js';

/** Bucket of durations of 2 ** 31 ns and more; see `bucketIndex` in contract/histogram.ts. */
export function wideBucket(ns: number): number {
  const clamped = min(ns, 2 ** 53);
  let octave = floor(log2(clamped)) - 8;
  if (clamped < 2 ** (octave + 8)) octave--; // log2 can round up just below a power of two
  return octave * 256 + floor(clamped / 2 ** octave);
}

function startNs(start: number): number {
  return toNs(arenaWords[start + HIGH_WORD]! >>> 0, arenaWords[start + LOW_WORD]! >>> 0);
}

/*
 * The hot path, here and in recorder.ts, is made by functions that are called once: V8 compiles their constants into the
 * code. It does not do so with what a module imports, nor, in a bundle, with what was a constant of a module.
 */
/**
 * Adds a sample to a function's statistics.
 * @param start where the clock's reading at the call's start lies, in 32-bit words
 */
export const addSample = createAddSample();

function createAddSample(): (site: SiteAddress, start: number, ns: number) => void {
  const heap = arenaHeap;
  const heapWords = arenaWords;
  const clz32 = capturedClz32;
  return function addSample(address: SiteAddress, start: number, ns: number): void {
    const site = address & ADDRESS_MASK;
    if (ns < heap[site + MIN]!) {
      if (heap[site + MIN] === Number.POSITIVE_INFINITY) heap[site + SHIFT] = ns; // the first one
      heap[site + MIN] = ns;
    }
    if (ns > heap[site + MAX]!) heap[site + MAX] = ns;
    const difference = ns - heap[site + SHIFT]!;
    heap[site + SHIFTED_SUM]! += difference;
    heap[site + SHIFTED_SQUARES]! += difference * difference;

    let bucket: number;
    if (ns < 2 ** 31) {
      const whole = ns | 0;
      // The leading nine bits, and how many follow them.
      const octave = 23 - clz32(whole | 256);
      bucket = (octave << 8) + (whole >> octave);
    } else bucket = wideBucket(ns);
    const page = heapWords[2 * (site + PAGES) + ((bucket >> 6) & 255)]! & ADDRESS_MASK;
    if (page === 0) countInNewPage(site as SiteAddress, bucket);
    else heap[page + (bucket & 63)]!++;

    const untilKept = heap[site + UNTIL_KEPT]! - 1;
    heap[site + UNTIL_KEPT] =
      untilKept === 0 ? keepSample(site as SiteAddress, startNs(start), ns) : untilKept;
  };
}
