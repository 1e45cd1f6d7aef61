import { min } from '../captured-math.js';
import { nowNs, readClock } from '../clock/clock.js';
import type { CallProbe, FrameAddress, SiteAddress, SiteIndex } from '../contract.js';
import { heap, heapReadings, heapWords, thread } from '../memory/arena.js';
import {
  ADDRESS_MASK,
  ALLOCATION,
  DEPTH,
  FRAME_DOUBLES,
  FRAME_LOST,
  FRAME_START,
  LOST,
  NESTED,
  NESTED_TOTAL,
  OUTERMOST,
  SITE_SHIFT,
  START,
  TOTAL,
  WARMUP,
} from '../memory/layout.js';
import type { SampledProbe } from '../modes/sampled.js';
import { Call } from '../record/call.js';
import { isOwnCall, type Probe, TOO_DEEP } from '../record/recorder.js';
import { addSample } from '../record/sample.js';
import { stackBottom, stackLimit, topWord } from '../record/shadow-stack.js';
import {
  allocatedSince,
  disregardSince,
  isCheckDue,
  mark,
  NUMBERS_OF_MARK,
  readAllocated,
  readingBeganNs,
  setOwnAllocation,
} from './heap-meter.js';

export { startMeter } from './heap-meter.js';

/*
 * --alloc. What is allocated so far is read next to the function's own code: after all that begins a call, before all
 * that ends one, so that a call's bytes are its own and those of what it called. Where other measured calls enclose it, a
 * reading before all that and one after it take what recording itself allocates out of theirs. A function has a
 * site's record of its own for bytes, in the place of durations.
 *
 * Readings take a fifth to a third of a microsecond each, which are in no call's duration: those of every call are
 * calibrated as the rest of what a call costs is, and those around calls within others are timed.
 */

const maxDepth = (stackLimit - stackBottom) / FRAME_DOUBLES;
/** The readings at the starts of the running calls, by how deep a call is on the stack. */
const starts = new Float64Array(maxDepth * NUMBERS_OF_MARK);
/** Where {@link addSample} reads a call's start; for a sample of bytes it does not matter what stands there. */
const ownStart = 2 * (thread + START);

const markOf = (frame: number): number => ((frame - stackBottom) / FRAME_DOUBLES) * NUMBERS_OF_MARK;

/** A function's calls that can pause have like stretches in the same order, up to so many; later ones share a key. */
const MAX_STRETCHES = 64;
const keyOf = (site: number, stretch: number): number =>
  site * MAX_STRETCHES + min(stretch, MAX_STRETCHES - 1);

/** Is this a call of the program within another one that is measured? */
function isInner({ ownDepth }: { readonly ownDepth: number }): boolean {
  return heapWords[topWord] !== stackBottom && ownDepth === 0;
}

/** In the place of a reading: no other call encloses this one. */
const OUTERMOST_CALL = -1;

/** What the last timed reading took, in ns. */
const readingNs = new Float64Array(1);

/** Takes a reading whose time is not to be charged to what encloses the call. */
function readOutside(): number {
  const bytes = readAllocated();
  readingNs[0] = nowNs() - readingBeganNs();
  heap[thread + LOST]! += readingNs[0]!;
  return bytes;
}

/** To be called before the work that measuring does for a call. @returns what had been allocated, where that matters */
function beginOwn(probe: { readonly ownDepth: number }): number {
  return isInner(probe) ? readOutside() : OUTERMOST_CALL;
}

/**
 * To be called after that work. The reading comes last: what a reading of the clock after it allocated would count as the
 * program's.
 */
function endOwn(bytes: number): void {
  heap[thread + LOST]! += readingNs[0]!;
  disregardSince(bytes);
}

/** When a sync call's frame is in place; its clock is to be read again afterwards. @param before from {@link beginOwn} */
function openFrame(frame: number, before: number): void {
  const at = markOf(frame);
  mark(starts, at);
  if (before !== OUTERMOST_CALL) {
    disregardSince(before);
    starts[at] = before;
  }
}

/**
 * To be called before anything else when the call ends: due work may follow, and uses the frame's place for other calls.
 * @returns what the call has allocated
 */
function closeFrame(site: SiteAddress, frame: number): number {
  const allocated = allocatedSince(keyOf(site, 0), starts, markOf(frame));
  heap[frame + FRAME_LOST]! -= nowNs() - readingBeganNs();
  return allocated;
}

/** How many calls that do nothing are measured at one check. */
const CHECKED_AT_ONCE = 3;
/** The key of a call that does nothing; no function has it. */
const KEY_OF_NOTHING = 0;

/** Measures calls that do nothing, in the place of the next frame, to find out what measuring itself allocates. */
function checkNowAndThen(): void {
  if (!isCheckDue()) return;
  const beganNs = nowNs();
  const frame = heapWords[topWord]!;
  const found: number[] = [];
  while (frame < stackLimit && found.length < CHECKED_AT_ONCE) {
    openFrame(frame, OUTERMOST_CALL);
    found.push(allocatedSince(KEY_OF_NOTHING, starts, markOf(frame)));
  }
  if (found.length > 0) setOwnAllocation(found);
  heap[thread + LOST]! += nowNs() - beganNs;
}

function record(site: SiteAddress, allocated: number, isOutermost: boolean): void {
  const own = (heap[site + ALLOCATION]! & ADDRESS_MASK) as SiteAddress;
  if (own === 0) return;
  const bytes = allocated > 0 ? allocated : 0;
  heap[own + (isOutermost ? OUTERMOST : NESTED)]!++;
  heap[own + (isOutermost ? TOTAL : NESTED_TOTAL)]! += bytes;
  if (heap[site + WARMUP] === 0) addSample(own, ownStart, bytes);
}

