import { clz32 as capturedClz32, min } from '../captured-math.js';
import { HIGH_WORD, LOW_WORD, nowNs as readNowNs, toNs } from '../clock/clock.js';
import type { CallProbe, SiteAddress, SiteIndex } from '../contract.js';
import {
  allocate,
  heap as arenaHeap,
  heapWords as arenaWords,
  thread as ownThread,
} from '../memory/arena.js';
import { findErrorGroup, findNumberGroup, findTextGroup, MAX_TEXT_LENGTH } from '../memory/groups.js';
import {
  ADDRESS_MASK,
  DEPTH,
  FRAME_SPENT,
  FRAME_START,
  KEY_NS,
  KEY_SUM,
  KEY_WORDS,
  LOST,
  MAX,
  MIN,
  NESTED,
  NESTED_TOTAL,
  OUTERMOST,
  PAGES,
  SELF,
  SHIFT,
  SHIFTED_SQUARES,
  SHIFTED_SUM,
  SITE_SHIFT,
  SMALL_KEY_MASK,
  SPENT,
  START,
  TOTAL,
  UNTIL_KEPT,
  WARMUP,
} from '../memory/layout.js';
import { countInNewPage } from '../memory/site.js';
import { Call } from '../record/call.js';
import { keepSample } from '../record/keep-sample.js';
import { isOwnCall, type Probe, TOO_DEEP } from '../record/recorder.js';
import { addSample, wideBucket } from '../record/sample.js';
import { topWord as ownTopWord, ownWord, stackBottom } from '../record/shadow-stack.js';
import { drawGap } from './sampled.js';

/*
 * --by. A call's key is asked for before the call begins, and what that takes is taken out of what encloses it: to time
 * each key would double a call, so some are timed, and the others are taken to last as long as those. When the call has
 * been recorded, its group's record gets the same duration: what the recorder has just added to the sums tells it, so
 * that nothing has to be handed on by calls that are not broken down.
 */

// Captured: the program may replace it.
const toText = String;
/** So many keys of each function are timed; then fewer and fewer, at random, down to one in so many. */
const TIMED_AT_FIRST = 8;
const CALLS_PER_TIMED_KEY = 128;
/**
 * As many timed keys make the gap one call longer: by the time that it is long, V8 has optimised the function. Not more
 * of them, because V8 inlines what is called often while it watches, in the place of what matters.
 */
const TIMED_PER_GAP = 2;
/** What the last one that was timed counts in the estimate, and how much longer than that it can count as. */
const WEIGHT_OF_LAST = 1 / 8;
const MOST_TIMES_AS_LONG = 8;

/** By function: how many keys were timed. */
const timedKeys = new Map<SiteAddress, number>();

