import { awaitWith, intrinsicThen as capturedThen, isPlain } from '../captured-then.js';
import { HIGH_WORD, LOW_WORD, nowNs, readClock as readBigint, WORD_NS } from '../clock/clock.js';
import type { FrameAddress, SiteAddress } from '../contract.js';
import {
  heap as arenaHeap,
  heapReadings as arenaReadings,
  heapWords as arenaWords,
  thread as ownThread,
} from '../memory/arena.js';
import {
  ACTIVE,
  CALLER,
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
  READING,
  SAMPLED,
  SAMPLED_OUTERMOST,
  SELF,
  SPENT,
  START,
  TOTAL,
} from '../memory/layout.js';
import { changeCaller } from '../memory/site.js';
import { chargeFrame, countCall, lastCharge } from './account.js';
import { addSample } from './sample.js';
import { topWord as ownTopWord, unwind } from './shadow-stack.js';

/*
 * A call of an async function that is seen from outside only: its stand-in got the function's promise, and the call
 * ends when that settles. The program gets a promise that follows, one turn of the microtask queue later: so its
 * rejection is the program's to handle, and exactly as unhandled as it would be.
 *
 * The object with what is known of the call meanwhile, and with the two functions that the promise calls back, is used
 * again for later calls, so that the promise that follows is all that a call allocates. A call that never waits then takes
 * 1.1 to 1.25 times as long as a rewritten one. It took 1.4 to 1.5 times as long where an async function awaited the
 * promise, 1.3 to 1.5 times with `then` and two new functions for each call, and 2.4 µs and more with V8's promise hooks.
 */

/** What `sample` is for a call that is counted, not timed. */
const COUNTED = 0;
/** How many objects of ended calls are kept for later calls, about 400 bytes each; the rest is left to the collector. */
const MAX_IDLE = 1024;

export const { leaveTimed, leaveSampled, leaveCounted } = createPromisedCalls();

