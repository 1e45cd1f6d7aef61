import { HIGH_WORD, LOW_WORD, nowNs, readClock as readBigint, toNs, WORD_NS } from '../clock/clock.js';
import type { CallProbe, FrameAddress, SiteAddress } from '../contract.js';
import {
  heap as arenaHeap,
  heapReadings as arenaReadings,
  heapWords as arenaWords,
  thread as ownThread,
} from '../memory/arena.js';
import {
  ACTIVE,
  ADDRESS_MASK,
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
  KIND,
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
import { changeCaller, KIND_GENERATOR } from '../memory/site.js';
import { chargeFrame, frameStartNs, lastCharge } from './account.js';
import { followReturned, isPlainPromise } from './returned-promise.js';
import { addSample as addToSamples } from './sample.js';
import { topWord as ownTopWord, stackLimit, unwind } from './shadow-stack.js';

const NOT_RUNNING = 0;
/** How many objects of ended calls are kept for later calls, about 250 bytes each; the rest is left to the collector. */
const MAX_IDLE = 1024;

const calls = createCallClass();

/** One call of an async function, generator or async generator. Its frame is on the stack only while its code runs. */
export const Call = calls.Call;
export type Call = InstanceType<typeof Call>;

/** Begins a call, one that waits at first where `waits`, in the object of an ended call where one is left. */
export const beginCall = calls.beginCall;

/** See sample.ts for why all of this is made in a function. */
function createCallClass() {
  const heap = arenaHeap;
  const heapWords = arenaWords;
  const heapReadings = arenaReadings;
  const readClock = readBigint;
  const addSample = addToSamples;
  const topWord = ownTopWord;
  const limit = stackLimit;
  const highWord = HIGH_WORD;
  const lowWord = LOW_WORD;
  const thread = ownThread;
  /** Where a reading is put to be read as two words, and below, a call's start for its sample. */
  const reading = thread + READING;
  const readingHigh = 2 * reading + HIGH_WORD;
  const readingLow = 2 * reading + LOW_WORD;
  const start = 2 * (thread + START);

  /** The last call's number. */
  let lastNumber = 0;
  let idle: Call | null = null;
  let idleCount = 0;

  /** @returns the last reading less another one, in ns */
  function since(high: number, low: number): number {
    // the lower word runs over every four seconds
    return heapWords[readingHigh] === high ? (heapWords[readingLow]! - low) >>> 0 : sinceOther(high, low);
  }

  function sinceOther(high: number, low: number): number {
    return (heapWords[readingHigh]! - high) * WORD_NS + ((heapWords[readingLow]! >>> 0) - (low >>> 0));
  }

  function readingNs(): number {
    return toNs(heapWords[readingHigh]! >>> 0, heapWords[readingLow]! >>> 0);
  }

  class Call implements CallProbe {
    site = 0 as SiteAddress;
    /** One call in so many is timed, and this is one. */
    sample = 1;
    number = 0;
    caller = 0;
    nested = false;
    ended = true;
    frame = NOT_RUNNING;
    /** The two words of the clock's reading. */
    startHigh = 0;
    startLow = 0;
    // NaN and not 0: V8 would lay out a field for small integers, and lay it out anew for the first other number.
    /** Time in which its code and what that called ran; its code alone; and what measuring added. */
    activeNs = Number.NaN;
    selfNs = Number.NaN;
    lostNs = Number.NaN;
    /** Does the consumer of an async generator run? Then its time is being lost. */
    isLeft = false;
    /** What it returned, until that is followed. */
    returned: Promise<unknown> | null = null;
    /** May a later call use the object when this one has ended? Not where a mode has put methods of its own on it. */
    isReusable = false;
    /** The next in the list of objects that no call uses. */
    next: Call | null = null;

    begin(site: SiteAddress, sample: number, waits = false): this {
      this.site = site;
      this.sample = sample;
      this.number = ++lastNumber;
      this.caller = heap[heapWords[topWord]! - FRAME_DOUBLES + FRAME_SITE]! | 0;
      this.nested = heapWords[2 * (site + DEPTH)]! > 0;
      this.ended = false;
      this.frame = NOT_RUNNING;
      this.activeNs = 0;
      this.selfNs = 0;
      this.lostNs = 0;
      if (!waits) this.run();
      let at = this.frame + FRAME_START;
      if (this.frame === NOT_RUNNING) {
        at = reading;
        heapReadings[reading] = readClock();
      }
      this.startHigh = heapWords[2 * at + highWord]!;
      this.startLow = heapWords[2 * at + lowWord]!;
      heap[site + OPEN]!++; // last: where V8's stack is full there is no call
      return this;
    }

    pause<T>(value: T): T {
      if (this.frame === NOT_RUNNING) return value;
      heapReadings[reading] = readClock();
      this.stop();
      return value;
    }

    leave<T>(value: T): T {
      heapReadings[reading] = readClock();
      if (this.frame !== NOT_RUNNING) this.stop();
      if (!this.isLeft) this.lostNs -= readingNs();
      this.isLeft = true;
      return value;
    }

    resume<T>(value?: T): T {
      if (this.frame === NOT_RUNNING && !this.ended) this.run();
      if (this.isLeft)
        this.comeBack(this.frame === NOT_RUNNING ? nowNs() : frameStartNs(this.frame as FrameAddress));
      return value as T;
    }

    comeBack(startNs: number): void {
      this.isLeft = false;
      this.lostNs += startNs;
    }

    settle(value: unknown): boolean {
      heapReadings[reading] = readClock();
      if (this.frame !== NOT_RUNNING) this.stop();
      if (typeof value === 'object' && isPlainPromise(value)) {
        this.returned = value;
        return true;
      }
      this.finish(value === this);
      return false;
    }

    /**
     * Called by V8 where an async function returned the call in place of a promise, in the very microtask in which it
     * would have begun to follow that. Nobody else can call it.
     */
    // biome-ignore lint/suspicious/noThenProperty: that is what it is for
    then(resolve: (value: unknown) => void, reject: (reason: unknown) => void): void {
      const returned = this.returned!;
      this.returned = null;
      const settled = (threw: boolean): void => {
        heapReadings[reading] = readClock();
        this.finish(threw);
      };
      followReturned(returned, settled, resolve, reject);
    }

    end(value: unknown): void {
      heapReadings[reading] = readClock();
      if (this.frame !== NOT_RUNNING) this.stop();
      if (this.isLeft) this.comeBack(readingNs());
      this.finish(value === this);
    }

    /** Puts its frame on the stack; as `openFrame` in account.ts. */
    run(): void {
      const frame = heapWords[topWord]! & ADDRESS_MASK;
      if (frame >= limit) return; // this stretch counts as waiting
      this.frame = frame;
      heapWords[2 * (this.site + DEPTH)]!++;
      heapWords[topWord] = frame + FRAME_DOUBLES;
      heap[frame + FRAME_SITE] = this.site;
      heap[frame + FRAME_CALL] = this.number;
      heap[frame + FRAME_LOST] = heap[thread + LOST]!;
      heap[frame + FRAME_SPENT] = this.sample > 1 ? 0 : heap[thread + SPENT]!;
      heapReadings[frame + FRAME_START] = readClock();
    }

    /** Takes its frame off the stack, at the time of the last reading; as `chargeFrame` in account.ts. */
    stop(): void {
      const frame = this.frame & ADDRESS_MASK;
      this.frame = NOT_RUNNING;
      const top = heapWords[topWord]!;
      // A call that encloses this one and ended has unwound it already.
      if (frame >= top || heap[frame + FRAME_CALL] !== this.number) return;
      if (top !== frame + FRAME_DOUBLES) unwind(frame + FRAME_DOUBLES);
      heapWords[topWord] = frame;
      heapWords[2 * (this.site + DEPTH)]!--;
      if (this.sample > 1) {
        this.chargeSampled(frame as FrameAddress);
        return;
      }
      const spentNs = heap[frame + FRAME_SPENT]!;
      const calleesNs = heap[thread + SPENT]! - spentNs;
      const lostBeforeNs = heap[thread + LOST]!;
      const lostNs = heap[thread + INNER]! + (lostBeforeNs - heap[frame + FRAME_LOST]!);
      const begun = 2 * (frame + FRAME_START);
      let ns = since(heapWords[begun + highWord]!, heapWords[begun + lowWord]!) - lostNs;
      if (!(ns > calleesNs)) ns = calleesNs;
      heap[thread + SPENT] = spentNs + ns;
      heap[thread + LOST] = lostBeforeNs + heap[thread + OUTER]!;
      heap[frame + FRAME_CALL] = 0;
      this.activeNs += ns;
      this.selfNs += ns - calleesNs;
      this.lostNs += lostNs;
    }

    chargeSampled(frame: FrameAddress): void {
      chargeFrame(frame, readingNs(), this.sample);
      this.activeNs += lastCharge.ns;
      this.selfNs += lastCharge.selfNs;
      this.lostNs += lastCharge.lostNs;
    }

    /** Records the call, once, at the time of the last reading; as `recordCall` in account.ts. */
    finish(threw: boolean): void {
      if (this.ended) return;
      this.ended = true;
      const { caller, nested, startHigh, startLow, activeNs } = this;
      const site = this.site & ADDRESS_MASK;
      // A generator's time is that in its body; where other kinds wait, that time is theirs.
      const lastedNs = heap[site + KIND] === KIND_GENERATOR ? 0 : since(startHigh, startLow) - this.lostNs;
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
      if (this.sample > 1) {
        heap[site + SAMPLED]!++;
        if (!nested) heap[site + SAMPLED_OUTERMOST]!++;
      }
      if (threw) heap[site + ERRORS]!++;
      heapWords[start + highWord] = startHigh;
      heapWords[start + lowWord] = startLow;
      addSample(site as SiteAddress, start, ns);
      if (!this.isReusable || idleCount === MAX_IDLE) return;
      idleCount++;
      this.next = idle;
      idle = this;
    }
  }

  function beginCall(site: SiteAddress, sample: number, waits = false): Call {
    let call = idle;
    if (call === null) {
      call = new Call();
      call.isReusable = true;
    } else {
      idle = call.next;
      idleCount--;
    }
    return call.begin(site, sample, waits);
  }

  return { Call, beginCall };
}