export function breakingDown(Base: typeof Probe): typeof Probe {
  // see sample.ts for why
  const heap = arenaHeap;
  const heapWords = arenaWords;
  const clz32 = capturedClz32;
  const nowNs = readNowNs;
  const thread = ownThread;
  const highWord = HIGH_WORD;
  const lowWord = LOW_WORD;
  const tooDeep = TOO_DEEP;
  const topWord = ownTopWord;
  const bottom = stackBottom;

  return class BreakingDownProbe extends Base {
    key(index: SiteIndex): number {
      // nothing encloses the call
      if (heapWords[topWord] === bottom) return 0;
      const site = (this.sites + (index << SITE_SHIFT)) & ADDRESS_MASK;
      const until = heapWords[2 * (site + KEY_WORDS)]! - 1;
      heapWords[2 * (site + KEY_WORDS)] = until;
      if (until < 0) return timeKey(site as SiteAddress);
      heap[thread + LOST]! += heap[site + KEY_NS]!;
      return 0;
    }

    group(index: SiteIndex, key: unknown): number {
      const site = ((this.sites + (index << SITE_SHIFT)) & ADDRESS_MASK) as SiteAddress;
      // most numbers are small: a table finds their group without any work that could be noticed
      const small = heapWords[2 * (site + KEY_WORDS) + 1]! & ADDRESS_MASK;
      if (small !== 0 && typeof key === 'number' && key === (key & SMALL_KEY_MASK)) {
        const own = heapWords[2 * small + (key & SMALL_KEY_MASK)]! & ADDRESS_MASK;
        if (own !== 0) {
          heap[own + KEY_SUM]! += key;
          return own;
        }
      }
      return findGroup(site, key);
    }

    /** All of it is written out, addSample too: V8 would not inline that here while most samples are kept. */
    exitBy(index: SiteIndex, token: number, value: unknown, group: number, since: number): void {
      const frame = token & ADDRESS_MASK;
      const start = 2 * (frame + FRAME_START);
      // before the recorder is through: what is due then, now and then, uses the frame's place for other calls
      const spentNs = heap[frame + FRAME_SPENT]!;
      const high = heapWords[start + highWord]!;
      const low = heapWords[start + lowWord]!;
      const calleesNs = heap[thread + SPENT]! - spentNs;
      this.exit(index, token, value);
      // by a clock that leaves out what is charged already: what is due now and then
      const endNs = since > 0 ? nowNs() - heap[thread + LOST]! : 0;
      const site = ((this.sites + (index << SITE_SHIFT)) & ADDRESS_MASK) as SiteAddress;
      let own = group & ADDRESS_MASK;
      if (own === 0 || frame === tooDeep) {
        own = findOther(this, site, own, frame);
        if (own === 0) return;
      }
      const ns = heap[thread + SPENT]! - spentNs;
      if (heapWords[2 * (site + DEPTH)] === 0) {
        heap[own + OUTERMOST]!++;
        heap[own + TOTAL]! += ns;
      } else {
        heap[own + NESTED]!++;
        heap[own + NESTED_TOTAL]! += ns;
      }
      if (calleesNs !== 0) heap[own + SELF]! -= calleesNs;
      if (heap[site + WARMUP] === 0) {
        if (ns < heap[own + MIN]!) {
          if (heap[own + MIN] === Number.POSITIVE_INFINITY) heap[own + SHIFT] = ns;
          heap[own + MIN] = ns;
        }
        if (ns > heap[own + MAX]!) heap[own + MAX] = ns;
        const difference = ns - heap[own + SHIFT]!;
        heap[own + SHIFTED_SUM]! += difference;
        heap[own + SHIFTED_SQUARES]! += difference * difference;
        let bucket: number;
        if (ns < 2 ** 31) {
          const whole = ns | 0;
          const octave = 23 - clz32(whole | 256);
          bucket = (octave << 8) + (whole >> octave);
        } else bucket = wideBucket(ns);
        const page = heapWords[2 * (own + PAGES) + ((bucket >> 6) & 255)]! & ADDRESS_MASK;
        if (page === 0) countInNewPage(own as SiteAddress, bucket);
        else heap[page + (bucket & 63)]!++;
        const untilKept = heap[own + UNTIL_KEPT]! - 1;
        heap[own + UNTIL_KEPT] =
          untilKept === 0 ? keepSample(own as SiteAddress, toNs(high >>> 0, low >>> 0), ns) : untilKept;
      }
      if (since > 0)
        learnKey(site, toNs(high >>> 0, low >>> 0) - since + nowNs() - heap[thread + LOST]! - endNs);
    }

    startBy(index: SiteIndex, group: number, since: number): CallProbe {
      const site = ((this.sites + (index << SITE_SHIFT)) & ADDRESS_MASK) as SiteAddress;
      const own = isOwnCall(this)
        ? (0 as SiteAddress)
        : group === 0
          ? findErrors(site)
          : (group as SiteAddress);
      // before the call begins: what its own frame has lost is counted from there
      if (since > 0) learnKey(site, nowNs() - since);
      const call = this.start(index);
      if (own !== 0 && call instanceof Call) recordWithGroup(call, site, own);
      return call;
    }
  };
}

