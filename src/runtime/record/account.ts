import { HIGH_WORD, LOW_WORD, readClock as readBigint, toNs, writeReading } from '../clock/clock.js';
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
  FRAME_CALL,
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
  SAMPLED,
  SAMPLED_OUTERMOST,
  SELF,
  SPENT,
  START,
  TIMED,
  TOTAL,
} from '../memory/layout.js';
import { changeCaller } from '../memory/site.js';
import { addSample } from './sample.js';
import { topWord as ownTopWord } from './shadow-stack.js';

// What the recorder does with one frame and one call, as functions that calls which can pause, --sample and --settle
// share. The hot path in recorder.ts has the same written out.

/** The result of the last {@link chargeFrame}: the same object each time, so that nothing is allocated. */
export const lastCharge = {
  /** Corrected, callees included. */
  ns: 0,
  selfNs: 0,
  /** What measuring added to it. */
  lostNs: 0,
};

export const { openFrame, frameStartNs, chargeFrame } = createAccount();

/** See sample.ts for why all of this is made in a function. */
function createAccount() {
  const heap = arenaHeap;
  const heapWords = arenaWords;
  const heapReadings = arenaReadings;
  const readClock = readBigint;
  const thread = ownThread;
  const topWord = ownTopWord;
  const charge = lastCharge;

  /**
   * Begins a timed frame; the clock is read last. `sample` as in {@link chargeFrame}. Where V8's stack is full a function
   * fails as it is called: depth and stack change together or not at all, and `unwind` takes back both.
   */
  function openFrame(frame: FrameAddress, site: SiteAddress, mark: number, sample: number): void {
    heapWords[2 * (site + DEPTH)]!++;
    heapWords[topWord] = frame + FRAME_DOUBLES;
    heap[frame + FRAME_SITE] = site;
    heap[frame + FRAME_CALL] = mark;
    heap[frame + FRAME_LOST] = heap[thread + LOST]!;
    heap[frame + FRAME_SPENT] = sample > 1 ? 0 : heap[thread + SPENT]!;
    heapReadings[frame + FRAME_START] = readClock();
  }

  /** @returns when a frame began, in ns as {@link nowNs} counts them */
  function frameStartNs(frame: FrameAddress): number {
    const word = 2 * (frame + FRAME_START);
    return toNs(heapWords[word + HIGH_WORD]! >>> 0, heapWords[word + LOW_WORD]! >>> 0);
  }

  /**
   * Finds out what time a frame took, and charges it to what encloses it. The result is in {@link lastCharge}.
   *
   * Where one call in `sample` is timed, most callees are not, so the running total of time spent cannot tell what they
   * took. There a frame sums up what its direct callees of the same kind took, each standing for `sample` calls.
   * @param frame its address; it has been taken off the stack
   */
  function chargeFrame(frame: FrameAddress, endNs: number, sample: number): void {
    const spentNs = heap[frame + FRAME_SPENT]!;
    const calleesNs = sample > 1 ? spentNs : heap[thread + SPENT]! - spentNs;
    const lostNs = heap[thread + INNER]! + (heap[thread + LOST]! - heap[frame + FRAME_LOST]!);
    let ns = endNs - frameStartNs(frame) - lostNs;
    if (sample > 1) {
      if (!(ns > 0)) ns = 0;
      const caller = frame - FRAME_DOUBLES;
      const mark = heap[caller + FRAME_CALL]!;
      if (mark === TIMED || mark > 0) heap[caller + FRAME_SPENT]! += ns * sample;
    } else {
      if (!(ns > calleesNs)) ns = calleesNs;
      heap[thread + SPENT] = spentNs + ns;
    }
    heap[thread + LOST]! += heap[thread + OUTER]!;
    heap[frame + FRAME_CALL] = 0;
    charge.ns = ns;
    charge.selfNs = ns - calleesNs;
    charge.lostNs = lostNs;
  }

  return { openFrame, frameStartNs, chargeFrame };
}

/** Counts, without a duration, a call that was open. */
export function countCall(site: SiteAddress, caller: number, nested: boolean, threw: boolean): void {
  if (caller !== arenaHeap[site + CALLER]!) changeCaller(site, caller);
  arenaHeap[site + OPEN]!--;
  arenaHeap[site + (nested ? NESTED : OUTERMOST)]!++;
  if (threw) arenaHeap[site + ERRORS]!++;
}

/** What is recorded of a call that has ended. */
export interface EndedCall {
  readonly caller: number;
  readonly nested: boolean;
  readonly startNs: number;
  readonly ns: number;
  readonly activeNs: number;
  readonly selfNs: number;
  readonly threw: boolean;
}

/** Records a call that was open, and whose frame has left the stack. */
export function recordCall(site: SiteAddress, call: EndedCall, sample: number): void {
  if (call.caller !== arenaHeap[site + CALLER]!) changeCaller(site, call.caller);
  arenaHeap[site + OPEN]!--;
  if (call.nested) {
    arenaHeap[site + NESTED]!++;
    arenaHeap[site + NESTED_TOTAL]! += call.ns;
  } else {
    arenaHeap[site + OUTERMOST]!++;
    arenaHeap[site + TOTAL]! += call.ns;
    arenaHeap[site + ACTIVE]! += call.activeNs;
  }
  arenaHeap[site + SELF]! += call.selfNs - call.ns;
  if (sample > 1) {
    arenaHeap[site + SAMPLED]!++;
    if (!call.nested) arenaHeap[site + SAMPLED_OUTERMOST]!++;
  }
  if (call.threw) arenaHeap[site + ERRORS]!++;
  writeReading(arenaWords, 2 * (ownThread + START), call.startNs);
  addSample(site, 2 * (ownThread + START), call.ns);
}
