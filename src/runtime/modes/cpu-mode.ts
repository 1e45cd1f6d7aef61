import { max } from '../captured-math.js';
import { nowNs, readClock } from '../clock/clock.js';
import { cpuNs } from '../clock/cpu-clock.js';
import type { CallProbe, FrameAddress, SiteAddress, SiteIndex, StepsProbe } from '../contract.js';
import { heap, heapReadings, heapWords, thread } from '../memory/arena.js';
import {
  CPU,
  CPU_DUE,
  CPU_INNER,
  DEPTH,
  FRAME_CPU,
  FRAME_LOST,
  FRAME_START,
  LOST,
  OUTER,
  SITE_SHIFT,
  WALL_DUE,
} from '../memory/layout.js';
import { Call } from '../record/call.js';
import { NO_CALL } from '../record/no-probe.js';
import { beginSteps } from '../record/promised-steps.js';
import { isOwnCall, Probe, TOO_DEEP } from '../record/recorder.js';
import { SampledProbe } from './sampled.js';

/*
 * CPU time is read next to the function's own code: after all that begins a call, before all that ends one. A reading
 * takes one or two microseconds, which are not in the call's duration: the clock is read again after the first, and
 * what the second takes is lost to the call.
 *
 * What measuring inside a call took is subtracted. For the calls inside these are constants, as many as there were.
 * What is due now and then (calibrating, flushing) is measured in CPU time: on a busy machine the thread may wait for
 * its turn meanwhile, and the time on the wall would take away what the function itself did.
 */

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
  heap[frame + FRAME_LOST]! -= nowNs() - beganNs;
  return ns;
}

/** What the calls inside have added so far, which went on the CPU as well. */
function lostInside(frame: FrameAddress): number {
  return heap[thread + LOST]! - heap[frame + FRAME_LOST]!;
}

/** Adds the CPU time of a sync call whose end has been recorded; nested calls' is contained in their outermost call's. */
function chargeCpu(site: SiteAddress, frame: FrameAddress, insideNs: number, endCpuNs: number): void {
  if (heapWords[2 * (site + DEPTH)] !== 0) return;
  heap[site + CPU]! += max(0, endCpuNs - heap[frame + FRAME_CPU]! - heap[thread + CPU_INNER]! - insideNs);
}

/** The probe under `--cpu`. */
export class CpuProbe extends Probe {
  override enter(index: SiteIndex): number {
    const frame = super.enter(index);
    if (frame !== TOO_DEEP) startCpu(frame as FrameAddress);
    return frame;
  }

  override exit(index: SiteIndex, frame: FrameAddress, value: unknown): void {
    if (frame === TOO_DEEP) {
      super.exit(index, frame, value);
      return;
    }
    const insideNs = lostInside(frame);
    const endCpuNs = stopCpu(frame);
    super.exit(index, frame, value);
    chargeCpu((this.sites + (index << SITE_SHIFT)) as SiteAddress, frame, insideNs, endCpuNs);
  }

  override start(index: SiteIndex): CallProbe {
    if (isOwnCall(this)) return NO_CALL;
    return new CpuCall().begin((this.sites + (index << SITE_SHIFT)) as SiteAddress, 1);
  }

  override beginSteps(index: SiteIndex, waits: boolean): StepsProbe {
    return beginSteps((this.sites + (index << SITE_SHIFT)) as SiteAddress, waits, 1, true);
  }

  override afterSettling(site: SiteAddress, frame: FrameAddress): void {
    chargeCpu(site, frame, lostInside(frame) - heap[thread + OUTER]!, workNs());
  }
}

/** The probe under `--cpu --sample`. */
export class SampledCpuProbe extends SampledProbe {
  override enterTimed(site: SiteAddress, frame: FrameAddress): void {
    super.enterTimed(site, frame);
    startCpu(frame);
  }

  override exitTimed(index: SiteIndex, frame: FrameAddress, value: unknown): void {
    const insideNs = lostInside(frame);
    const endCpuNs = stopCpu(frame);
    super.exitTimed(index, frame, value);
    chargeCpu((this.sites + (index << SITE_SHIFT)) as SiteAddress, frame, insideNs, endCpuNs);
  }

  override startTimed(site: SiteAddress): CallProbe {
    return new CpuCall().begin(site, this.sample);
  }

  override beginTimedSteps(site: SiteAddress, waits: boolean): StepsProbe {
    return beginSteps(site, waits, this.sample, true);
  }

  override afterSettling(site: SiteAddress, frame: FrameAddress): void {
    chargeCpu(site, frame, lostInside(frame) - heap[thread + OUTER]!, workNs());
  }
}

/** A call that can pause: the CPU time while its code runs. */
class CpuCall extends Call {
  #cpuNs = 0;
  #startedCpuNs = 0;

  override run(): void {
    this.#startedCpuNs = cpuNs() - heap[thread + CPU_DUE]!;
    super.run();
  }

  override stop(): void {
    const endCpuNs = cpuNs() - heap[thread + CPU_DUE]!;
    super.stop();
    this.#cpuNs += max(0, endCpuNs - this.#startedCpuNs - heap[thread + CPU_INNER]!);
  }

  override finish(threw: boolean): void {
    if (!this.ended && !this.nested) heap[this.site + CPU]! += this.#cpuNs;
    super.finish(threw);
  }
}