/** @returns when the key is asked for */
function timeKey(site: SiteAddress): number {
  const timed = (timedKeys.get(site) ?? 0) + 1;
  timedKeys.set(site, timed);
  arenaWords[2 * (site + KEY_WORDS)] =
    timed < TIMED_AT_FIRST ? 0 : drawGap(min(CALLS_PER_TIMED_KEY, timed / TIMED_PER_GAP)) - 1;
  return readNowNs();
}

/** Charges what a key and its group took to what encloses the call, and others' keys with the like. */
function learnKey(site: SiteAddress, ns: number): void {
  arenaHeap[ownThread + LOST]! += ns;
  const known = arenaHeap[site + KEY_NS]!;
  // a thread that had to wait must not count for the calls after it, too
  arenaHeap[site + KEY_NS] =
    known === 0 ? ns : known + (min(ns, MOST_TIMES_AS_LONG * known) - known) * WEIGHT_OF_LAST;
}

/** @returns the group's record, 0 where there is no memory. Throws where the key's conversion to text does. */
function findGroup(site: SiteAddress, key: unknown): number {
  const isNumber = typeof key === 'number' && key - key === 0;
  const text = isNumber ? '' : typeof key === 'string' ? key : toText(key);
  arenaWords[ownWord]!++;
  try {
    if (!isNumber)
      return findTextGroup(site, text.length > MAX_TEXT_LENGTH ? text.slice(0, MAX_TEXT_LENGTH) : text);
    const own = findNumberGroup(site, key);
    if (own !== 0) arenaHeap[own + KEY_SUM]! += key;
    if (key === (key & SMALL_KEY_MASK)) noteSmall(site, key, own);
    return own;
  } catch {
    return 0;
  } finally {
    arenaWords[ownWord]!--;
  }
}

function noteSmall(site: SiteAddress, key: number, own: number): void {
  const word = 2 * (site + KEY_WORDS) + 1;
  const small = arenaWords[word]! || allocate((SMALL_KEY_MASK + 1) / 2);
  arenaWords[word] = small;
  if (small !== 0) arenaWords[2 * small + key] = own;
}

/** Of a call whose key threw, or for which the shadow stack had no room, which is counted only, or of ours. */
function findOther(probe: Probe, site: SiteAddress, group: number, frame: number): number {
  if (isOwnCall(probe)) return 0;
  const own = group === 0 ? findErrors(site) : group;
  if (frame !== TOO_DEEP) return own;
  if (own !== 0) arenaHeap[own + NESTED]!++;
  return 0;
}

function findErrors(site: SiteAddress): SiteAddress {
  arenaWords[ownWord]!++;
  try {
    return findErrorGroup(site);
  } catch {
    return 0 as SiteAddress;
  } finally {
    arenaWords[ownWord]!--;
  }
}

/** When the call is recorded, its group is. */
function recordWithGroup(call: Call, site: SiteAddress, own: SiteAddress): void {
  const open = call as unknown as { finish(threw: boolean): void; ended: boolean };
  const { finish } = open;
  call.isReusable = false;
  open.finish = (threw) => {
    if (open.ended) return;
    const outermost = arenaHeap[site + OUTERMOST]!;
    const before = arenaHeap[site + TOTAL]! + arenaHeap[site + NESTED_TOTAL]!;
    const selfBefore = arenaHeap[site + SELF]!;
    finish.call(open, threw);
    const ns = arenaHeap[site + TOTAL]! + arenaHeap[site + NESTED_TOTAL]! - before;
    const isOutermost = arenaHeap[site + OUTERMOST] !== outermost;
    arenaHeap[own + (isOutermost ? OUTERMOST : NESTED)]!++;
    arenaHeap[own + (isOutermost ? TOTAL : NESTED_TOTAL)]! += ns;
    arenaHeap[own + SELF]! += arenaHeap[site + SELF]! - selfBefore;
    if (arenaHeap[site + WARMUP] === 0) addSample(own, 2 * (ownThread + START), ns);
  };
}