/** See sample.ts for why all of this is made in a function. */
function createPromisedCalls() {
  const { apply } = Reflect;
  const heap = arenaHeap;
  const heapWords = arenaWords;
  const heapReadings = arenaReadings;
  const readClock = readBigint;
  const thread = ownThread;
  const topWord = ownTopWord;
  const intrinsicThen = capturedThen;
  const highWord = HIGH_WORD;
  const lowWord = LOW_WORD;
  /** Where a reading is put to be read as two words. */
  const reading = thread + READING;
  const readingHigh = 2 * reading + HIGH_WORD;
  const readingLow = 2 * reading + LOW_WORD;
  /** Where the start's reading is put for its sample. */
  const start = 2 * (thread + START);

  let idle: PromisedCall | null = null;
  let idleCount = 0;

  /** @returns the last reading less another one, in ns */
  function since(high: number, low: number): number {
    return (heapWords[readingHigh]! - high) * WORD_NS + ((heapWords[readingLow]! >>> 0) - (low >>> 0));
  }

  class PromisedCall {
    site = 0;
    sample = COUNTED;
    caller = 0;
    nested = false;
    /** The two words of the clock's reading. */
    startHigh = 0;
    startLow = 0;
    // NaN and not 0: V8 would lay out a field for small integers, and lay it out anew for the first other number.
    activeNs = Number.NaN;
    selfNs = Number.NaN;
    lostNs = Number.NaN;
    /** The next in the list of objects that no call uses. */
    next: PromisedCall | null = null;

    readonly fulfilled = (value: unknown): unknown => {
      this.finish(false);
      return value;
    };

    readonly rejected = (reason: unknown): never => {
      this.finish(true);
      throw reason;
    };

    /** @returns the promise that the program gets */
    follow(promise: Promise<unknown>): Promise<unknown> {
      return isPlain(promise)
        ? apply(intrinsicThen, promise, [this.fulfilled, this.rejected])
        : awaitWith(promise, this);
    }

    /** As `recordCall` in account.ts. */
    finish(threw: boolean): void {
      heapReadings[reading] = readClock();
      const { site, caller, nested, sample } = this;
      if (sample === COUNTED) countCall(site as SiteAddress, caller, nested, threw);
      else {
        const { startHigh, startLow, activeNs } = this;
        const lastedNs = since(startHigh, startLow) - this.lostNs;
        const ns = lastedNs > activeNs ? lastedNs : activeNs;
        if (caller !== heap[site + CALLER]!) changeCaller(site as SiteAddress, caller);
        heap[site + OPEN]!--;
        if (nested) {
          heap[site + NESTED]!++;
          heap[site + NESTED_TOTAL]! += ns;
        } else {
          heap[site + OUTERMOST]!++;
          heap[site + TOTAL]! += ns;
          heap[site + ACTIVE]! += activeNs;
        }
        heap[site + SELF]! += this.selfNs - ns;
        if (sample > 1) {
          heap[site + SAMPLED]!++;
          if (!nested) heap[site + SAMPLED_OUTERMOST]!++;
        }
        if (threw) heap[site + ERRORS]!++;
        heapWords[start + highWord] = startHigh;
        heapWords[start + lowWord] = startLow;
        addSample(site as SiteAddress, start, ns);
      }
      if (idleCount === MAX_IDLE) return;
      idleCount++;
      this.next = idle;
      idle = this;
    }
  }

  /**
   * Takes a frame off the stack. To be called before anything that could fail because V8's stack is full.
   * @returns whether the call is nested in another one of its function
   */
  function takeOff(site: SiteAddress, frame: FrameAddress): boolean {
    if (heapWords[topWord] !== frame + FRAME_DOUBLES) unwind(frame + FRAME_DOUBLES);
    heapWords[topWord] = frame;
    const depth = heapWords[2 * (site + DEPTH)]! - 1;
    heapWords[2 * (site + DEPTH)] = depth;
    return depth > 0;
  }

  /** An object for a call whose frame has been taken off the stack. */
  function takeIdle(site: SiteAddress, frame: FrameAddress, nested: boolean, sample: number): PromisedCall {
    let call = idle;
    if (call === null) call = new PromisedCall();
    else {
      idle = call.next;
      idleCount--;
    }
    call.site = site;
    call.caller = heap[frame - FRAME_DOUBLES + FRAME_SITE]!;
    call.nested = nested;
    call.sample = sample;
    call.startHigh = heapWords[2 * (frame + FRAME_START) + highWord]!;
    call.startLow = heapWords[2 * (frame + FRAME_START) + lowWord]!;
    return call;
  }

  /** A timed call has returned its promise: takes its frame off the stack. As `chargeFrame` in account.ts. */
  function leaveTimed(site: SiteAddress, frame: FrameAddress): PromisedCall {
    heapReadings[reading] = readClock();
    const nested = takeOff(site, frame);
    const call = takeIdle(site, frame, nested, 1);
    const spentNs = heap[frame + FRAME_SPENT]!;
    const calleesNs = heap[thread + SPENT]! - spentNs;
    const lostNs = heap[thread + INNER]! + (heap[thread + LOST]! - heap[frame + FRAME_LOST]!);
    let ns = since(call.startHigh, call.startLow) - lostNs;
    if (!(ns > calleesNs)) ns = calleesNs;
    heap[thread + SPENT] = spentNs + ns;
    heap[thread + LOST]! += heap[thread + OUTER]!;
    call.activeNs = ns;
    call.selfNs = ns - calleesNs;
    call.lostNs = lostNs;
    return call;
  }

  /** The same where one call in `sample` is timed. */
  function leaveSampled(site: SiteAddress, frame: FrameAddress, sample: number): PromisedCall {
    const endNs = nowNs();
    const nested = takeOff(site, frame);
    chargeFrame(frame, endNs, sample);
    const call = takeIdle(site, frame, nested, sample);
    call.activeNs = lastCharge.ns;
    call.selfNs = lastCharge.selfNs;
    call.lostNs = lastCharge.lostNs;
    return call;
  }

  /** The same of a call that is counted. */
  function leaveCounted(site: SiteAddress, frame: FrameAddress): PromisedCall {
    return takeIdle(site, frame, takeOff(site, frame), COUNTED);
  }

  return { leaveTimed, leaveSampled, leaveCounted };
}
