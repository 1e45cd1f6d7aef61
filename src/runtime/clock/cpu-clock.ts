/** CPU time, captured before the program can replace what tells it. */
import * as math from '../captured-math.js';
import { nowNs } from './clock.js';

const NS_PER_US = 1e3;
interface Usage {
  readonly user: number;
  readonly system: number;
}
const readProcess = process.cpuUsage.bind(process) as () => Usage;
const { threadCpuUsage } = process as { threadCpuUsage?: () => Usage };
const readThread = threadCpuUsage?.bind(process);

/** Is it the CPU time of this thread? Else it is that of the whole process, with other threads and V8's helpers. */
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

/** How long two ticks are waited for: a coarse clock (15.6 ms on Windows) ticks rarely. */
const MAX_WAIT_NS = 50e6;

/** The smallest step seen in some readings, in ns; null where no tick was seen, so that nothing is claimed. */
export function measureCpuStepNs(): number | null {
  const MIN_READINGS = 2000;
  const beganNs = nowNs();
  let step = Number.POSITIVE_INFINITY;
  let last = cpuNs();
  for (let reading = 0; reading < MIN_READINGS || nowNs() - beganNs < MAX_WAIT_NS; reading++) {
    if (reading >= MIN_READINGS && step !== Number.POSITIVE_INFINITY) break;
    const now = cpuNs();
    if (now > last) step = math.min(step, now - last);
    last = now;
    if (step <= NS_PER_US) break; // Node gives no finer unit
  }
  return step === Number.POSITIVE_INFINITY ? null : step;
}
