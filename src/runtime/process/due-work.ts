import * as math from '../captured-math.js';
import { nowNs } from '../clock/clock.js';
import { asOwnWork } from '../contract.js';
import { heap, newestThread, thread } from '../memory/arena.js';
import { CPU_DUE, LOST, SPENT, THREAD_NEXT, WALL_DUE } from '../memory/layout.js';

/*
 * What has to be done now and then while the program runs: calibrating as V8 optimises it, and writing what was
 * recorded so far. A timer serves a program whose event loop turns. In one that never yields the nearest thing is a
 * sample that is kept: these come with every call at first, and later at least a few thousand times as often as the
 * program's age doubles. What is done there is not charged to the calls that enclose it.
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

let kept = 0;
let calibrationDue = Number.POSITIVE_INFINITY;
let calibrate: (calls: number) => void = () => {};
let flushDueNs = Number.POSITIVE_INFINITY;
let flush: () => void = () => {};
let flushedActivity = -1;
let busy = false;
/** Of this thread in ns; always 0 where nobody wants to know. */
let readCpu = (): number => 0;

/** Has calls calibrated, from the first slice at once to slices of some thousand later. */
export function calibrateRegularly(slice: (calls: number) => void): void {
  calibrate = slice;
  calibrationDue = kept + FIRST_CALIBRATION;
  busy = true;
  calibrate(FIRST_SLICE_CALLS);
  busy = false;
}

/**
 * Calls back about once a second while measured calls end, from within a measured call where the event loop does not
 * turn. The timer does not keep the process alive. What the callback throws is swallowed.
 */
export function flushRegularly(callback: () => void): void {
  flush = callback;
  flushDueNs = nowNs() + SECOND_NS;
  setInterval(() => {
    if (nowNs() >= flushDueNs - SECOND_NS / 10) runFlush();
  }, 1000).unref();
}

/** What due work takes of the CPU is told apart from what the program's functions take: see cpu-mode.ts. */
export function countCpuOfDueWork(read: () => number): void {
  readCpu = read;
}

/** To be called with each sample that is kept, at the end of everything else that its call does. */
export function runDueWork(startNs: number): void {
  if (busy) return;
  kept++;
  if (kept < calibrationDue && startNs < flushDueNs) return;
  const lostNs = heap[thread + LOST]!;
  const cpuNs = readCpu();
  if (kept >= calibrationDue) {
    busy = true;
    try {
      calibrate(math.min(MAX_SLICE_CALLS, kept / 2));
    } catch {
      // The stack may be nearly full here.
    }
    busy = false;
    calibrationDue = math.ceil(kept * CALIBRATION_GROWTH);
  }
  if (startNs >= flushDueNs) runFlush();
  heap[thread + WALL_DUE]! += heap[thread + LOST]! - lostNs;
  heap[thread + CPU_DUE]! += readCpu() - cpuNs;
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
  flushDueNs = endedNs + math.max(SECOND_NS, (endedNs - beganNs) / MAX_FLUSHING);
}

/** Changes whenever a measured call ends, in any thread. */
function sumActivity(): number {
  let sum = 0;
  for (let address = newestThread(); address !== 0; address = heap[address + THREAD_NEXT]!)
    sum += heap[address + LOST]! + heap[address + SPENT]!;
  return sum;
}
