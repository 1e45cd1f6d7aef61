import { types } from 'node:util';
import { nowNs } from '../clock/clock.js';
import type { CallProbe, FrameAddress, SiteAddress } from '../contract.js';
import { heap, heapWords } from '../memory/arena.js';
import { DEPTH, FRAME_CALL, FRAME_DOUBLES, FRAME_SITE, KIND, OPEN } from '../memory/layout.js';
import { KIND_GENERATOR } from '../memory/site.js';
import { chargeFrame, frameStartNs, lastCharge, openFrame, recordCall } from './account.js';
import { stackLimit, topWord, unwind } from './shadow-stack.js';

const { isPromise } = types;
const { apply, getPrototypeOf } = Reflect;
const { hasOwn } = Object;
const IntrinsicPromise = Promise;
const intrinsicThen = Promise.prototype.then;

/** Whether a value can be followed without the program being able to notice. */
function isPlainPromise(value: unknown): value is Promise<unknown> {
  return (
    isPromise(value) &&
    getPrototypeOf(value) === IntrinsicPromise.prototype &&
    !hasOwn(value, 'constructor') &&
    !hasOwn(value, 'then')
  );
}

/** The last call's number. */
let lastNumber = 0;
const NOT_RUNNING = 0;

/** One call of an async function, generator or async generator. Its frame is on the stack only while its code runs. */
export class Call implements CallProbe {
  protected readonly site: SiteAddress;
  /** One call in so many is timed, and this is one. */
  readonly #sample: number;
  readonly #number: number;
  readonly #caller: number;
  readonly #startNs: number;
  protected readonly nested: boolean;
  #frame = NOT_RUNNING;
  /** Time in which its code ran, what it called included; and less that; and what measuring added to it. */
  #activeNs = 0;
  #selfNs = 0;
  #lostNs = 0;
  /** Does the consumer of an async generator run? Then its time is being lost. */
  #isLeft = false;
  /** What it returned, until that is followed. */
  #returned: Promise<unknown> | null = null;
  protected ended = false;

  constructor(site: SiteAddress, sample: number) {
    this.site = site;
    this.#sample = sample;
    this.#number = ++lastNumber;
    this.#caller = heap[heapWords[topWord]! - FRAME_DOUBLES + FRAME_SITE]!;
    this.nested = heapWords[2 * (site + DEPTH)]! > 0;
    this.run();
    this.#startNs = this.#frame === NOT_RUNNING ? nowNs() : frameStartNs(this.#frame as FrameAddress);
    heap[site + OPEN]!++; // last: where V8's stack is full there is no call
  }

  pause<T>(value: T): T {
    const endNs = nowNs();
    if (this.#frame !== NOT_RUNNING) this.stop(endNs);
    return value;
  }

  leave<T>(value: T): T {
    const endNs = nowNs();
    if (this.#frame !== NOT_RUNNING) this.stop(endNs);
    if (!this.#isLeft) this.#lostNs -= endNs;
    this.#isLeft = true;
    return value;
  }

  resume<T>(value?: T): T {
    if (this.#frame === NOT_RUNNING && !this.ended) this.run();
    if (this.#isLeft)
      this.comeBack(this.#frame === NOT_RUNNING ? nowNs() : frameStartNs(this.#frame as FrameAddress));
    return value as T;
  }

  private comeBack(startNs: number): void {
    this.#isLeft = false;
    this.#lostNs += startNs;
  }

  settle(value: unknown): boolean {
    const endNs = nowNs();
    if (this.#frame !== NOT_RUNNING) this.stop(endNs);
    if (isPlainPromise(value)) {
      this.#returned = value;
      return true;
    }
    this.finish(endNs, value === this);
    return false;
  }

  /**
   * Called by V8 where an async function returned the call in place of a promise, in the very microtask in which it
   * would have begun to follow that. Nobody else can call it.
   *
   * For stack traces V8 looks for the functions that wait, from each promise's reaction to the next promise, as long as
   * there is a single one; hence this order, and the second `then`, which settles nothing any more but leads there.
   */
  // biome-ignore lint/suspicious/noThenProperty: that is what it is for
  then(resolve: (value: unknown) => void, reject: (reason: unknown) => void): void {
    const fulfilled = (value: unknown) => {
      this.finish(nowNs(), false);
      resolve(value);
    };
    const rejected = (reason: unknown) => {
      this.finish(nowNs(), true);
      reject(reason);
    };
    // the program's own `then` where it has replaced it, as V8 does
    const followed: unknown = this.#returned!.then(fulfilled, rejected);
    if (isPromise(followed)) apply(intrinsicThen, followed, [resolve]);
  }

  end(value: unknown): void {
    const endNs = nowNs();
    if (this.#frame !== NOT_RUNNING) this.stop(endNs);
    if (this.#isLeft) this.comeBack(endNs);
    this.finish(endNs, value === this);
  }

  /** Puts its frame on the stack. */
  protected run(): void {
    const frame = heapWords[topWord] as FrameAddress;
    if (frame >= stackLimit) return; // this stretch counts as waiting
    this.#frame = frame;
    openFrame(frame, this.site, this.#number, this.#sample);
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
    heapWords[2 * (this.site + DEPTH)]!--;
    chargeFrame(frame as FrameAddress, endNs, this.#sample);
    this.#activeNs += lastCharge.ns;
    this.#selfNs += lastCharge.selfNs;
    this.#lostNs += lastCharge.lostNs;
  }

  /** Records the call, once. */
  protected finish(endNs: number, threw: boolean): void {
    if (this.ended) return;
    this.ended = true;
    const { site } = this;
    const activeNs = this.#activeNs;
    const lastedNs = endNs - this.#startNs - this.#lostNs;
    recordCall(
      site,
      {
        caller: this.#caller,
        nested: this.nested,
        startNs: this.#startNs,
        // A generator's time is that in its body; what else waits does so in its own time.
        ns: heap[site + KIND] !== KIND_GENERATOR && lastedNs > activeNs ? lastedNs : activeNs,
        activeNs,
        selfNs: this.#selfNs,
        threw,
      },
      this.#sample,
    );
  }
}
