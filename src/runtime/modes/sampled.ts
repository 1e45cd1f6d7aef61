import { floor as capturedFloor, log as capturedLog } from '../captured-math.js';
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
  DEPTH,
  FORCED,
  FRAME_CALL,
  FRAME_DOUBLES,
  FRAME_LOST,
  FRAME_SITE,
  FRAME_SPENT,
  FRAME_START,
  INNER,
  LOST,
  MAX,
  NESTED,
  NESTED_TOTAL,
  OPEN,
  OUTER,
  OUTER_OF_TIMED,
  OUTERMOST,
  READING,
  SAMPLED,
  SAMPLED_OUTERMOST,
  SELF,
  SITE_SHIFT,
  TIMED,
  TOTAL,
  UNTIL_TIMED,
} from '../memory/layout.js';
import { changeCaller } from '../memory/site.js';
import { beginCall } from '../record/call.js';
import { CountedCall, FirstCall } from '../record/counted-call.js';
import { NO_CALL } from '../record/no-probe.js';
import { leaveCounted, leaveSampled } from '../record/promised-call.js';
import { beginSteps } from '../record/promised-steps.js';
import { countObject, exitDeep, isOwnCall, TOO_DEEP } from '../record/recorder.js';
import { addSample } from '../record/sample.js';
import { topWord as ownTopWord, ownWord as ownWorkWord, stackLimit, unwind } from '../record/shadow-stack.js';
import { coldCallsLeft, isColdOutermost, isFirstCall, keepsForced } from './forced-calls.js';

// A generator of our own: the program may have replaced Math.random, or count on its sequence (--random-seed).
let state = Number(process.hrtime.bigint() & 0x7fff_ffffn) | 1;

/**
 * How many calls on the next timed one is: geometric, so that each call is timed with the same probability, whatever was
 * timed before. (A uniform gap meets the call right after a timed one half as often; that is its first callee, whose
 * time would count as the caller's own.) No period in the calls meets it more often than others.
 */
export const drawGap = createDrawGap();

/** See sample.ts for why the function is made in another. */
function createDrawGap(): (mean: number) => number {
  const floor = capturedFloor;
  const ln = capturedLog;
  let lastMean = 0;
  let scale = 0;
  return function drawGap(mean) {
    if (mean !== lastMean) {
      lastMean = mean;
      scale = mean > 1 ? 1 / ln(1 - 1 / mean) : 0;
    }
    // xorshift32 (Marsaglia, Xorshift RNGs, Journal of Statistical Software, 2003); never 0
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return 1 + floor(ln((state >>> 0) * 2 ** -32) * scale);
  };
}

/** The probe of a module under `--sample`: every call is counted, one in `sample` timed. */
export const SampledProbe = createSampledProbeClass();
export type SampledProbe = InstanceType<typeof SampledProbe>;

