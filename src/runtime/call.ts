import { types } from 'node:util';
import { heap, heapReadings, heapWords, thread } from './arena.js';
import { HIGH_WORD, LOW_WORD, nowNs, readClock, toNs, toReading } from './clock.js';
import type { CallProbe } from './contract.js';
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
  KIND,
  LOST,
  NESTED,
  OPEN,
  OUTER,
  OUTERMOST,
  SELF,
  SPENT,
  START,
  TOTAL,
} from './layout.js';
import { addSample } from './sample.js';
import { limit, topWord, unwind } from './shadow-stack.js';
import { changeCaller, KIND_ASYNC } from './site.js';

const { isPromise } = types;
const { apply, getPrototypeOf } = Reflect;
const { hasOwn } = Object;
const IntrinsicPromise = Promise;
const intrinsicThen = Promise.prototype.then;

/** Whether `then` can be attached to a value without the program being able to notice. */
export function isPlainPromise(value: unknown): value is Promise<unknown> {
  return (
    isPromise(value) && getPrototypeOf(value) === IntrinsicPromise.prototype && !hasOwn(value, 'constructor')
  );
}

function frameStartNs(frame: number): number {
  const word = 2 * (frame + FRAME_START);
  return toNs(heapWords[word + HIGH_WORD]! >>> 0, heapWords[word + LOW_WORD]! >>> 0);
}

/** The last call's number. */
let lastNumber = 0;
const NOT_RUNNING = 0;

/** One call of an async function, generator or async generator. Its frame is on the stack only while its code runs. */
export class Call implements CallProbe {
  readonly site: number;
  readonly #number: number;
  readonly #caller: number;
  readonly #nested: boolean;
  readonly #startNs: number;
  #frame = NOT_RUNNING;
  /** Time in which its code ran, what it called included; and less that; and what measuring added to it. */
  #activeNs = 0;
  #selfNs = 0;
  #lostNs = 0;
  #settling = false;
  #ended = false;

  constructor(site: number) {
    this.site = site;
    this.#number = ++lastNumber;
    this.#caller = heap[heapWords[topWord]! - FRAME_DOUBLES + FRAME_SITE]!;
    this.#nested = heap[site + DEPTH]! > 0;
    heap[site + OPEN]!++;
    this.#startNs = this.run();
  }

  pause<T>(value: T): T {
    const endNs = nowNs();
    if (this.#frame !== NOT_RUNNING) this.stop(endNs);
    return value;
  }

  resume<T>(value?: T): T {
    if (this.#frame === NOT_RUNNING && !this.#ended) this.run();
    return value as T;
  }

  settle<T>(value: T): T {
    if (isPlainPromise(value)) {
      this.#settling = true;
      apply(intrinsicThen, value, [() => this.finish(nowNs(), false), () => this.finish(nowNs(), true)]);
    }
    return value;
  }

  end(value: unknown): void {
    const endNs = nowNs();
    if (this.#frame !== NOT_RUNNING) this.stop(endNs);
    const threw = value === this;
    if (!this.#settling || threw) this.finish(endNs, threw);
  }

  /** Puts its frame on the stack. @returns the time, in ns */
  protected run(): number {
    const frame = heapWords[topWord]!;
    if (frame >= limit) return nowNs(); // this stretch counts as waiting
    heap[this.site + DEPTH]!++;
    heapWords[topWord] = frame + FRAME_DOUBLES;
    this.#frame = frame;
    heap[frame + FRAME_SITE] = this.site;
    heap[frame + FRAME_CALL] = this.#number;
    heap[frame + FRAME_LOST] = heap[thread + LOST]!;
    heap[frame + FRAME_SPENT] = heap[thread + SPENT]!;
    heapReadings[frame + FRAME_START] = readClock();
    return frameStartNs(frame);
  }

  /** Takes its frame off the stack. */
  protected stop(endNs: number): void {
    const frame = this.#frame;
    this.#frame = NOT_RUNNING;
    const top = heapWords[topWord]!;
    // A call that encloses this one and ended has unwound it already.
    if (frame >= top || heap[frame + FRAME_CALL] !== this.#number) return;
    if (top !== frame + FRAME_DOUBLES) unwind(frame + FRAME_DOUBLES);
    heapWords[topWord] = frame;
    heap[this.site + DEPTH]!--;
    const spentNs = heap[frame + FRAME_SPENT]!;
    const calleesNs = heap[thread + SPENT]! - spentNs;
    const lostNs = heap[thread + INNER]! + (heap[thread + LOST]! - heap[frame + FRAME_LOST]!);
    let ns = endNs - frameStartNs(frame) - lostNs;
    if (!(ns > calleesNs)) ns = calleesNs;
    heap[thread + SPENT] = spentNs + ns;
    heap[thread + LOST]! += heap[thread + OUTER]!;
    this.#activeNs += ns;
    this.#selfNs += ns - calleesNs;
    this.#lostNs += lostNs;
  }

  /** Records the call, once. */
  protected finish(endNs: number, threw: boolean): void {
    if (this.#ended) return;
    this.#ended = true;
    const { site } = this;
    let ns = this.#activeNs;
    if (heap[site + KIND] === KIND_ASYNC) ns = Math.max(ns, endNs - this.#startNs - this.#lostNs);
    if (this.#caller !== heap[site + CALLER]!) changeCaller(site, this.#caller);
    heap[site + OPEN]!--;
    if (this.#nested) heap[site + NESTED]!++;
    else {
      heap[site + OUTERMOST]!++;
      heap[site + TOTAL]! += ns;
      heap[site + ACTIVE]! += this.#activeNs;
    }
    heap[site + SELF]! += this.#selfNs;
    heapReadings[thread + START] = toReading(this.#startNs);
    addSample(site, 2 * (thread + START), ns);
    if (threw) heap[site + ERRORS]!++;
  }
}
