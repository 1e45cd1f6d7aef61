import { ceil, max, min } from '../captured-math.js';
import { nowNs, readClock } from '../clock/clock.js';
import { cpuNs } from '../clock/cpu-clock.js';
import type { CallProbe, FrameAddress, SiteAddress, SiteIndex, StepsProbe } from '../contract.js';
import { heap, heapReadings, heapWords, thread } from '../memory/arena.js';
import {
  ACTIVE,
  CPU,
  CPU_CALLS,
  CPU_DUE,
  CPU_GAP,
  CPU_INNER,
  CPU_READING,
  CPU_READS,
  DEPTH,
  FRAME_CPU,
  FRAME_LOST,
  FRAME_START,
  INNER,
  LOST,
  OUTER,
  OUTERMOST,
  SITE_SHIFT,
  START,
  TOTAL,
  WALL_DUE,
} from '../memory/layout.js';
import { Call } from '../record/call.js';
import { beginSteps } from '../record/promised-steps.js';
import { isOwnCall, Probe, TOO_DEEP } from '../record/recorder.js';
import { drawGap, SampledProbe } from './sampled.js';

/*
 * CPU time is read next to the function's own code: after all that begins a call, before all that ends one. A reading
 * takes one or two microseconds, which are not in the call's duration: the clock is read again after the first, and
 * what the second takes is lost to the call.
 *
 * That would be a hundred times as long as a short call. So a function's first calls are read one by one, and then as
 * many as keep readings below a tenth of the time in its calls. Which ones is drawn, as under --sample: each call that is
 * read stands for so many, whatever it takes, so the sum is right on average. Of calls of 50 µs and more each is read.
 *
 * What measuring inside a call took is subtracted. For the calls inside these are constants, as many as there were.
 * What is due now and then (calibrating, flushing) is measured in CPU time: on a busy machine the thread may wait for
 * its turn meanwhile, and the time on the wall would take away what the function itself did.
 */

/**
 * The share of the time in a function's calls that readings should take. A tenth is promised; it is less, because how long
 * both take is known from earlier calls only.
 */
const AIMED_SHARE = 0.075;
/** How many first calls are read before their mean duration is relied on. */
const READ_AT_FIRST = 32;
const MAX_MEAN_GAP = 2 ** 16;

/** CPU time, but for what due work took; what {@link LOST} holds of that is added, so that it cancels there. */
function workNs(): number {
  return cpuNs() - heap[thread + CPU_DUE]! + heap[thread + WALL_DUE]!;
}

/** To be called when a call's frame is in place. */
function startCpu(frame: FrameAddress): void {
  heap[frame + FRAME_CPU] = workNs();
  heapReadings[frame + FRAME_START] = readClock();
}

/** To be called before anything else when a call ends: what it takes is lost to the call. @returns the CPU time */
function stopCpu(frame: FrameAddress): number {
  const beganNs = nowNs();
  const ns = workNs();
  // and the clock has been read once more
  heap[frame + FRAME_LOST]! -= nowNs() - beganNs + heap[thread + INNER]!;
  return ns;
}

/** What the calls inside have added so far, which went on the CPU as well. */
function lostInside(frame: FrameAddress): number {
  return heap[thread + LOST]! - heap[frame + FRAME_LOST]!;
}

/** The CPU time of a sync call whose end has been recorded. */
function cpuOf(frame: FrameAddress, insideNs: number, endCpuNs: number): number {
  return endCpuNs - heap[frame + FRAME_CPU]! - heap[thread + CPU_INNER]! - insideNs;
}

/** What the readings of a call took is lost to what encloses it. */
function loseReadings(share = 1): void {
  heap[thread + LOST]! += heap[thread + CPU_READING]! * share;
}

/**
 * A reading after a while without any takes up to 3 µs longer, half of it inside the call. In a call that stands for
 * others that would be multiplied, so one more reading before the call takes it.
 */
function warmUp(weight: number): void {
  if (weight > 1) cpuNs();
}
/** By this factor a call's readings take longer then. */
const WITH_WARM_UP = 3 / 2;

/** Is the CPU time of an outermost call that begins to be read? */
function isDue(site: SiteAddress): boolean {
  const left = heapWords[2 * (site + CPU_GAP)]! - 1;
  heapWords[2 * (site + CPU_GAP)] = left > 0 ? left : 0;
  return left <= 0;
}

/** Is the CPU time of the outermost call that ends being read? */
function isBeingRead(site: SiteAddress): boolean {
  return heapWords[2 * (site + CPU_GAP)] === 0;
}

/** How many calls a call stands for whose CPU time is read. */
function weightOf(site: SiteAddress): number {
  return max(1, heapWords[2 * (site + CPU_GAP) + 1]!);
}

/** Adds the CPU time of a call. That of a short call may be negative, and must stay so for the sum to be right. */
function addCpu(site: SiteAddress, ns: number, weight: number): void {
  heap[site + CPU]! += ns * weight;
  heap[site + CPU_CALLS]! += weight;
  heap[site + CPU_READS]!++;
}

/** Decides which call is read next. */
function drawNext(site: SiteAddress): void {
  const calls = heap[site + OUTERMOST]!;
  const spentNs = heap[site + ACTIVE]! || heap[site + TOTAL]!;
  let meanGap = 1;
  if (calls >= READ_AT_FIRST) {
    const needed = (readingsNs * WITH_WARM_UP * calls) / (AIMED_SHARE * max(1, spentNs));
    meanGap = max(1, min(MAX_MEAN_GAP, ceil(needed)));
  }
  heapWords[2 * (site + CPU_GAP)] = meanGap === 1 ? 1 : drawGap(meanGap);
  heapWords[2 * (site + CPU_GAP) + 1] = meanGap;
}