/** See sample.ts for why the class is made in a function. */
function createSampledProbeClass() {
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
  const reading = thread + READING;
  const readingHigh = 2 * reading + HIGH_WORD;
  const readingLow = 2 * reading + LOW_WORD;

  return class SampledProbe implements ModuleProbe {
    sites: SiteAddress;
    readonly sample: number;
    /** As in recorder.ts. */
    ownDepth = 0;

    constructor(sites: SiteAddress, sample: number) {
      this.sites = sites;
      this.sample = sample;
    }

    enter(index: SiteIndex): number {
      const site = ((this.sites + (index << SITE_SHIFT)) & ADDRESS_MASK) as SiteAddress;
      const frame = (heapWords[topWord]! & ADDRESS_MASK) as FrameAddress;
      const untilTimed = heap[site + UNTIL_TIMED]! - 1;
      // one branch and one call for all that is rare: the less there is, the sooner V8 inlines the measured function
      if (!(untilTimed > 0) || frame >= limit || heapWords[ownWord]! > this.ownDepth)
        return this.enterSeldom(site, frame);
      heap[site + UNTIL_TIMED] = untilTimed;
      heapWords[2 * (site + DEPTH)]!++;
      heapWords[topWord] = frame + FRAME_DOUBLES;
      heap[frame + FRAME_SITE] = site;
      return -frame;
    }

    enterSeldom(site: SiteAddress, frame: FrameAddress): number {
      if (frame >= limit || isOwnCall(this)) return TOO_DEEP;
      heap[site + UNTIL_TIMED] = drawGap(this.sample) + coldCallsLeft(site);
      this.enterTimed(site, frame);
      return frame;
    }

    enterTimed(site: SiteAddress, frame: FrameAddress): void {
      // together, as in account.ts
      heapWords[2 * (site + DEPTH)]!++;
      heapWords[topWord] = frame + FRAME_DOUBLES;
      heap[frame + FRAME_SITE] = site;
      heap[frame + FRAME_CALL] = TIMED;
      heap[frame + FRAME_LOST] = heap[thread + LOST]!;
      heap[frame + FRAME_SPENT] = 0;
      heapReadings[frame + FRAME_START] = readClock();
    }

    exit(index: SiteIndex, token: number, value: unknown): void {
      if (token >= 0) {
        this.exitSeldom(index, token, value);
        return;
      }
      const site = ((this.sites + (index << SITE_SHIFT)) & ADDRESS_MASK) as SiteAddress;
      const frame = (-token & ADDRESS_MASK) as FrameAddress;
      if (heapWords[topWord] !== frame + FRAME_DOUBLES) unwind(frame + FRAME_DOUBLES);
      heapWords[topWord] = frame;
      const depth = heapWords[2 * (site + DEPTH)]! - 1;
      heapWords[2 * (site + DEPTH)] = depth;
      const caller = heap[frame - FRAME_DOUBLES + FRAME_SITE]!;
      if (caller !== heap[site + CALLER]!) changeCaller(site, caller);
      heap[site + (depth === 0 ? OUTERMOST : NESTED)]!++;
      if (typeof value === 'object' && value !== null) countObject(this, site, value);
    }

    exitSeldom(index: SiteIndex, token: number, value: unknown): void {
      if (token === TOO_DEEP)
        exitDeep(this, ((this.sites + (index << SITE_SHIFT)) & ADDRESS_MASK) as SiteAddress, value);
      else this.exitTimed(index, token, value);
    }

    exitTimed(index: SiteIndex, token: number, value: unknown): void {
      heapReadings[reading] = readClock();
      const frame = (token & ADDRESS_MASK) as FrameAddress;
      const site = ((this.sites + (index << SITE_SHIFT)) & ADDRESS_MASK) as SiteAddress;
      if (heapWords[topWord] !== frame + FRAME_DOUBLES) unwind(frame + FRAME_DOUBLES);
      heapWords[topWord] = frame;
      const depth = heapWords[2 * (site + DEPTH)]! - 1;
      heapWords[2 * (site + DEPTH)] = depth;
      const start = 2 * (frame + FRAME_START);
      const high = heapWords[readingHigh]! - heapWords[start + highWord]!;
      let ns = (heapWords[readingLow]! - heapWords[start + lowWord]!) >>> 0;
      if (high !== 0) ns = nsBetween(heapWords, start, 2 * reading);
      const lostNs = heap[thread + LOST]!;
      ns -= heap[thread + INNER]! + (lostNs - heap[frame + FRAME_LOST]!);
      if (!(ns > 0)) ns = 0;
      heap[frame + FRAME_CALL] = 0;
      const isForced = depth === 0 && heap[site + FORCED] !== 0;
      // only what was drawn stands for others: as many as are forced would charge for calls that nobody made
      heap[thread + LOST] = lostNs + heap[thread + (isForced ? OUTER_OF_TIMED : OUTER)]!;
      const isCold = isForced && isColdOutermost(site);
      if (isForced) {
        // correction must not make the first call shorter than what it contains, which all that was timed is
        if (heap[site + SAMPLED_OUTERMOST] === 0 && ns < heap[site + MAX]!) ns = heap[site + MAX]!;
        if (!keepsForced(site, ns)) {
          this.countOutermost(site, frame, value);
          return;
        }
      }
      // most callees were only counted: what the timed ones took stands for theirs, as in account.ts
      const calleesNs = heap[frame + FRAME_SPENT]!;
      const mark = heap[frame - FRAME_DOUBLES + FRAME_CALL]!;
      if (mark === TIMED || mark > 0) heap[frame - FRAME_DOUBLES + FRAME_SPENT]! += ns * this.sample;
      const caller = heap[frame - FRAME_DOUBLES + FRAME_SITE]!;
      if (caller !== heap[site + CALLER]!) changeCaller(site, caller);
      // of a call that no draw chose nobody knows its own time: too few of its callees were timed
      if (isForced) heap[site + SELF]! -= ns - calleesNs;
      else heap[site + SAMPLED]!++;
      if (depth === 0) {
        heap[site + OUTERMOST]!++;
        heap[site + SAMPLED_OUTERMOST]!++;
        heap[site + TOTAL]! += ns;
      } else {
        heap[site + NESTED]!++;
        heap[site + NESTED_TOTAL]! += ns;
      }
      heap[site + SELF]! -= calleesNs;
      if (!isCold) addSample(site, start, ns);
      if (typeof value === 'object' && value !== null) countObject(this, site, value);
    }

    /** As if it had not been timed. */
    countOutermost(site: SiteAddress, frame: FrameAddress, value: unknown): void {
      const caller = heap[frame - FRAME_DOUBLES + FRAME_SITE]!;
      if (caller !== heap[site + CALLER]!) changeCaller(site, caller);
      heap[site + OUTERMOST]!++;
      if (typeof value === 'object' && value !== null) countObject(this, site, value);
    }

    start(index: SiteIndex): CallProbe {
      if (isOwnCall(this)) return NO_CALL;
      const site = ((this.sites + (index << SITE_SHIFT)) & ADDRESS_MASK) as SiteAddress;
      const untilTimed = heap[site + UNTIL_TIMED]! - 1;
      if (untilTimed > 0) {
        heap[site + UNTIL_TIMED] = untilTimed;
        return new CountedCall(site);
      }
      const isFirst = isFirstCall(site);
      heap[site + UNTIL_TIMED] = drawGap(this.sample) + (isFirst ? coldCallsLeft(site) : 0);
      return isFirst ? new FirstCall(site) : this.startTimed(site);
    }

    beginSteps(index: SiteIndex, waits: boolean): StepsProbe {
      const site = ((this.sites + (index << SITE_SHIFT)) & ADDRESS_MASK) as SiteAddress;
      const untilTimed = heap[site + UNTIL_TIMED]! - 1;
      if (untilTimed > 0) {
        heap[site + UNTIL_TIMED] = untilTimed;
        return beginSteps(site, waits, null, false);
      }
      const isFirst = isFirstCall(site);
      heap[site + UNTIL_TIMED] = drawGap(this.sample) + coldCallsLeft(site);
      // as every first call, in no statistics
      return isFirst ? beginSteps(site, waits, null, false) : this.beginTimedSteps(site, waits);
    }

    beginTimedSteps(site: SiteAddress, waits: boolean): StepsProbe {
      return beginSteps(site, waits, this.sample, false);
    }

    /** As in recorder.ts. */
    afterSettling(_site: number, _frame: number): void {}

    startTimed(site: SiteAddress): CallProbe {
      return beginCall(site, this.sample);
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
      if (token < 0) return leaveCounted(site, -token as FrameAddress).follow(promise as Promise<unknown>);
      const call = leaveSampled(site, token as FrameAddress, this.sample);
      this.afterSettling(site, token);
      return call.follow(promise as Promise<unknown>);
    }
  };
}
