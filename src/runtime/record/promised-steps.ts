import { awaitWith, intrinsicThen, isPlain } from '../captured-then.js';
import { nowNs } from '../clock/clock.js';
import { cpuNs } from '../clock/cpu-clock.js';
import type { FrameAddress, SiteAddress, StepsProbe } from '../contract.js';
import { heap, heapWords, thread } from '../memory/arena.js';
import {
  CPU,
  CPU_CALLS,
  CPU_INNER,
  CPU_READING,
  CPU_READS,
  DEPTH,
  FRAME_CALL,
  FRAME_DOUBLES,
  FRAME_SITE,
  LOST,
  OPEN,
  STEP,
  UNTIMED_PAUSING,
} from '../memory/layout.js';
import { chargeFrame, countCall, frameStartNs, lastCharge, openFrame, recordCall } from './account.js';
import { stackLimit, topWord, unwind } from './shadow-stack.js';

/*
 * A call of an async generator function that is seen from outside only: its stand-in sees each step begin and return a
 * promise, and that promise settle. As with async functions (promised-call.ts), the object of a call is used again for
 * later calls. The total is the time in which a step was under way, without the consumer's.
 */

const { apply } = Reflect;

/** What `sample` is for a call that is counted, not timed. */
const COUNTED = 0;
const NOT_RUNNING = 0;
/** How many objects of ended calls are kept for later calls, about 400 bytes each. */
const MAX_IDLE = 1024;

let idle: PromisedSteps | null = null;
let idleCount = 0;

class PromisedSteps implements StepsProbe {
  serial = 0;
  isDone = false;
  site = 0;
  sample = COUNTED;
  hasCpu = false;
  /** Whether the time from a step's return to its promise's settling counts. */
  waits = false;
  caller = 0;
  nested = false;
  frame = NOT_RUNNING;
  /** Steps whose promises have not settled. */
  pending = 0;
  // NaN and not 0: V8 would lay out a field for small integers, and lay it out anew for the first other number.
  startNs = Number.NaN;
  /** When the first of the pending steps began. */
  stepNs = Number.NaN;
  totalNs = Number.NaN;
  activeNs = Number.NaN;
  selfNs = Number.NaN;
  cpuNs = Number.NaN;
  startedCpuNs = Number.NaN;
  /** The next in the list of objects that no call uses. */
  next: PromisedSteps | null = null;

  readonly fulfilled = (result: IteratorResult<unknown> | undefined): unknown => {
    this.settle(result?.done === true, false);
    return result;
  };

  readonly rejected = (reason: unknown): never => {
    this.settle(true, true);
    throw reason;
  };

  resume(): void {
    const { site, sample } = this;
    const frame = heapWords[topWord] as FrameAddress;
    if (frame >= stackLimit) return; // this step counts as waiting
    if (this.hasCpu) this.startedCpuNs = cpuNs();
    this.frame = frame;
    if (sample === COUNTED) {
      heapWords[2 * (site + DEPTH)]!++;
      heapWords[topWord] = frame + FRAME_DOUBLES;
      heap[frame + FRAME_SITE] = site;
      heap[frame + FRAME_CALL] = UNTIMED_PAUSING;
    } else openFrame(frame, site as SiteAddress, STEP, sample);
  }

  leave(): void {
    const { frame, site, sample } = this;
    if (frame === NOT_RUNNING) return;
    const endNs = sample === COUNTED ? 0 : nowNs();
    this.frame = NOT_RUNNING;
    if (heapWords[topWord] !== frame + FRAME_DOUBLES) unwind(frame + FRAME_DOUBLES);
    heapWords[topWord] = frame;
    heapWords[2 * (site + DEPTH)]!--;
    if (sample === COUNTED) {
      heap[frame + FRAME_CALL] = 0;
      return;
    }
    chargeFrame(frame as FrameAddress, endNs, sample);
    if (this.waits && this.pending === 0) this.stepNs = frameStartNs(frame as FrameAddress);
    this.activeNs += lastCharge.ns;
    this.selfNs += lastCharge.selfNs;
    this.totalNs -= lastCharge.lostNs;
    if (!this.hasCpu) return;
    this.cpuNs += cpuNs() - this.startedCpuNs - heap[thread + CPU_INNER]!;
    heap[thread + LOST]! += heap[thread + CPU_READING]!;
  }

  follow(promise: Promise<unknown>): Promise<unknown> {
    this.pending++;
    return isPlain(promise)
      ? apply(intrinsicThen, promise, [this.fulfilled, this.rejected])
      : awaitWith(promise as Promise<IteratorResult<unknown>>, this);
  }

  settle(ends: boolean, threw: boolean): void {
    this.pending--;
    if (this.waits && !this.isDone && (ends || this.pending === 0)) this.totalNs += nowNs() - this.stepNs;
    if (ends && !this.isDone) this.finish(threw);
    if (!this.isDone || this.pending > 0) return;
    this.serial++;
    if (idleCount === MAX_IDLE) return;
    idleCount++;
    this.next = idle;
    idle = this;
  }

  finish(threw: boolean): void {
    this.isDone = true;
    const { site, sample, caller, nested, startNs, activeNs, selfNs, totalNs } = this;
    if (sample === COUNTED) {
      countCall(site as SiteAddress, caller, nested, threw);
      return;
    }
    if (this.hasCpu && !nested) {
      heap[site + CPU]! += this.cpuNs;
      if (sample === 1) {
        heap[site + CPU_CALLS]!++;
        heap[site + CPU_READS]!++;
      }
    }
    const ns = totalNs > activeNs ? totalNs : activeNs;
    recordCall(site as SiteAddress, { caller, nested, startNs, ns, activeNs, selfNs, threw }, sample);
  }
}

/**
 * Begins a call, with its first step.
 * @param sample as where the call is recorded; null for a call that is counted
 */
export function beginSteps(
  site: SiteAddress,
  waits: boolean,
  sample: number | null,
  hasCpu: boolean,
): StepsProbe {
  let steps = idle;
  if (steps === null) steps = new PromisedSteps();
  else {
    idle = steps.next;
    idleCount--;
  }
  steps.isDone = false;
  steps.site = site;
  steps.sample = sample ?? COUNTED;
  steps.hasCpu = hasCpu;
  steps.waits = waits && sample !== null;
  steps.caller = heap[heapWords[topWord]! - FRAME_DOUBLES + FRAME_SITE]!;
  steps.nested = heapWords[2 * (site + DEPTH)]! > 0;
  steps.stepNs = Number.NaN;
  steps.totalNs = 0;
  steps.activeNs = 0;
  steps.selfNs = 0;
  steps.cpuNs = 0;
  heap[site + OPEN]!++;
  steps.resume();
  steps.startNs =
    steps.frame === NOT_RUNNING || sample === null ? nowNs() : frameStartNs(steps.frame as FrameAddress);
  return steps;
}
