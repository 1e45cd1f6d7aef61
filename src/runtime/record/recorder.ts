/*
 * How a call is recorded
 * ======================
 *
 * A measured function runs `enter(site)` before its body and `exit(site, token, value)` after it, in a `finally`.
 * Between the two clock readings nothing else of ours runs; outside of them, a few dozen loads and stores into memory
 * that was laid out beforehand. No call allocates, and no statistics are computed here: they follow from what is
 * stored, once, at the end. (A closure or an object per call made a call 3.7 times as expensive as two clock readings.)
 *
 * Three running totals do the work that one would expect of trees:
 *
 *   SPENT   is the time spent in measured calls so far. A frame keeps its value at the call's start. At the end,
 *           the difference is what the callees took, so the call's own time is its duration less that; then SPENT
 *           is set to the start's value plus the whole duration, for what encloses this call. The sum of all own
 *           times is therefore the total of the outermost calls, exactly, whatever recursion there was.
 *
 *   LOST    is the time that measuring itself has added so far: each call adds the constant OUTER when it ends.
 *           A frame keeps its value at the start too; the difference is what the calls inside this one added to it,
 *           however deeply nested, and is subtracted, with INNER, what a call adds to itself. Anything else that we do
 *           at length (growing a series, calibrating) adds its measured duration to LOST and so vanishes as well.
 *
 *   DEPTH   of a site is how often it is on the stack: only calls that leave it at 0 add to the total.
 *
 * Everything lies in one array of doubles, the arena (arena.ts, layout.ts), which all threads of the process share. V8
 * knows its place and length as constants, so that a field of a record is one instruction away. The frames of running
 * calls lie there too, innermost last. The token of a call is the place of its frame, which makes the stack repair
 * itself: whatever lies above an ending call's frame has ended without our noticing (a stack overflow inside `exit`) and
 * is unwound. Beyond 65,536 measured frames calls are counted and not timed.
 *
 * Each sample goes into a bucket by its leading bits (256 per power of two, so 0.2 % at most), into sums of differences
 * from the first sample, and, each first, then every second, every fourth, … into the series. Who called is not
 * written at each call: only a change of caller is, which moves what was recorded since the last one to a list.
 *
 * A call that can pause (async functions and generators) is an object, as its function is one to V8 as well. Its
 * frame is on the stack only while its code runs, so that what runs in between sees the stack that it would see
 * without it. An async function's duration is that from start to settling, a generator's the time in its body.
 *
 * Modes (--sample, --cpu, --settle) are other classes with the same methods, chosen once at start, never branches.
 *
 * What was tried, and what it added to a call of 60 to 75 ns (Node 20 to 26, two readings of `performance.now` took
 * as long): a view per function instead of one array, 2 ns; `performance.now` for the clock, 13; names instead of numbers
 * for the layout's fields, which makes `addSample` too large for V8 to inline into `exit`, 15; variables of a bundle's top
 * level, 12. (V8 inlines what has 460 bytes of bytecode, what was inlined into it included, as --trace-turbo-inlining
 * shows: `enter` into measured functions and `addSample` into `exit`, which itself is too large to be inlined.)
 */
import { types } from 'node:util';
import { HIGH_WORD, LOW_WORD, nsBetween, readClock as readBigint } from '../clock/clock.js';
import type {
  CallProbe,
  FrameAddress,
  ModuleProbe,
  SiteAddress,
  SiteIndex,
  StepsProbe,
} from '../contract.js';
import {
  heap as arenaHeap,
  heapReadings as arenaReadings,
  heapWords as arenaWords,
  thread as ownThread,
} from '../memory/arena.js';
import {
  ADDRESS_MASK,
  CALLER,
  DEEP,
  DEPTH,
  ERRORS,
  FRAME_DOUBLES,
  FRAME_LOST,
  FRAME_SITE,
  FRAME_SPENT,
  FRAME_START,
  INNER,
  LOST,
  NESTED,
  NESTED_TOTAL,
  OPEN,
  OUTER,
  OUTERMOST,
  PROMISES,
  READING,
  SELF,
  SITE_SHIFT,
  SPENT,
  TOTAL,
} from '../memory/layout.js';
import { changeCaller } from '../memory/site.js';
import { beginCall } from './call.js';
import { NO_CALL } from './no-probe.js';
import { leaveTimed } from './promised-call.js';
import { beginSteps } from './promised-steps.js';
import { addSample } from './sample.js';
import { topWord as ownTopWord, ownWord as ownWorkWord, stackLimit, unwind } from './shadow-stack.js';

const { isPromise } = types;

/** The token of calls for which the shadow stack has no room, or that are not recorded. No frame lies there. */
export const TOO_DEEP = 0;

/** Counts an error where a call returned the probe itself, which means that it threw; and promises. */
export function countObject(probe: ModuleProbe, site: SiteAddress, value: object): void {
  if (value === probe) arenaHeap[site + ERRORS]!++;
  else if (isPromise(value)) arenaHeap[site + PROMISES]!++;
}

/** Ends a call that got no frame: it was deeper than the shadow stack reaches, and counts, or is ttprof's own work. */
export function exitDeep(probe: { readonly ownDepth: number }, site: SiteAddress, value: unknown): void {
  if (isOwnCall(probe)) return;
  arenaHeap[site + NESTED]!++;
  arenaHeap[site + DEEP]!++;
  if (value === probe) arenaHeap[site + ERRORS]!++;
}

/** Is a call part of ttprof's own work? */
export function isOwnCall({ ownDepth }: { readonly ownDepth: number }): boolean {
  return arenaWords[ownWorkWord]! > ownDepth;
}

