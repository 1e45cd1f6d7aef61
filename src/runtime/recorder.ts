/*
 * How a call is recorded
 * ======================
 *
 * A measured function runs `enter(site)` before its body and `exit(site, token, value)` after it, in a `finally`.
 * Between the two clock readings nothing else of ours runs; outside of them, a few dozen loads and stores into memory
 * that was laid out beforehand. No call allocates, and no statistics are computed here: they follow from what is
 * stored, once, at the end. (A closure or an object per call made a call 3.7 times as dear as two clock readings.)
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
 *           at length (halving a series, calibrating) adds its measured duration to LOST and so vanishes as well.
 *
 *   DEPTH   of a site is how often it is on the stack: only calls that leave it at 0 add to the total.
 *
 * Frames lie in one Float64Array; the token of a call is the place of its frame, a small integer, which makes the
 * stack repair itself: whatever lies above an ending call's frame has ended without our noticing and is unwound.
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
 */
import { types } from 'node:util';
import { nowNs } from './clock.js';
import type { CallProbe, ModuleProbe } from './contract.js';
import {
  ACTIVE,
  CALLER,
  DEPTH,
  ERRORS,
  MAX,
  MIN,
  NESTED,
  OPEN,
  OUTERMOST,
  PAGE_BUCKETS,
  PAGE_HEADER,
  PROMISES,
  SELF,
  SHIFT,
  SHIFTED_SQUARES,
  SHIFTED_SUM,
  TOTAL,
} from './layout.js';
import {
  FRAME_CALL,
  FRAME_DOUBLES,
  FRAME_LOST,
  FRAME_SITE,
  FRAME_SPENT,
  FRAME_START,
  INNER,
  LOST,
  OUTER,
  SPENT,
  stack,
} from './shadow-stack.js';
import { NO_PAGE, type Site } from './site.js';

const { isPromise } = types;
/** All sites of this thread, by id less 1: what unwinding needs. */
export const sitesById: Site[] = [];

/** Bucket of durations of 2 ** 31 ns and more; see `bucketIndex` in contract.ts. */
function wideBucket(ns: number): number {
  let octave = Math.floor(Math.log2(ns)) - 8;
  if (ns < 2 ** (octave + 8)) octave--; // log2 can round up just below a power of two
  return octave * 256 + Math.floor(ns / 2 ** octave);
}

/** Adds a sample to a function's statistics. */
export function addSample(site: Site, startNs: number, ns: number): void {
  const record = site.record;
  if (ns < record[MIN]!) record[MIN] = ns;
  if (ns > record[MAX]!) record[MAX] = ns;
  const difference = ns - record[SHIFT]!;
  if (Number.isNaN(difference)) {
    record[SHIFT] = ns; // the first sample: there was no shift
  } else {
    record[SHIFTED_SUM]! += difference;
    record[SHIFTED_SQUARES]! += difference * difference;
  }

  let bucket: number;
  if (ns < 2 ** 31) {
    const whole = ns | 0;
    // The leading nine bits, and how many follow them.
    const octave = 23 - Math.clz32(whole | 256);
    bucket = (octave << 8) + (whole >> octave);
  } else bucket = wideBucket(ns);
  const number = bucket >> 6;
  const page = number < site.pages.length ? site.pages[number]! : NO_PAGE;
  if (page === NO_PAGE) site.countInNewPage(bucket);
  else page[PAGE_HEADER + (bucket & (PAGE_BUCKETS - 1))]!++;

  if (--site.untilKept === 0) site.untilKept = site.series.keep(startNs, ns);
}

/** The probe of a module when every call is timed. */
export class Probe implements ModuleProbe {
  readonly sites: readonly Site[];

  constructor(sites: readonly Site[]) {
    this.sites = sites;
  }

  enter(index: number): number {
    const site = this.sites[index]!;
    site.record[DEPTH]!++;
    const frame = stack.top;
    if (frame > stack.limit) stack.grow();
    const frames = stack.frames;
    stack.top = frame + FRAME_DOUBLES;
    frames[frame + FRAME_SITE] = site.id;
    frames[frame + FRAME_CALL] = 0;
    frames[frame + FRAME_LOST] = frames[LOST]!;
    frames[frame + FRAME_SPENT] = frames[SPENT]!;
    frames[frame + FRAME_START] = nowNs();
    return frame;
  }

  exit(index: number, frame: number, value: unknown): void {
    const endNs = nowNs();
    const site = this.sites[index]!;
    const record = site.record;
    if (stack.top !== frame + FRAME_DOUBLES) stack.unwind(frame + FRAME_DOUBLES, sitesById);
    stack.top = frame;
    const frames = stack.frames;
    const startNs = frames[frame + FRAME_START]!;
    const spentNs = frames[frame + FRAME_SPENT]!;
    const calleesNs = frames[SPENT]! - spentNs;
    let ns = endNs - startNs - frames[INNER]! - (frames[LOST]! - frames[frame + FRAME_LOST]!);
    // Correction must not make a call shorter than what it called.
    if (!(ns > calleesNs)) ns = calleesNs;
    frames[SPENT] = spentNs + ns;
    frames[LOST]! += frames[OUTER]!;

    const caller = stack.callerAt(frame);
    if (caller !== record[CALLER]!) site.changeCaller(caller);
    const depth = record[DEPTH]! - 1;
    record[DEPTH] = depth;
    if (depth === 0) {
      record[OUTERMOST]!++;
      record[TOTAL]! += ns;
    } else record[NESTED]!++;
    record[SELF]! += ns - calleesNs;
    addSample(site, startNs, ns);
    if (value === this) record[ERRORS]!++;
    else if (typeof value === 'object' && value !== null && isPromise(value)) record[PROMISES]!++;
  }

