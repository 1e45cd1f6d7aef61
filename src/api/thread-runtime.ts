import { isMainThread } from 'node:worker_threads';
import { RUNTIME_KEY } from '../runtime/contract.js';
import { currentRuntime, type Runtime, startRuntime } from '../runtime/runtime.js';
import { arrangeTimedReport } from './timed-report.js';

/** This thread's runtime: the preload's where it runs, else one that is started now. */
export function ensureRuntime(): Runtime {
  const current = currentRuntime();
  if (current !== null) return current;
  // The preload of another copy of ttprof: what it had rewritten goes on recording there.
  const other = Object.getOwnPropertyDescriptor(globalThis, RUNTIME_KEY);
  const started = startRuntime({ raw: false, sample: 1, cpu: false, settle: false, warmup: 0, isMainThread });
  arrangeTimedReport(started);
  if (other !== undefined) Object.defineProperty(globalThis, RUNTIME_KEY, other);
  return started;
}
