import { median } from '../medians.mjs';

/** Longer calls are interrupted by other processes more often than not, where there are any. */
const INTERRUPTED_NS = 1e6;
const UNDISTURBED = 1 / 20;

/** The median; of long calls what the undisturbed ones took. */
export function typical(values, lengthNs) {
  if (lengthNs < INTERRUPTED_NS) return median(values);
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * UNDISTURBED)];
}
