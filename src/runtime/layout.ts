/**
 * How recordings lie in the arena, in doubles. Written by the thread that owns them, read by the main thread.
 * Lists are chained by addresses; 0 ends them. All times are in ns.
 */

// A thread's record.
export const THREAD_NEXT = 0;
export const THREAD_ID = 1;
/** `performance.timeOrigin` of the thread. */
export const THREAD_ORIGIN = 2;
export const THREAD_MODULES = 3;
/** How many sites the thread has; ids count from 1. */
export const THREAD_SITES = 4;
/** When the event loop is last known to have turned (as the clock reads), 0 for never: see gc.ts. */
export const THREAD_TURN = 5;
export const THREAD_GC_COUNT = 6;
/** Address of {@link GC_CAPACITY} pairs of start and duration; 0 before the first collection. */
export const THREAD_GC_EVENTS = 7;
export const THREAD_INNER = 8;
export const THREAD_OUTER = 9;
export const THREAD_DOUBLES = 16;

export const GC_CAPACITY = 4096;

// A module's record: one for each instance of a rewritten module, sites in the order of its description.
export const MODULE_NEXT = 0;
/** Address and length in bytes of its description, JSON in UTF-8. */
export const MODULE_JSON = 1;
export const MODULE_JSON_BYTES = 2;
export const MODULE_SITES = 3;
export const MODULE_SITE_COUNT = 4;
export const MODULE_FIRST_ID = 5;
export const MODULE_DOUBLES = 8;

// A site's record.
/** Completed outermost calls. */
export const OUTERMOST = 0;
/** Completed calls inside another call of the same function on the stack. */
export const NESTED = 1;
/** How many calls are on the stack now. */
export const DEPTH = 2;
/** Calls that can pause: how many have begun and not ended, on the stack or not. */
export const OPEN = 3;
export const ERRORS = 4;
/** Of timed outermost calls. */
export const TOTAL = 5;
export const SELF = 6;
export const ACTIVE = 7;
export const MIN = 8;
export const MAX = 9;
/** The first timed call's duration: sums of differences from it do not cancel. */
export const SHIFT = 10;
export const SHIFTED_SUM = 11;
export const SHIFTED_SQUARES = 12;
export const PROMISES = 13;
export const CPU = 14;
/** Under `--sample`: timed calls and timed outermost calls, for scaling up. */
export const SAMPLED = 15;
export const SAMPLED_OUTERMOST = 16;
/** The id of the last caller, 0 for the program itself, and what had been recorded when it became that. */
export const CALLER = 17;
export const CALLER_CALLS = 18;
export const CALLER_TOTAL = 19;
/** Earlier callers: a list of {@link EDGE_DOUBLES}. */
export const EDGES = 20;
/** A list of {@link PAGE_DOUBLES}. */
export const PAGES = 21;
/** A list of {@link CHUNK_DOUBLES}. */
export const CHUNKS = 22;
export const SERIES_LENGTH = 23;
export const SERIES_STRIDE = 24;
/** Samples that found no room for their bucket, because the arena was full. */
export const UNBUCKETED = 25;
export const SITE_DOUBLES = 32;

// A caller that is not the current one.
export const EDGE_NEXT = 0;
export const EDGE_CALLER = 1;
export const EDGE_CALLS = 2;
export const EDGE_TOTAL = 3;
export const EDGE_DOUBLES = 4;

// A page of the histogram.
export const PAGE_NEXT = 0;
/** Which: bucket number divided by {@link PAGE_BUCKETS}. */
export const PAGE_NUMBER = 1;
export const PAGE_HEADER = 2;
export const PAGE_BUCKETS = 64;
export const PAGE_DOUBLES = PAGE_HEADER + PAGE_BUCKETS;

// A chunk of the series: pairs of start and duration.
export const CHUNK_NEXT = 0;
export const CHUNK_HEADER = 2;
export const CHUNK_SAMPLES = 64;
export const CHUNK_DOUBLES = CHUNK_HEADER + 2 * CHUNK_SAMPLES;
