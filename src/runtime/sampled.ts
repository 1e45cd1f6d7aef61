import { chargeFrame, openFrame, stretch } from './account.js';
import { heap as arenaHeap, heapWords as arenaWords } from './arena.js';
import { Call } from './call.js';
import { nowNs } from './clock.js';
import type { CallProbe, ModuleProbe, StepsProbe } from './contract.js';
import { CountedCall } from './counted-call.js';
import {
  ADDRESS_MASK,
  CALLER,
  DEPTH,
  FRAME_DOUBLES,
  FRAME_SITE,
  FRAME_START,
  NESTED,
  NESTED_TOTAL,
  OPEN,
  OUTERMOST,
  SAMPLED,
  SAMPLED_OUTERMOST,
  SELF,
  SITE_SHIFT,
  TIMED,
  TOTAL,
  UNTIL_TIMED,
} from './layout.js';
import { leaveCounted, leaveSampled } from './promised-call.js';
import { beginSteps } from './promised-steps.js';
import { countObject, exitDeep, TOO_DEEP } from './recorder.js';
import { addSample } from './sample.js';
import { limit as framesLimit, topWord as ownTopWord, unwind } from './shadow-stack.js';
import { changeCaller } from './site.js';

// A generator of our own: the program may have replaced Math.random, or count on its sequence (--random-seed).
let state = Number(process.hrtime.bigint() & 0x7fff_ffffn) | 1;

/**
 * How many calls on the next timed one is: uniform from 1 to 2 * mean - 1, so that no period in the calls meets it more
 * often than others (xorshift32).
 */
export function drawGap(mean: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return 1 + ((state >>> 0) % (2 * mean - 1));
}

/** The probe of a module under `--sample`: every call is counted, one in `sample` timed. */
export const SampledProbe = createSampledProbeClass();
export type SampledProbe = InstanceType<typeof SampledProbe>;

/** See sample.ts for why the class is made in a function. */
function createSampledProbeClass() {
  const heap = arenaHeap;
  const heapWords = arenaWords;
  const topWord = ownTopWord;
  const limit = framesLimit;

  return class SampledProbe implements ModuleProbe {
    sites: number;
    readonly sample: number;

    constructor(sites: number, sample: number) {
      this.sites = sites;
      this.sample = sample;
    }

    enter(index: number): number {
      const site = (this.sites + (index << SITE_SHIFT)) & ADDRESS_MASK;
      const frame = heapWords[topWord]! & ADDRESS_MASK;
      if (frame >= limit) return TOO_DEEP;
      heapWords[2 * (site + DEPTH)]!++;
      const untilTimed = heap[site + UNTIL_TIMED]! - 1;
      if (untilTimed > 0) {
        heap[site + UNTIL_TIMED] = untilTimed;
        heapWords[topWord] = frame + FRAME_DOUBLES;
        heap[frame + FRAME_SITE] = site;
        return -frame;
      }
      heap[site + UNTIL_TIMED] = drawGap(this.sample);
      this.enterTimed(site, frame);
      return frame;
    }

    enterTimed(site: number, frame: number): void {
      openFrame(frame, site, TIMED, this.sample);
    }

    exit(index: number, token: number, value: unknown): void {
      if (token > 0) {
        this.exitTimed(index, token, value);
        return;
      }
      const site = (this.sites + (index << SITE_SHIFT)) & ADDRESS_MASK;
      if (token === TOO_DEEP) {
        exitDeep(site, value === this);
        return;
      }
      const frame = -token & ADDRESS_MASK;
      if (heapWords[topWord] !== frame + FRAME_DOUBLES) unwind(frame + FRAME_DOUBLES);
      heapWords[topWord] = frame;
      const depth = heapWords[2 * (site + DEPTH)]! - 1;
      heapWords[2 * (site + DEPTH)] = depth;
      const caller = heap[frame - FRAME_DOUBLES + FRAME_SITE]!;
      if (caller !== heap[site + CALLER]!) changeCaller(site, caller);
      heap[site + (depth === 0 ? OUTERMOST : NESTED)]!++;
      if (typeof value === 'object' && value !== null) countObject(this, site, value);
    }

    exitTimed(index: number, frame: number, value: unknown): void {
      const endNs = nowNs();
      const site = (this.sites + (index << SITE_SHIFT)) & ADDRESS_MASK;
      if (heapWords[topWord] !== frame + FRAME_DOUBLES) unwind(frame + FRAME_DOUBLES);
      heapWords[topWord] = frame;
      const depth = heapWords[2 * (site + DEPTH)]! - 1;
      heapWords[2 * (site + DEPTH)] = depth;
      chargeFrame(frame, endNs, this.sample);
      const { ns, selfNs } = stretch;
      const caller = heap[frame - FRAME_DOUBLES + FRAME_SITE]!;
      if (caller !== heap[site + CALLER]!) changeCaller(site, caller);
      heap[site + SAMPLED]!++;
      if (depth === 0) {
        heap[site + OUTERMOST]!++;
        heap[site + SAMPLED_OUTERMOST]!++;
        heap[site + TOTAL]! += ns;
      } else {
        heap[site + NESTED]!++;
        heap[site + NESTED_TOTAL]! += ns;
      }
      heap[site + SELF]! += selfNs - ns;
      addSample(site, 2 * (frame + FRAME_START), ns);
      if (typeof value === 'object' && value !== null) countObject(this, site, value);
    }

    start(index: number): CallProbe {
      const site = (this.sites + (index << SITE_SHIFT)) & ADDRESS_MASK;
      const untilTimed = heap[site + UNTIL_TIMED]! - 1;
      if (untilTimed > 0) {
        heap[site + UNTIL_TIMED] = untilTimed;
        return new CountedCall(site);
      }
      heap[site + UNTIL_TIMED] = drawGap(this.sample);
      return this.startTimed(site);
    }

    beginSteps(index: number, waits: boolean): StepsProbe {
      const site = (this.sites + (index << SITE_SHIFT)) & ADDRESS_MASK;
      const untilTimed = heap[site + UNTIL_TIMED]! - 1;
      if (untilTimed > 0) {
        heap[site + UNTIL_TIMED] = untilTimed;
        return beginSteps(site, waits, null, false);
      }
      heap[site + UNTIL_TIMED] = drawGap(this.sample);
      return this.beginTimedSteps(site, waits);
    }

    beginTimedSteps(site: number, waits: boolean): StepsProbe {
      return beginSteps(site, waits, this.sample, false);
    }

    /** As in recorder.ts. */
    afterSettling(_site: number, _frame: number): void {}

    startTimed(site: number): CallProbe {
      return new Call(site, this.sample);
    }

    begin(index: number): number {
      const token = this.enter(index);
      heap[((this.sites + (index << SITE_SHIFT)) & ADDRESS_MASK) + OPEN]!++;
      return token;
    }

    follow(index: number, token: number, promise: unknown): unknown {
      const site = (this.sites + (index << SITE_SHIFT)) & ADDRESS_MASK;
      if (token === TOO_DEEP || promise === this) {
        this.exit(index, token, promise);
        heap[site + OPEN]!--;
        return promise;
      }
      if (token < 0) return leaveCounted(site, -token).follow(promise as Promise<unknown>);
      const call = leaveSampled(site, token, this.sample);
      this.afterSettling(site, token);
      return call.follow(promise as Promise<unknown>);
    }
  };
}
