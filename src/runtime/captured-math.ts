/** Captured: the program may replace these, or have them timed, and calls that recording makes must not count. */
export const { abs, ceil, clz32, floor, log, log2, max, min, round } = Math;
