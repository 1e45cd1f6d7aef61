import { min } from '../captured-math.js';
import { HIGH_WORD, LOW_WORD, nowNs, toNs } from '../clock/clock.js';
import type { CallProbe, SiteAddress, SiteIndex } from '../contract.js';
import { heap, heapWords, thread } from '../memory/arena.js';
import { findErrorGroup, findNumberGroup, findTextGroup, MAX_TEXT_LENGTH } from '../memory/groups.js';
import {
  ADDRESS_MASK,
  DEPTH,
  FRAME_SPENT,
  FRAME_START,
  GROUP_SITE,
  GROUP_SUM,
  LOST,
  NESTED,
  NESTED_TOTAL,
  OUTERMOST,
  SITE_SHIFT,
  SPENT,
  START,
  TOTAL,
  WARMUP,
} from '../memory/layout.js';
import { Call } from '../record/call.js';
import { isOwnCall, type Probe, TOO_DEEP } from '../record/recorder.js';
import { addSample } from '../record/sample.js';
import { ownWord, stackBottom, topWord } from '../record/shadow-stack.js';
import { drawGap } from './sampled.js';

/*
 * --by. A call's key is asked for before the call begins, and what that takes is taken out of what encloses it. When
 * the call has been recorded, its group's record gets the same duration: what the recorder has just added to the sums
 * tells it, so that nothing has to be handed on by calls that are not broken down.
 */

// Captured: the program may replace them.
const toText = String;
const Words = Int32Array;
const Doubles = Float64Array;
const SMALL_MASK = 1023;
/** In place of when a key was asked for, where that is not timed: three readings of the clock would double a call. */
const ESTIMATED = -1;
/** So many keys of each function are timed, and later one in so many, at random. */
const TIMED_AT_FIRST = 64;
const CALLS_PER_TIMED_KEY = 16;
/** What the last one that was timed counts in the estimate, and how much longer than that it can count as. */
const WEIGHT_OF_LAST = 1 / 8;
const MOST_TIMES_AS_LONG = 8;
/** Where a call's start is put to be read as two words. */
const ownStart = 2 * (thread + START);

