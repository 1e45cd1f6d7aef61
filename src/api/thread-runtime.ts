import { isMainThread } from 'node:worker_threads';
import { currentRuntime, type Runtime, startRuntime } from '../runtime/runtime.js';

/** This thread's runtime: the preload's where it runs, else one that is started now. */
export function ensureRuntime(): Runtime {
  return (
    currentRuntime() ??
    startRuntime({ raw: false, sample: 1, cpu: false, settle: false, warmup: 0, isMainThread })
  );
}