/** What a call that can pause is made of, for {@link meterCall}. */
interface OpenCall {
  readonly nested: boolean;
  readonly ended: boolean;
  run(): void;
  stop(): void;
  finish(threw: boolean): void;
}

/**
 * Has a call that can pause, and has just begun, read what each stretch of it allocates. What recording allocates for it
 * is taken out of what encloses it.
 * @param before what had been allocated before the call was made
 */
function meterCall(call: Call, site: SiteAddress, before: number): void {
  call.isReusable = false;
  const open = call as unknown as OpenCall;
  const { run, stop, finish } = open;
  const start = new Float64Array(NUMBERS_OF_MARK);
  let allocated = 0;
  let stretches = 0;
  /** What reading after the clock's own took: it is in the stretch's time, and calibrated in what encloses it. */
  let insideNs = 0;

  const begin = (outer: number): void => {
    const sinceNs = nowNs();
    mark(start, 0);
    disregardSince(outer);
    start[0] = outer;
    insideNs = nowNs() - sinceNs;
    heap[thread + LOST]! += insideNs;
  };
  open.run = () => {
    const outer = readOutside();
    run.call(open);
    begin(outer);
  };
  open.stop = () => {
    const stretch = allocatedSince(keyOf(site, stretches++), start, 0);
    allocated += stretch;
    stop.call(open);
    heap[thread + LOST]! -= insideNs;
    endOwn(start[0]! + stretch);
  };
  open.finish = (threw) => {
    if (open.ended) return;
    const bytes = readAllocated();
    finish.call(open, threw);
    record(site, allocated, !open.nested);
    checkNowAndThen();
    endOwn(bytes);
  };
  begin(before);
}

/** Makes a call that can pause, and has it metered. */
function startCall(
  probe: { readonly ownDepth: number },
  site: SiteAddress,
  create: () => CallProbe,
): CallProbe {
  if (isOwnCall(probe)) return create();
  const before = readOutside();
  const call = create();
  if (call instanceof Call) meterCall(call, site, before);
  return call;
}

/** When a sync call has been recorded. @param start the reading at its start */
function recordEnded(
  probe: { readonly ownDepth: number },
  site: SiteAddress,
  start: number,
  allocated: number,
): void {
  record(site, allocated, heapWords[2 * (site + DEPTH)] === 0);
  checkNowAndThen();
  if (isInner(probe)) endOwn(start + allocated);
}

/** The class of probes that read what calls allocate; every call is timed. */
export function allocating(Base: typeof Probe): typeof Probe {
  return class AllocatingProbe extends Base {
    override enter(index: SiteIndex): number {
      const before = beginOwn(this);
      const frame = super.enter(index);
      if (frame !== TOO_DEEP) {
        openFrame(frame, before);
        heapReadings[frame + FRAME_START] = readClock();
      }
      return frame;
    }

    override exit(index: SiteIndex, token: number, value: unknown): void {
      if (token === TOO_DEEP) {
        super.exit(index, token, value);
        return;
      }
      const site = (this.sites + (index << SITE_SHIFT)) as SiteAddress;
      const start = starts[markOf(token)]!;
      const allocated = closeFrame(site, token);
      super.exit(index, token, value);
      recordEnded(this, site, start, allocated);
    }

    override follow(index: SiteIndex, token: number, promise: unknown): unknown {
      // else `exit` is called
      if (token === TOO_DEEP || promise === this) return super.follow(index, token, promise);
      const site = (this.sites + (index << SITE_SHIFT)) as SiteAddress;
      const start = starts[markOf(token)]!;
      const allocated = closeFrame(site, token as FrameAddress);
      const followed = super.follow(index, token, promise);
      recordEnded(this, site, start, allocated);
      return followed;
    }

    override start(index: SiteIndex): CallProbe {
      return startCall(this, (this.sites + (index << SITE_SHIFT)) as SiteAddress, () => super.start(index));
    }
  };
}

/** The same where one call in so many is timed: the others allocate nothing for being counted. */
export function allocatingSampled(Base: typeof SampledProbe): typeof SampledProbe {
  return class AllocatingSampledProbe extends Base {
    override enterTimed(site: SiteAddress, frame: FrameAddress): void {
      const before = beginOwn(this);
      super.enterTimed(site, frame);
      openFrame(frame, before);
      heapReadings[frame + FRAME_START] = readClock();
    }

    override exitTimed(index: SiteIndex, token: number, value: unknown): void {
      const site = (this.sites + (index << SITE_SHIFT)) as SiteAddress;
      const start = starts[markOf(token)]!;
      const allocated = closeFrame(site, token);
      super.exitTimed(index, token, value);
      recordEnded(this, site, start, allocated);
    }

    override follow(index: SiteIndex, token: number, promise: unknown): unknown {
      if (!(token > 0) || promise === this) return super.follow(index, token, promise);
      const site = (this.sites + (index << SITE_SHIFT)) as SiteAddress;
      const start = starts[markOf(token)]!;
      const allocated = closeFrame(site, token);
      const followed = super.follow(index, token, promise);
      recordEnded(this, site, start, allocated);
      return followed;
    }

    override startTimed(site: SiteAddress): CallProbe {
      return startCall(this, site, () => super.startTimed(site));
    }
  };
}