  start(index: number): CallProbe {
    return new Call(this.sites[index]!);
  }
}

let lastCall = 0;
const { then: intrinsicThen } = Promise.prototype;
const intrinsicPromise = Promise;
const { apply, getPrototypeOf } = Reflect;
const { hasOwn } = Object;

/** Whether `then` can be attached to a value without the program being able to notice. */
function isPlainPromise(value: unknown): value is Promise<unknown> {
  return (
    isPromise(value) && getPrototypeOf(value) === intrinsicPromise.prototype && !hasOwn(value, 'constructor')
  );
}

/** One call of an async function, generator or async generator. */
export class Call implements CallProbe {
  readonly site: Site;
  readonly number: number;
  readonly startNs: number;
  readonly nested: boolean;
  readonly caller: number;
  /** Where its frame lies while it runs, else -1. */
  frame = -1;
  /** Time in which its code ran, what it called included; and less that. */
  activeNs = 0;
  selfNs = 0;
  /** What measuring added to it. */
  lostNs = 0;
  settling = false;
  ended = false;

  constructor(site: Site) {
    this.site = site;
    this.number = ++lastCall;
    this.caller = stack.callerAt(stack.top);
    this.nested = site.record[DEPTH]! > 0;
    site.record[OPEN]!++;
    this.startNs = this.push();
  }

  push(): number {
    this.site.record[DEPTH]!++;
    const frame = stack.top;
    if (frame > stack.limit) stack.grow();
    const frames = stack.frames;
    stack.top = frame + FRAME_DOUBLES;
    this.frame = frame;
    frames[frame + FRAME_SITE] = this.site.id;
    frames[frame + FRAME_CALL] = this.number;
    frames[frame + FRAME_LOST] = frames[LOST]!;
    frames[frame + FRAME_SPENT] = frames[SPENT]!;
    const startNs = nowNs();
    frames[frame + FRAME_START] = startNs;
    return startNs;
  }

  /** Takes its frame off the stack. */
  pop(endNs: number): void {
    const frame = this.frame;
    this.frame = -1;
    const frames = stack.frames;
    // An enclosing call that ended has unwound it already.
    if (frame >= stack.top || frames[frame + FRAME_CALL] !== this.number) return;
    if (stack.top !== frame + FRAME_DOUBLES) stack.unwind(frame + FRAME_DOUBLES, sitesById);
    stack.top = frame;
    this.site.record[DEPTH]!--;
    const spentNs = frames[frame + FRAME_SPENT]!;
    const calleesNs = frames[SPENT]! - spentNs;
    const lostNs = frames[INNER]! + (frames[LOST]! - frames[frame + FRAME_LOST]!);
    let ns = endNs - frames[frame + FRAME_START]! - lostNs;
    if (!(ns > calleesNs)) ns = calleesNs;
    frames[SPENT] = spentNs + ns;
    frames[LOST]! += frames[OUTER]!;
    this.activeNs += ns;
    this.selfNs += ns - calleesNs;
    this.lostNs += lostNs;
  }

  pause<T>(value: T): T {
    const endNs = nowNs();
    if (this.frame !== -1) this.pop(endNs);
    return value;
  }

  resume<T>(value?: T): T {
    if (this.frame === -1 && !this.ended) this.push();
    return value as T;
  }

  settle<T>(value: T): T {
    if (isPlainPromise(value)) {
      this.settling = true;
      apply(intrinsicThen, value, [() => this.finish(nowNs(), false), () => this.finish(nowNs(), true)]);
    }
    return value;
  }

  end(value: unknown): void {
    const endNs = nowNs();
    if (this.frame !== -1) this.pop(endNs);
    if (!this.settling || value === this) this.finish(endNs, value === this);
  }

  /** Records the call. */
  finish(endNs: number, threw: boolean): void {
    if (this.ended) return;
    this.ended = true;
    const { site } = this;
    const record = site.record;
    let ns = this.activeNs;
    if (site.kind === 'async') ns = Math.max(endNs - this.startNs - this.lostNs, ns);
    if (this.caller !== record[CALLER]!) site.changeCaller(this.caller);
    record[OPEN]!--;
    if (this.nested) record[NESTED]!++;
    else {
      record[OUTERMOST]!++;
      record[TOTAL]! += ns;
      record[ACTIVE]! += this.activeNs;
    }
    record[SELF]! += this.selfNs;
    addSample(site, this.startNs, ns);
    if (threw) record[ERRORS]!++;
  }
}
