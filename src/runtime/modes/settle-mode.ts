import { inspect, types } from 'node:util';
import { max } from '../captured-math.js';
import { nowNs } from '../clock/clock.js';
import type { FrameAddress, SiteAddress, SiteIndex } from '../contract.js';
import { heap, heapWords } from '../memory/arena.js';
import { DEPTH, ERRORS, FRAME_DOUBLES, FRAME_SITE, OPEN, SITE_SHIFT } from '../memory/layout.js';
import { chargeFrame, type EndedCall, frameStartNs, lastCharge, recordCall } from '../record/account.js';
import type { Probe } from '../record/recorder.js';
import { topWord, unwind } from '../record/shadow-stack.js';
import type { SampledProbe } from './sampled.js';

/*
 * `--settle`: a sync function that returns a pending native promise is timed until that promise settles. The promise is
 * not touched: V8 tells when any promise settles, so a rejection that nobody handles stays unhandled. Being told slows down
 * every promise of the program, so we listen only while a promise is waited for.
 */

const { isPromise } = types;

interface Waiting {
  readonly site: SiteAddress;
  readonly sample: number;
  readonly lostNs: number;
  readonly call: Omit<EndedCall, 'ns' | 'threw'>;
}

/** Several calls may return the same promise. */
const waiting = new WeakMap<object, Waiting[]>();
let outstanding = 0;
let stopListening: (() => void) | null = null;

/** A promise that nobody can settle any more is collected in the end; its calls stay unfinished. */
const collected = new FinalizationRegistry<null>(release);

function release(): void {
  if (--outstanding > 0 || stopListening === null) return;
  stopListening();
  stopListening = null;
}

/** Only the text of a promise tells its state. Nothing of the program runs for that, or at most a settled value's tag. */
function stateOf(promise: object): 'pending' | 'rejected' | 'fulfilled' {
  const text = inspect(promise, {
    depth: 0,
    customInspect: false,
    maxArrayLength: 0,
    maxStringLength: 0,
    breakLength: Number.POSITIVE_INFINITY,
  });
  if (/\{\s*<pending>/.test(text)) return 'pending';
  return /\{\s*<rejected>/.test(text) ? 'rejected' : 'fulfilled';
}

/**
 * Where a call returned a pending promise: takes its frame off the stack and leaves the call open until that settles.
 * @returns false where the call ends now, and nothing has been done
 */
function leaveOpen(site: SiteAddress, frame: FrameAddress, value: unknown, sample: number): boolean {
  if (!isPromise(value)) return false;
  const endNs = nowNs();
  if (stateOf(value) !== 'pending') return false;
  if (heapWords[topWord] !== frame + FRAME_DOUBLES) unwind(frame + FRAME_DOUBLES);
  heapWords[topWord] = frame;
  chargeFrame(frame, endNs, sample);
  const depth = heapWords[2 * (site + DEPTH)]! - 1;
  heapWords[2 * (site + DEPTH)] = depth;
  heap[site + OPEN]!++;
  const call = {
    caller: heap[frame - FRAME_DOUBLES + FRAME_SITE]!,
    nested: depth > 0,
    startNs: frameStartNs(frame),
    activeNs: lastCharge.ns,
    selfNs: lastCharge.selfNs,
  };
  wait(value, { site, sample, lostNs: lastCharge.lostNs, call });
  return true;
}

function wait(promise: object, entry: Waiting): void {
  const others = waiting.get(promise);
  if (others !== undefined) {
    others.push(entry);
    return;
  }
  waiting.set(promise, [entry]);
  collected.register(promise, null, promise);
  outstanding++;
  stopListening ??= process
    .getBuiltinModule('node:v8')
    .promiseHooks.onSettled(noteSettled) as unknown as () => void;
}

function noteSettled(promise: object): void {
  const entries = waiting.get(promise);
  if (entries === undefined) return;
  const endNs = nowNs();
  waiting.delete(promise);
  collected.unregister(promise);
  release();
  for (const { site, sample, lostNs, call } of entries) {
    const ns = max(call.activeNs, endNs - call.startNs - lostNs);
    recordCall(site, { ...call, ns, threw: false }, sample);
  }
  countRejections();
  justSettled = { promise, sites: entries.map(({ site }) => site) };
}

/** V8 tells before the promise changes its state: whether it was rejected shows a little later. */
let justSettled: { readonly promise: object; readonly sites: readonly number[] } | null = null;

/** To be called before errors are read. */
export function countRejections(): void {
  if (justSettled === null) return;
  const { promise, sites } = justSettled;
  justSettled = null;
  if (stateOf(promise) === 'rejected') for (const site of sites) heap[site + ERRORS]!++;
}

/** A probe's class with `--settle`. */
export function settling(Base: typeof Probe): typeof Probe {
  return class extends Base {
    override exit(index: SiteIndex, frame: FrameAddress, value: unknown): void {
      const site = (this.sites + (index << SITE_SHIFT)) as SiteAddress;
      if (frame > 0 && leaveOpen(site, frame, value, 1)) this.afterSettling(site, frame);
      else super.exit(index, frame, value);
    }
  };
}

/** The same with `--sample`. */
export function settlingSampled(Base: typeof SampledProbe): typeof SampledProbe {
  return class extends Base {
    override exitTimed(index: SiteIndex, frame: FrameAddress, value: unknown): void {
      const site = (this.sites + (index << SITE_SHIFT)) as SiteAddress;
      if (leaveOpen(site, frame, value, this.sample)) this.afterSettling(site, frame);
      else super.exitTimed(index, frame, value);
    }
  };
}
