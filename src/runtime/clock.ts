/** The clock, captured before the program can replace it: fake timers do not change what is measured. */

const { performance: capturedPerformance } = globalThis;
const readMs = capturedPerformance.now.bind(capturedPerformance);
const NS_PER_MS = 1e6;

/** @returns ns since the thread's `performance.timeOrigin`; monotonic, in steps of about 1 ns */
export function nowNs(): number {
  return readMs() * NS_PER_MS;
}

/** When this thread's clock read 0, in ns since the Unix epoch. */
export const originNs = capturedPerformance.timeOrigin * NS_PER_MS;

/** What one reading costs: the smallest mean over a few batches, in ns. Takes well under a millisecond. */
export function measureClockNs(): number {
  const batch = 200;
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 20; round++) {
    const startNs = nowNs();
    for (let read = 1; read < batch; read++) nowNs();
    best = Math.min(best, (nowNs() - startNs) / batch);
  }
  return best;
}
