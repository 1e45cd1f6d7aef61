const never = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/** Blocks this thread: an `exit` handler can wait for nothing else, and the app may have stopped the clock. */
export function sleepSync(ms: number): void {
  Atomics.wait(never, 0, 0, ms);
}
