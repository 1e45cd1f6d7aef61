/**
 * A name for a file that no other process uses: process ids are used again, a reading of the monotonic clock is not.
 * (`node:crypto` would cost the start of every program 3 ms.)
 */
export function uniqueName(): string {
  return `${process.pid}-${process.hrtime.bigint().toString(36)}`;
}