export function breakingDown(Base: typeof Probe): typeof Probe {
  return class BreakingDownProbe extends Base {
    /** By function: addresses of groups of the whole numbers from 0 on, 0 where there is none yet. */
    smallNumbers: (Int32Array | undefined)[] = [];

    /** By function: how many calls within others until the next whose key is timed, how many were, and what it took. */
    untilTimed = new Words(0);
    timedKeys = new Words(0);
    keyNs = new Doubles(0);

    key(index: SiteIndex): number {
      return heapWords[topWord] === stackBottom ? 0 : this.keyWithin(index);
    }

    /** Other calls enclose the one to come. */
    keyWithin(index: SiteIndex): number {
      if (index < this.untilTimed.length && --this.untilTimed[index]! > 0) return ESTIMATED;
      this.timeKey(index);
      return nowNs();
    }

    timeKey(index: SiteIndex): void {
      if (index >= this.timedKeys.length) {
        const length = 2 * index + 1;
        this.untilTimed = extend(this.untilTimed, new Words(length));
        this.timedKeys = extend(this.timedKeys, new Words(length));
        this.keyNs = extend(this.keyNs, new Doubles(length));
      }
      this.untilTimed[index] = ++this.timedKeys[index]! < TIMED_AT_FIRST ? 1 : drawGap(CALLS_PER_TIMED_KEY);
    }

    /** @param ns what a key and its group took @returns that */
    learn(index: SiteIndex, ns: number): number {
      const known = this.keyNs[index]!;
      // a thread that had to wait must not count for the calls after it, too
      this.keyNs[index] =
        known === 0 ? ns : known + (min(ns, MOST_TIMES_AS_LONG * known) - known) * WEIGHT_OF_LAST;
      return ns;
    }

    /** What a key takes that is not timed. */
    estimate(index: SiteIndex): number {
      return this.keyNs[index]!;
    }

    group(index: SiteIndex, key: unknown): number {
      // most numbers are small: an array finds their group without any work that could be noticed
      const small = this.smallNumbers[index];
      if (small !== undefined && typeof key === 'number' && key === (key & SMALL_MASK)) {
        const group = small[key]!;
        if (group !== 0) {
          heap[(group & ADDRESS_MASK) + GROUP_SUM]! += key;
          return group;
        }
      }
      return this.findGroup(index, key);
    }

    /** Throws where the key's conversion to text does. */
    findGroup(index: SiteIndex, key: unknown): number {
      const site = ((this.sites + (index << SITE_SHIFT)) & ADDRESS_MASK) as SiteAddress;
      const isNumber = typeof key === 'number' && key - key === 0;
      const text = isNumber ? '' : typeof key === 'string' ? key : toText(key);
      heapWords[ownWord]!++;
      try {
        if (!isNumber)
          return findTextGroup(site, text.length > MAX_TEXT_LENGTH ? text.slice(0, MAX_TEXT_LENGTH) : text);
        const group = findNumberGroup(site, key);
        if (group !== 0) heap[group + GROUP_SUM]! += key;
        if (key === (key & SMALL_MASK)) (this.smallNumbers[index] ??= new Words(SMALL_MASK + 1))[key] = group;
        return group;
      } catch {
        return 0;
      } finally {
        heapWords[ownWord]!--;
      }
    }

    exitBy(index: SiteIndex, token: number, value: unknown, group: number, since: number): void {
      const frame = token & ADDRESS_MASK;
      const start = 2 * (frame + FRAME_START);
      // before the recorder is through: what is due then, now and then, uses the frame's place for other calls
      const spentNs = heap[frame + FRAME_SPENT]!;
      const startHigh = heapWords[start + HIGH_WORD]!;
      const startLow = heapWords[start + LOW_WORD]!;
      this.exit(index, token, value);
      if (isOwnCall(this)) return;
      const endNs = since > 0 ? nowNs() : 0;
      const site = ((this.sites + (index << SITE_SHIFT)) & ADDRESS_MASK) as SiteAddress;
      const own = ownRecord(site, group);
      if (own === 0) return;
      const isNested = frame === TOO_DEEP || heapWords[2 * (site + DEPTH)] !== 0;
      heap[own + (isNested ? NESTED : OUTERMOST)]!++;
      if (frame === TOO_DEEP) return;
      const ns = heap[thread + SPENT]! - spentNs;
      heap[own + (isNested ? NESTED_TOTAL : TOTAL)]! += ns;
      heapWords[ownStart + HIGH_WORD] = startHigh;
      heapWords[ownStart + LOW_WORD] = startLow;
      if (heap[site + WARMUP] === 0) addSample(own, ownStart, ns);
      if (since !== 0) this.chargeKey(index, toNs(startHigh >>> 0, startLow >>> 0) - since - endNs, since);
    }

    /** What the key took is no time of what encloses the call. @param untilNowNs plus now: that, where it was timed */
    chargeKey(index: SiteIndex, untilNowNs: number, since: number): void {
      heap[thread + LOST]! += since > 0 ? this.learn(index, untilNowNs + nowNs()) : this.estimate(index);
    }

    startBy(index: SiteIndex, group: number, since: number): CallProbe {
      const site = ((this.sites + (index << SITE_SHIFT)) & ADDRESS_MASK) as SiteAddress;
      const own = isOwnCall(this) ? (0 as SiteAddress) : ownRecord(site, group);
      // charged before the call begins: what its own frame has lost is counted from there
      if (since !== 0)
        heap[thread + LOST]! += since > 0 ? this.learn(index, nowNs() - since) : this.estimate(index);
      const call = this.start(index);
      if (own !== 0 && call instanceof Call) recordWithGroup(call, site, own);
      return call;
    }
  };
}

function extend<T extends Int32Array | Float64Array>(numbers: T, longer: T): T {
  longer.set(numbers);
  return longer;
}

/** The record of a group, 0 where there is no memory. */
function ownRecord(site: SiteAddress, group: number): SiteAddress {
  const found = group === 0 ? findErrors(site) : group;
  return (found === 0 ? 0 : heap[(found & ADDRESS_MASK) + GROUP_SITE]! & ADDRESS_MASK) as SiteAddress;
}

function findErrors(site: SiteAddress): number {
  heapWords[ownWord]!++;
  try {
    return findErrorGroup(site);
  } catch {
    return 0;
  } finally {
    heapWords[ownWord]!--;
  }
}

/** When the call is recorded, its group is. */
function recordWithGroup(call: Call, site: SiteAddress, own: SiteAddress): void {
  const open = call as unknown as { finish(threw: boolean): void; ended: boolean };
  const { finish } = open;
  call.isReusable = false;
  open.finish = (threw) => {
    if (open.ended) return;
    const outermost = heap[site + OUTERMOST]!;
    const before = heap[site + TOTAL]! + heap[site + NESTED_TOTAL]!;
    finish.call(open, threw);
    const ns = heap[site + TOTAL]! + heap[site + NESTED_TOTAL]! - before;
    const isOutermost = heap[site + OUTERMOST] !== outermost;
    heap[own + (isOutermost ? OUTERMOST : NESTED)]!++;
    heap[own + (isOutermost ? TOTAL : NESTED_TOTAL)]! += ns;
    if (heap[site + WARMUP] === 0) addSample(own, ownStart, ns);
  };
}
