/**
 * How recordings lie in the arena, in doubles. Written by the thread that owns them, read by the main thread.
 * Lists are chained by addresses; 0 ends them. All times are in ns.
 */

/**
 * All addresses lie below this power of two, and the arena goes on a little: an address that is masked so plus one of
 * the offsets here is within the arena beyond doubt, and V8 leaves out its check.
 */
export const ADDRESS_LIMIT = 2 ** 25;
export const ADDRESS_MASK = ADDRESS_LIMIT - 1;
export const BEYOND_LIMIT = 4096;

// A thread's record.
export const THREAD_NEXT = 0;
export const THREAD_ID = 1;
/** `performance.timeOrigin` of the thread. */
export const THREAD_ORIGIN = 2;
/** The list of modules, newest first; as a 32-bit word, because it is published with `Atomics`. */
export const THREAD_MODULES = 3;
/** When the event loop is last known to have turned (as the clock reads), 0 for never: see gc.ts. */
export const THREAD_TURN = 4;
export const THREAD_GC_COUNT = 5;
/** Address of {@link GC_CAPACITY} pairs of start and duration; 0 before the first collection. */
export const THREAD_GC_EVENTS = 6;
/** Under `--sample`: {@link OUTER} of a timed call alone, without those that it stands for. */
export const OUTER_OF_TIMED = 7;
/** Ns by which measuring has lengthened this thread's measured calls so far: see the essay in recorder.ts. */
export const LOST = 8;
/** Ns spent so far in measured calls that have ended, callees once. */
export const SPENT = 9;
/** What a measured call adds to its own duration, and to the time of whatever encloses it (its own included). */
export const INNER = 10;
export const OUTER = 11;
/** Under `--cpu`: the CPU time that a call that does nothing seems to take. */
export const CPU_INNER = 12;
/** Where the next frame of the shadow stack will lie, and how deep ttprof's own work is; as 32-bit words. */
export const TOP = 13;
/** The clock's last reading, 64 bits, and a place for another. */
export const READING = 14;
export const START = 15;
/** Under `--cpu`: the CPU time of what has to be done now and then, and the part of {@link LOST} that it is. */
export const CPU_DUE = 16;
export const WALL_DUE = 17;
/** Under `--drill`: the trees, as JSON in UTF-8: address (0 for none) and length in bytes. */
export const THREAD_DRILL = 18;
export const THREAD_DRILL_BYTES = 19;
/** What its series take of the budget that all share. */
export const THREAD_SERIES_BYTES = 20;
/** Under `--cpu`: what reading it at both ends of a call adds to what encloses the call. */
export const CPU_READING = 21;
/** How many samples are kept until calibrating is due, as a 32-bit word; and when writing is: see due-work.ts. */
export const KEPT_UNTIL_DUE = 22;
export const FLUSH_DUE = 23;
/** What keeping a sample adds to the time of whatever encloses its call. */
export const KEEPING = 24;
export const THREAD_DOUBLES = 25;

// A frame of the shadow stack: a measured call that is running.
/** The clock's reading, 64 bits. */
export const FRAME_START = 0;
export const FRAME_LOST = 1;
export const FRAME_SPENT = 2;
/** Address of the site's record; 0 in the frame at the bottom. */
export const FRAME_SITE = 3;
/** Whose frame it is: 0 for a sync call, a {@link TIMED}, the number of a call that can pause. Cleared when it ends. */
export const FRAME_CALL = 4;
/** CPU time at the start, under `--cpu`. */
export const FRAME_CPU = 5;
export const FRAME_DOUBLES = 6;
/** A sync call that is timed, under `--sample`; others are counted. */
export const TIMED = -1;
/** A step of an async generator that is seen from outside: between the numbers of calls that can pause. */
export const STEP = 0.5;
/** A call that can pause and is counted. */
export const UNTIMED_PAUSING = -2;

// A block of frames: a thread's shadow stack.
/** Which thread's it is, as a 32-bit word. */
export const BLOCK_OWNER = 0;
export const BLOCK_NEXT = 1;
/** Address of the record of the last thread that took it. */
export const BLOCK_THREAD = 2;
/** How many calls have room; the lowest frame is none's. */
export const BLOCK_FRAMES = 3;
export const BLOCK_DOUBLES = 4;

/** How many garbage collections are kept of one thread at the most. */
export const GC_CAPACITY = 4096;

// A module's record: one for each instance of a rewritten module, sites in the order of its description.
export const MODULE_NEXT = 0;
/** Address and length in bytes of its description, JSON in UTF-8. */
export const MODULE_JSON = 1;
export const MODULE_JSON_BYTES = 2;
export const MODULE_SITES = 3;
export const MODULE_SITE_COUNT = 4;
export const MODULE_DOUBLES = 8;