const CALIBRATED_READINGS = 64;
/** What readings of a call have lately taken. */
let readingsNs = 0;

/** What a call that does nothing seems to take of the CPU, and what its readings add to what encloses it. */
export function measureCpuReadings(): { readonly innerNs: number; readonly wallNs: number } {
  let innerNs = 0;
  const wallsNs: number[] = [];
  // as `startCpu` and `stopCpu`
  for (let reading = 0; reading < CALIBRATED_READINGS; reading++) {
    const beganNs = nowNs();
    const startCpuNs = workNs();
    heapReadings[thread + START] = readClock();
    nowNs();
    innerNs += workNs() - startCpuNs;
    wallsNs.push(nowNs() - beganNs);
  }
  wallsNs.sort((a, b) => a - b);
  readingsNs = wallsNs[CALIBRATED_READINGS / 4]!;
  return { innerNs: innerNs / CALIBRATED_READINGS, wallNs: readingsNs };
}

/** A calibrator's calls are not read. */
export function leaveUnread(site: SiteAddress): void {
  heapWords[2 * (site + CPU_GAP)] = 2 ** 31 - 1;
}

/** The probe under `--cpu`. */
export class CpuProbe extends Probe {
  override enter(index: SiteIndex): number {
    const frame = super.enter(index);
    const site = (this.sites + (index << SITE_SHIFT)) as SiteAddress;
    if (frame !== TOO_DEEP && heapWords[2 * (site + DEPTH)] === 1 && isDue(site)) {
      warmUp(weightOf(site));
      startCpu(frame as FrameAddress);
    }
    return frame;
  }

  override exit(index: SiteIndex, token: number, value: unknown): void {
    const site = (this.sites + (index << SITE_SHIFT)) as SiteAddress;
    if (token === TOO_DEEP || heapWords[2 * (site + DEPTH)] !== 1 || !isBeingRead(site)) {
      super.exit(index, token, value);
      return;
    }
    const frame = token as FrameAddress;
    const insideNs = lostInside(frame);
    const endCpuNs = stopCpu(frame);
    super.exit(index, frame, value);
    this.chargeRead(site, cpuOf(frame, insideNs, endCpuNs));
  }

  override start(index: SiteIndex, idle?: boolean): CallProbe {
    const site = (this.sites + (index << SITE_SHIFT)) as SiteAddress;
    if (isOwnCall(this) || heapWords[2 * (site + DEPTH)] !== 0 || !isDue(site))
      return super.start(index, idle);
    const weight = weightOf(site);
    drawNext(site);
    warmUp(weight);
    return new CpuCall(weight).begin(site, 1);
  }

  override beginSteps(index: SiteIndex, waits: boolean): StepsProbe {
    return beginSteps((this.sites + (index << SITE_SHIFT)) as SiteAddress, waits, 1, true);
  }

  override afterSettling(site: SiteAddress, frame: FrameAddress): void {
    if (heapWords[2 * (site + DEPTH)] !== 0 || !isBeingRead(site)) return;
    this.chargeRead(site, cpuOf(frame, lostInside(frame) - heap[thread + OUTER]!, workNs()));
  }

  chargeRead(site: SiteAddress, ns: number): void {
    const weight = weightOf(site);
    addCpu(site, ns, weight);
    loseReadings(weight > 1 ? WITH_WARM_UP : 1);
    drawNext(site);
  }
}

/** The probe under `--cpu --sample`: each timed call is read. */
export class SampledCpuProbe extends SampledProbe {
  override enterTimed(site: SiteAddress, frame: FrameAddress): void {
    super.enterTimed(site, frame);
    startCpu(frame);
  }

  override exitTimed(index: SiteIndex, token: number, value: unknown): void {
    const site = (this.sites + (index << SITE_SHIFT)) as SiteAddress;
    const frame = token as FrameAddress;
    const insideNs = lostInside(frame);
    const endCpuNs = stopCpu(frame);
    super.exitTimed(index, frame, value);
    this.chargeTimed(site, cpuOf(frame, insideNs, endCpuNs));
  }

  override startTimed(site: SiteAddress): CallProbe {
    return new CpuCall(0).begin(site, this.sample);
  }

  override beginTimedSteps(site: SiteAddress, waits: boolean): StepsProbe {
    return beginSteps(site, waits, this.sample, true);
  }

  override afterSettling(site: SiteAddress, frame: FrameAddress): void {
    this.chargeTimed(site, cpuOf(frame, lostInside(frame) - heap[thread + OUTER]!, workNs()));
  }

  /** Nested calls' time is contained in their outermost call's. */
  chargeTimed(site: SiteAddress, ns: number): void {
    if (heapWords[2 * (site + DEPTH)] === 0) heap[site + CPU]! += ns;
    loseReadings();
  }
}

/** A call that can pause: the CPU time while its code runs. */
class CpuCall extends Call {
  /** How many calls it stands for; 0 where `--sample` knows. */
  readonly #weight: number;
  #cpuNs = 0;
  #startedCpuNs = 0;

  constructor(weight: number) {
    super();
    this.#weight = weight;
  }

  override run(): void {
    this.#startedCpuNs = cpuNs() - heap[thread + CPU_DUE]!;
    super.run();
  }

  override stop(): void {
    const endCpuNs = cpuNs() - heap[thread + CPU_DUE]!;
    super.stop();
    this.#cpuNs += endCpuNs - this.#startedCpuNs - heap[thread + CPU_INNER]!;
    loseReadings();
  }

  override finish(threw: boolean): void {
    if (!this.ended && !this.nested) {
      if (this.#weight > 0) addCpu(this.site, this.#cpuNs, this.#weight);
      else heap[this.site + CPU]! += this.#cpuNs;
    }
    super.finish(threw);
  }
}
