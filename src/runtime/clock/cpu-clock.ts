/** CPU time, captured before the program can replace what tells it. */
import * as math from '../captured-math.js';

const NS_PER_US = 1e3;
interface Usage {
  readonly user: number;
  readonly system: number;
}
const readProcess = process.cpuUsage.bind(process) as () => Usage;
const { threadCpuUsage } = process as { threadCpuUsage?: () => Usage };
const readThread = threadCpuUsage?.bind(process);

/** Whether it is the thread's; else it is the whole process's, V8's helpers and other threads included. */
export const isThreadCpu = readThread !== undefined;

/**
 * @returns ns of CPU time so far. On Linux the thread's advances in steps of a scheduler's tick (4 ms), but in steps
 * of 1 µs when it is read right after the process's.
 */
export function cpuNs(): number {
  let usage = readProcess();
  if (readThread !== undefined) usage = readThread();
  return (usage.user + usage.system) * NS_PER_US;
}

/** The smallest step seen over some readings, in ns; at most {@link MAX_READINGS} of them. */
export function measureCpuStepNs(): number {
  const MAX_READINGS = 2000;
  let step = Number.POSITIVE_INFINITY;
  let last = cpuNs();
  for (let reading = 0; reading < MAX_READINGS; reading++) {
    const now = cpuNs();
    if (now > last) step = math.min(step, now - last);
    last = now;
    if (step <= NS_PER_US) break; // no finer unit is told
  }
  return step === Number.POSITIVE_INFINITY ? NS_PER_US : step;
}