// A site's record: one for each measured function of each instance of a module.
/** Completed outermost calls. */
export const OUTERMOST = 0;
/** Completed calls inside another call of the same function on the stack. */
export const NESTED = 1;
/** How many calls are on the stack now; in the lower 32-bit word, because sums of integers are quicker. */
export const DEPTH = 2;
/** Calls that can pause: how many have begun and not ended, on the stack or not. */
export const OPEN = 3;
/** Of timed outermost calls. */
export const TOTAL = 4;
/** What callees took, as a negative number: added to {@link TOTAL} and {@link NESTED_TOTAL} it gives the own time. */
export const SELF = 5;
export const MIN = 6;
export const MAX = 7;
/** The first timed call's duration: sums of differences from it do not cancel. */
export const SHIFT = 8;
export const SHIFTED_SUM = 9;
export const SHIFTED_SQUARES = 10;
/** Timed calls until the next one that the series keeps. */
export const UNTIL_KEPT = 11;
/** Address of the last caller's record, 0 for the program itself, and what had been recorded when it became that. */
export const CALLER = 12;
export const CALLER_CALLS = 13;
export const CALLER_TOTAL = 14;
/** Earlier callers: a list of {@link EDGE_DOUBLES}. */
export const EDGES = 15;
export const ERRORS = 16;
export const PROMISES = 17;
export const ACTIVE = 18;
export const CPU = 19;
/** Under `--sample`: timed calls and timed outermost calls, for scaling up; and calls until the next one. */
export const SAMPLED = 20;
export const SAMPLED_OUTERMOST = 21;
export const UNTIL_TIMED = 22;
/** A list of {@link CHUNK_DOUBLES}. */
export const CHUNKS = 23;
/** As 32-bit words: the length of the series, and the address where the next sample goes, 0 where that is not known. */
export const SERIES_LENGTH = 24;
/** One timed call in so many is kept; as a 32-bit word. */
export const SERIES_STRIDE = 25;
/** Samples that found no room for their bucket, because the arena was full. */
export const UNBUCKETED = 26;
/** Calls too deep for the shadow stack: counted only. */
export const DEEP = 27;
/** Whether its calls can pause, and how they end: an index into `KINDS` in site.ts. */
export const KIND = 28;
/** Where in the list of its thread it stands, from 0. */
export const ORDINAL = 29;
/** How many first calls the statistics leave out, until they have been made. */
export const WARMUP = 30;
/** Of timed calls inside another call of the same function. */
export const NESTED_TOTAL = 31;
/** Addresses of the histogram's pages as 32-bit words, 0 where a page has not been needed yet. */
export const PAGES = 32;
export const PAGE_BUCKETS = 64;
/** The largest bucket is that of 2 ** 53 ns, 104 days. */
const MAX_BUCKETS = 46 * 256;
export const MAX_PAGES = MAX_BUCKETS / PAGE_BUCKETS;
/**
 * Under `--sample`: is the next outermost call of a sync function timed whatever was drawn? 1 and the calls that
 * `--warmup` leaves out, else 0. See sampled.ts.
 */
export const FORCED = 124;
/** What the first call took, should no other be timed; and of one that can pause, in how much of that its code ran. */
export const FIRST_NS = 125;
export const FIRST_ACTIVE_NS = FORCED;
/**
 * Under `--cpu` without `--sample`, as 32-bit words: outermost calls until the next whose CPU time is read (0 while that
 * one runs), and how many it stands for; and how many calls {@link CPU} stands for. See cpu-mode.ts.
 */
export const CPU_GAP = FORCED;
export const CPU_CALLS = FIRST_NS;
/** Of how many it has been read. */
export const CPU_READS = SAMPLED;
/** A list of {@link GROUP_DOUBLES}, under `--by`. */
export const GROUPS = 126;
/**
 * Under `--by`, which is not together with `--sample`: what a key takes, and as 32-bit words: calls until the next whose
 * key is timed, and the address of a table of whole numbers' groups, 0 for none. Of a group's record: the keys' sum.
 */
export const KEY_NS = SAMPLED_OUTERMOST;
export const KEY_WORDS = UNTIL_TIMED;
export const KEY_SUM = SAMPLED_OUTERMOST;
/** That table is as long as this and one more, in 32-bit words. */
export const SMALL_KEY_MASK = 1023;
/** Under `--alloc`: address of a record of the same kind, which has bytes in the place of durations. */
export const ALLOCATION = 127;
/** A power of two: sites of a module lie in a row. */
export const SITE_SHIFT = 7;
export const SITE_DOUBLES = 2 ** SITE_SHIFT;

// Calls of a site that have one key.
export const GROUP_NEXT = 0;
/** Address of a site's record that has these calls alone. */
export const GROUP_SITE = 1;
/** An index into `GROUP_KINDS` in groups.ts. */
export const GROUP_KIND = 2;
export const GROUP_LABEL = 3;
export const GROUP_LABEL_BYTES = 4;
export const GROUP_LOW = 5;
export const GROUP_HIGH = 6;
export const GROUP_DOUBLES = 7;

// A caller that is not the current one.
export const EDGE_NEXT = 0;
export const EDGE_CALLER = 1;
export const EDGE_CALLS = 2;
export const EDGE_TOTAL = 3;
export const EDGE_DOUBLES = 4;

// A chunk of the series: pairs of start and duration.
export const CHUNK_NEXT = 0;
export const CHUNK_HEADER = 2;
export const CHUNK_SAMPLES = 64;
/** How many samples are kept of one function in one thread at the most. */
export const MAX_SERIES_SAMPLES = 8192;
export const CHUNK_DOUBLES = CHUNK_HEADER + 2 * CHUNK_SAMPLES;