/** The probe of a module when every call is timed. */
export const Probe = createProbeClass();
export type Probe = InstanceType<typeof Probe>;

/** See sample.ts for why the class is made in a function. */
function createProbeClass() {
  const heap = arenaHeap;
  const heapWords = arenaWords;
  const heapReadings = arenaReadings;
  const readClock = readBigint;
  const thread = ownThread;
  const topWord = ownTopWord;
  const limit = stackLimit;
  const ownWord = ownWorkWord;
  const highWord = HIGH_WORD;
  const lowWord = LOW_WORD;
  /** Where the end's reading is put to be read as two words. */
  const reading = thread + READING;
  const readingHigh = 2 * reading + HIGH_WORD;
  const readingLow = 2 * reading + LOW_WORD;

  return class Probe implements ModuleProbe {
    /** Address of the record of the module's first function; the others follow. */
    sites: SiteAddress;
    /**
     * What ttprof itself calls is not recorded. That can be a measured function where the program has replaced a
     * built-in one: it would record its own recording, without end.
     */
    ownDepth = 0;

    constructor(sites: SiteAddress) {
      this.sites = sites;
    }

    enter(index: SiteIndex): number {
      const site = ((this.sites + (index << SITE_SHIFT)) & ADDRESS_MASK) as SiteAddress;
      const frame = (heapWords[topWord]! & ADDRESS_MASK) as FrameAddress;
      if (frame >= limit || heapWords[ownWord]! > this.ownDepth) return TOO_DEEP;
      heapWords[2 * (site + DEPTH)]!++;
      heapWords[topWord] = frame + FRAME_DOUBLES;
      heap[frame + FRAME_SITE] = site;
      heap[frame + FRAME_LOST] = heap[thread + LOST]!;
      heap[frame + FRAME_SPENT] = heap[thread + SPENT]!;
      heapReadings[frame + FRAME_START] = readClock();
      return frame;
    }

    exit(index: SiteIndex, token: number, value: unknown): void {
      heapReadings[reading] = readClock();
      const frame = (token & ADDRESS_MASK) as FrameAddress;
      const site = ((this.sites + (index << SITE_SHIFT)) & ADDRESS_MASK) as SiteAddress;
      if (frame === TOO_DEEP) {
        exitDeep(this, site, value);
        return;
      }
      if (heapWords[topWord] !== frame + FRAME_DOUBLES) unwind(frame + FRAME_DOUBLES);
      heapWords[topWord] = frame;
      // before anything that fails where V8's stack is full: later calls would be taken for nested ones
      const depth = heapWords[2 * (site + DEPTH)]! - 1;
      heapWords[2 * (site + DEPTH)] = depth;
      const start = 2 * (frame + FRAME_START);
      const high = heapWords[readingHigh]! - heapWords[start + highWord]!;
      let ns = (heapWords[readingLow]! - heapWords[start + lowWord]!) >>> 0;
      // the lower word has run over, which it does every four seconds
      if (high !== 0) ns = nsBetween(heapWords, start, 2 * reading);
      const spentNs = heap[frame + FRAME_SPENT]!;
      const calleesNs = heap[thread + SPENT]! - spentNs;
      const lostNs = heap[thread + LOST]!;
      ns -= heap[thread + INNER]! + (lostNs - heap[frame + FRAME_LOST]!);
      // Correction must not make a call shorter than what it called.
      if (!(ns > calleesNs)) ns = calleesNs;
      heap[thread + SPENT] = spentNs + ns;
      heap[thread + LOST] = lostNs + heap[thread + OUTER]!;

      const caller = heap[frame - FRAME_DOUBLES + FRAME_SITE]!;
      if (caller !== heap[site + CALLER]!) changeCaller(site, caller);
      if (depth === 0) {
        heap[site + OUTERMOST]!++;
        heap[site + TOTAL]! += ns;
      } else {
        heap[site + NESTED]!++;
        heap[site + NESTED_TOTAL]! += ns;
      }
      if (calleesNs !== 0) heap[site + SELF]! -= calleesNs;
      addSample(site, start, ns);
      if (typeof value === 'object' && value !== null) countObject(this, site, value);
    }

    /** What a mode has to do where a call was left open until a promise settles. */
    afterSettling(_site: number, _frame: number): void {}

    start(index: SiteIndex, idle = false): CallProbe {
      if (isOwnCall(this)) return NO_CALL;
      return beginCall((this.sites + (index << SITE_SHIFT)) as SiteAddress, 1, idle);
    }

    begin(index: SiteIndex): number {
      const token = this.enter(index);
      heap[((this.sites + (index << SITE_SHIFT)) & ADDRESS_MASK) + OPEN]!++;
      return token;
    }

    follow(index: SiteIndex, token: number, promise: unknown): unknown {
      const site = ((this.sites + (index << SITE_SHIFT)) & ADDRESS_MASK) as SiteAddress;
      if (token === TOO_DEEP || promise === this) {
        this.exit(index, token, promise);
        heap[site + OPEN]!--;
        return promise;
      }
      const call = leaveTimed(site, token as FrameAddress);
      this.afterSettling(site, token);
      return call.follow(promise as Promise<unknown>);
    }

    beginSteps(index: SiteIndex, waits: boolean): StepsProbe {
      return beginSteps(
        ((this.sites + (index << SITE_SHIFT)) & ADDRESS_MASK) as SiteAddress,
        waits,
        1,
        false,
      );
    }
  };
}
