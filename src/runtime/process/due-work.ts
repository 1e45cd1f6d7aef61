import * as math from '../captured-math.js';
import { nowNs } from '../clock/clock.js';
import { asOwnWork } from '../contract.js';
import { heap, heapWords, newestThread, thread } from '../memory/arena.js';
import {
  CPU_DUE,
  FLUSH_DUE,
  INNER,
  KEPT_UNTIL_DUE,
  LOST,
  OUTER_OF_TIMED,
  SPENT,
  THREAD_NEXT,
  WALL_DUE,
} from '../memory/layout.js';

/*
 * What has to be done now and then while the program runs: calibrating as V8 optimises it, and writing what was
 * recorded so far. A timer serves a program whose event loop turns. In one that never yields the nearest thing is a
 * sample that is kept: these come with every call at first, and later at least a few thousand times as often as the
 * program's age doubles. What is done there is not charged to the calls that enclose it. Whether anything is due stands
 * in the thread's record, where keep-sample.ts sees it at once.
 */

const SECOND_NS = 1e9;
/** Writing takes at most this share of the time, should it ever take long. */
const MAX_FLUSHING = 1 / 10;
/** The first calibration while calls come is after so many kept samples, the next after a quarter as many again, … */
const FIRST_CALIBRATION = 64;
const CALIBRATION_GROWTH = 1.25;
/** How many calls a slice of calibrating measures: few at the start, which waits for it, and later at most so many. */
const FIRST_SLICE_CALLS = 100;
const MAX_SLICE_CALLS = 4096;

// Captured: the program may replace them.
const { setInterval } = globalThis;

/** So many samples are never kept. */
const NEVER = 2 ** 31 - 1;
/** The word that counts samples down to the next calibration. */
const keptUntilDue = 2 * (thread + KEPT_UNTIL_DUE);
heapWords[keptUntilDue] = NEVER;
heap[thread + FLUSH_DUE] = Number.POSITIVE_INFINITY;

/** How many samples will have been kept by then. */
let keptWhenDue = NEVER;
let calibrate: (calls: number) => void = () => {};
let flush: () => void = () => {};
let flushedActivity = -1;
let busy = false;
/** Of this thread in ns; always 0 where nobody wants to know. */
let readCpu = (): number => 0;

/** Has calls calibrated, from the first slice at once to slices of some thousand later. */
export function calibrateRegularly(slice: (calls: number) => void): void {
  calibrate = slice;
  busy = true;
  calibrate(FIRST_SLICE_CALLS);
  busy = false;
  keptWhenDue = FIRST_CALIBRATION;
  heapWords[keptUntilDue] = FIRST_CALIBRATION;
}

/**
 * Calls back about once a second while measured calls end, from within a measured call where the event loop does not
 * turn. The timer does not keep the process alive. What the callback throws is swallowed.
 */
export function flushRegularly(callback: () => void): void {
  flush = callback;
  heap[thread + FLUSH_DUE] = nowNs() + SECOND_NS;
  setInterval(() => {
    if (nowNs() >= heap[thread + FLUSH_DUE]! - SECOND_NS / 10) runFlush();
  }, 1000).unref();
}

/** What due work takes of the CPU is told apart from what the program's functions take: see cpu-mode.ts. */
export function countCpuOfDueWork(read: () => number): void {
  readCpu = read;
}

/**
 * Does `work`, which is due now and then as a measured call ends, and whatever else is due. What both take is not charged
 * to the calls that enclose it.
 * @param startNs of the call
 */
export function runDueWork<T>(startNs: number, work: () => T): T {
  if (busy) return work();
  const lostNs = heap[thread + LOST]!;
  const beganNs = nowNs();
  const cpuNs = readCpu();
  try {
    if (--heapWords[keptUntilDue]! <= 0) runCalibration();
    if (startNs >= heap[thread + FLUSH_DUE]!) runFlush();
    return work();
  } finally {
    heap[thread + CPU_DUE]! += readCpu() - cpuNs;
    const tookNs = nowNs() - beganNs;
    heap[thread + WALL_DUE]! += tookNs;
    // of two readings, one lies outside of what they measure, as those of a call do
    heap[thread + LOST] = lostNs + tookNs + (heap[thread + OUTER_OF_TIMED]! - heap[thread + INNER]!);
  }
}

function runCalibration(): void {
  // the calls of calibrating are kept as the program's are, without anything being due
  heapWords[keptUntilDue] = NEVER;
  busy = true;
  try {
    calibrate(math.min(MAX_SLICE_CALLS, keptWhenDue / 2));
  } catch {
    // The stack may be nearly full here.
  }
  busy = false;
  const kept = keptWhenDue;
  keptWhenDue = math.ceil(kept * CALIBRATION_GROWTH);
  heapWords[keptUntilDue] = keptWhenDue - kept;
}

function runFlush(): void {
  const activity = sumActivity();
  const beganNs = nowNs();
  let endedNs = beganNs;
  if (activity !== flushedActivity && !busy) {
    busy = true;
    try {
      asOwnWork(flush);
      flushedActivity = activity;
    } catch {
      // The stack may be nearly full, or the disk: another flush comes.
    }
    busy = false;
    endedNs = nowNs();
    heap[thread + LOST]! += endedNs - beganNs;
  }
  heap[thread + FLUSH_DUE] = endedNs + math.max(SECOND_NS, (endedNs - beganNs) / MAX_FLUSHING);
}

/** Changes whenever a measured call ends, in any thread. */
function sumActivity(): number {
  let sum = 0;
  for (let address = newestThread(); address !== 0; address = heap[address + THREAD_NEXT]!)
    sum += heap[address + LOST]! + heap[address + SPENT]!;
  return sum;
}
