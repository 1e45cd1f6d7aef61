import { RUNTIME_KEY } from '../runtime/contract.js';
import { shareNow } from '../runtime/memory/threads.js';
import type { PeriodOptions } from '../runtime/read/period.js';
import { currentRuntime, type Runtime, startRuntime } from '../runtime/runtime.js';
import { arrangeTimedReport } from './timed-report.js';

/**
 * This thread's runtime: the preload's where it runs, else one that is started now.
 * @param options for modules that are rewritten; periods have their own
 */
export function ensureRuntime(options: PeriodOptions = { raw: false, sample: 1, cpu: false }): Runtime {
  const current = currentRuntime();
  if (current !== null) return current;
  // The preload of another copy of ttprof: what it had rewritten goes on recording there.
  const other = Object.getOwnPropertyDescriptor(globalThis, RUNTIME_KEY);
  const started = startRuntime({ ...pickPeriodOptions(options), settle: false, warmup: 0 });
  shareNow();
  arrangeTimedReport(started);
  if (other !== undefined) Object.defineProperty(globalThis, RUNTIME_KEY, other);
  return started;
}

/** The part of larger settings that the runtime knows. */
export function pickPeriodOptions({ raw, sample, cpu }: PeriodOptions): PeriodOptions {
  return { raw, sample, cpu };
}
