// A clock that stands still unless told otherwise, put in place before the runtime captures the real one. The runtime
// is one per process, and node:test runs each file in a process of its own: every file that imports this gets its own.
let timeNs = 5_000_000_000n;
let stepNs = 0n;
const real = process.hrtime.bigint;
process.hrtime.bigint = () => {
  timeNs += stepNs;
  return timeNs;
};

export const runtimeModule = await import('../../dist/runtime/runtime.js');
process.hrtime.bigint = real;

/** Lets time pass. */
export function advance(ns: number): void {
  timeNs += BigInt(ns);
}

/** What each reading of the clock costs from now on. */
export function setReadingNs(ns: number): void {
  stepNs = BigInt(ns);
}
