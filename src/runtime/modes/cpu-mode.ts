import { max } from '../captured-math.js';
import { cpuNs } from '../clock/cpu-clock.js';
import type { CallProbe, StepsProbe } from '../contract.js';
import { heap, heapWords, thread } from '../memory/arena.js';
import { CPU, CPU_INNER, DEPTH, FRAME_CPU, FRAME_LOST, LOST, OUTER, SITE_SHIFT } from '../memory/layout.js';
import { Call } from '../record/call.js';
import { NO_CALL } from '../record/no-probe.js';
import { beginSteps } from '../record/promised-steps.js';
import { isOwnCall, Probe, TOO_DEEP } from '../record/recorder.js';
import { SampledProbe } from './sampled.js';

// CPU time is read before the clock at a call's start and after it at its end, so that wall time does not contain it.

/** Adds the CPU time of a sync call whose end has been recorded; nested calls' is contained in their outermost call's. */
function chargeCpu(site: number, frame: number): void {
  if (heapWords[2 * (site + DEPTH)] !== 0) return;
  // What the calls inside added went on the CPU as well.
  const lostNs = heap[thread + LOST]! - heap[thread + OUTER]! - heap[frame + FRAME_LOST]!;
  const ns = cpuNs() - heap[frame + FRAME_CPU]! - heap[thread + CPU_INNER]! - lostNs;
  heap[site + CPU]! += max(0, ns);
}

/** The probe under `--cpu`. */
export class CpuProbe extends Probe {
  override enter(index: number): number {
    const startNs = cpuNs();
    const frame = super.enter(index);
    if (frame !== TOO_DEEP) heap[frame + FRAME_CPU] = startNs;
    return frame;
  }

  override exit(index: number, frame: number, value: unknown): void {
    super.exit(index, frame, value);
    if (frame !== TOO_DEEP) chargeCpu(this.sites + (index << SITE_SHIFT), frame);
  }

  override start(index: number): CallProbe {
    if (isOwnCall(this)) return NO_CALL;
    return new CpuCall(this.sites + (index << SITE_SHIFT), 1);
  }

  override beginSteps(index: number, waits: boolean): StepsProbe {
    return beginSteps(this.sites + (index << SITE_SHIFT), waits, 1, true);
  }

  override afterSettling(site: number, frame: number): void {
    chargeCpu(site, frame);
  }
}

/** The probe under `--cpu --sample`. */
export class SampledCpuProbe extends SampledProbe {
  override enterTimed(site: number, frame: number): void {
    const startNs = cpuNs();
    super.enterTimed(site, frame);
    heap[frame + FRAME_CPU] = startNs;
  }

  override exitTimed(index: number, frame: number, value: unknown): void {
    super.exitTimed(index, frame, value);
    chargeCpu(this.sites + (index << SITE_SHIFT), frame);
  }

  override startTimed(site: number): CallProbe {
    return new CpuCall(site, this.sample);
  }

  override beginTimedSteps(site: number, waits: boolean): StepsProbe {
    return beginSteps(site, waits, this.sample, true);
  }

  override afterSettling(site: number, frame: number): void {
    chargeCpu(site, frame);
  }
}

/** A call that can pause: the CPU time while its code runs. */
class CpuCall extends Call {
  #cpuNs = 0;
  // Not initialised here: the first stretch begins in the constructor of the class above.
  declare private startedCpuNs: number;

  protected override run(): void {
    this.startedCpuNs = cpuNs();
    super.run();
  }

  protected override stop(endNs: number): void {
    super.stop(endNs);
    this.#cpuNs += max(0, cpuNs() - this.startedCpuNs - heap[thread + CPU_INNER]!);
  }

  protected override finish(endNs: number, threw: boolean): void {
    if (!this.ended && !this.nested) heap[this.site + CPU]! += this.#cpuNs;
    super.finish(endNs, threw);
  }
}
