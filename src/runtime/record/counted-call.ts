import { nowNs } from '../clock/clock.js';
import type { CallProbe, FrameAddress, SiteAddress } from '../contract.js';
import { heap, heapWords } from '../memory/arena.js';
import {
  DEPTH,
  FIRST_ACTIVE_NS,
  FIRST_NS,
  FRAME_CALL,
  FRAME_DOUBLES,
  FRAME_SITE,
  KIND,
  OPEN,
  UNTIMED_PAUSING,
} from '../memory/layout.js';
import { KIND_GENERATOR } from '../memory/site.js';
import { countCall } from './account.js';
import { stackLimit, topWord, unwind } from './shadow-stack.js';

const NOT_RUNNING = 0;

/**
 * A call that can pause and is counted, not timed: it is on the stack only so that others know their caller. It ends
 * with its body; one that returns a promise and fails later counts as no error.
 */
export class CountedCall implements CallProbe {
  readonly #site: SiteAddress;
  readonly #caller: number;
  readonly #nested: boolean;
  #frame = NOT_RUNNING;
  #ended = false;

  constructor(site: SiteAddress) {
    this.#site = site;
    this.#caller = heap[heapWords[topWord]! - FRAME_DOUBLES + FRAME_SITE]!;
    this.#nested = heapWords[2 * (site + DEPTH)]! > 0;
    heap[site + OPEN]!++;
    this.resume();
  }

  pause<T>(value: T): T {
    const frame = this.#frame;
    this.#frame = NOT_RUNNING;
    const top = heapWords[topWord]!;
    if (frame === NOT_RUNNING || frame >= top) return value;
    // A call that encloses this one and ended has unwound it already.
    if (heap[frame + FRAME_SITE] !== this.#site || heap[frame + FRAME_CALL] !== UNTIMED_PAUSING) return value;
    if (top !== frame + FRAME_DOUBLES) unwind(frame + FRAME_DOUBLES);
    heapWords[topWord] = frame;
    heap[frame + FRAME_CALL] = 0;
    heapWords[2 * (this.#site + DEPTH)]!--;
    return value;
  }

  leave<T>(value: T): T {
    return this.pause(value);
  }

  resume<T>(value?: T): T {
    const frame = heapWords[topWord] as FrameAddress;
    if (this.#frame === NOT_RUNNING && !this.#ended && frame < stackLimit) {
      this.#frame = frame;
      heapWords[2 * (this.#site + DEPTH)]!++;
      heapWords[topWord] = frame + FRAME_DOUBLES;
      heap[frame + FRAME_SITE] = this.#site;
      heap[frame + FRAME_CALL] = UNTIMED_PAUSING;
    }
    return value as T;
  }

  settle(value: unknown): boolean {
    this.end(value);
    return false;
  }

  end(value: unknown): void {
    this.pause(undefined);
    this.#ended = true;
    countCall(this.#site, this.#caller, this.#nested, value === this);
  }
}

/** A function's first call. What it took is kept for the case that no other call is ever drawn; it is in no statistics. */
export class FirstCall extends CountedCall {
  readonly #address: SiteAddress;
  readonly #startNs = nowNs();
  #activeNs = 0;
  /** When its code began to run; 0 while it waits. */
  #runsSinceNs = 0;
  #hasEnded = false;

  constructor(site: SiteAddress) {
    super(site);
    this.#address = site;
    this.#runsSinceNs = this.#startNs;
  }

  override pause<T>(value: T): T {
    this.#stop();
    return super.pause(value);
  }

  override resume<T>(value?: T): T {
    // not while the base class is constructed, which calls this
    if (#runsSinceNs in this && !this.#hasEnded) this.#runsSinceNs = nowNs();
    return super.resume(value);
  }

  override end(value: unknown): void {
    const endNs = this.#stop();
    super.end(value);
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const site = this.#address;
    const isGenerator = heap[site + KIND] === KIND_GENERATOR;
    heap[site + FIRST_NS] = isGenerator ? this.#activeNs : endNs - this.#startNs;
    heap[site + FIRST_ACTIVE_NS] = this.#activeNs;
  }

  #stop(): number {
    const endNs = nowNs();
    if (this.#runsSinceNs !== 0) this.#activeNs += endNs - this.#runsSinceNs;
    this.#runsSinceNs = 0;
    return endNs;
  }
}
