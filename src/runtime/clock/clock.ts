/** The clock, captured before the program can replace it: fake timers do not change what is measured. */
import { floor as capturedFloor, round as capturedRound, min } from '../captured-math.js';

const { performance: capturedPerformance } = globalThis;
const readMs = capturedPerformance.now.bind(capturedPerformance);
const NS_PER_MS = 1e6;
/** The upper of a reading's two 32-bit words counts these. */
export const WORD_NS = 2 ** 32;

/**
 * The cheapest reading there is: 25 ns where `performance.now` takes 35, and everything that makes a number of the
 * bigint 37. Stored into a BigInt64Array and read back as two words, it is never allocated once V8 has optimised.
 */
export const readClock = process.hrtime.bigint;

const reading = new BigInt64Array(1);
const words = new Uint32Array(reading.buffer);
const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
/** Where in a 64-bit reading its lower and its upper 32-bit word lie. */
export const LOW_WORD = littleEndian ? 0 : 1;
export const HIGH_WORD = 1 - LOW_WORD;

/** The reading at which this thread's `performance.timeOrigin` lies. */
const zeroNs = (() => {
  const before = readClock();
  const sinceOriginNs = BigInt(capturedRound(readMs() * NS_PER_MS));
  const after = readClock();
  return Number((before + after) / 2n - sinceOriginNs);
})();

/** @returns ns since the thread's `performance.timeOrigin`; monotonic, in the steps of clock-step.ts */
export function nowNs(): number {
  reading[0] = readClock();
  return toNs(words[HIGH_WORD]!, words[LOW_WORD]!);
}

/** @returns what {@link nowNs} would have returned for a reading; words as unsigned numbers */
export function toNs(high: number, low: number): number {
  return high * WORD_NS + low - zeroNs;
}

/** @returns the ns between two readings that lie in memory; `start` and `end` are where, in 32-bit words */
export function nsBetween(memory: Int32Array, start: number, end: number): number {
  const high = memory[end + HIGH_WORD]! - memory[start + HIGH_WORD]!;
  const low = (memory[end + LOW_WORD]! >>> 0) - (memory[start + LOW_WORD]! >>> 0);
  return high * WORD_NS + low;
}

/** The inverse of {@link toNs}: writes a time as a reading, into two words from `at` on. */
export const writeReading = createWriteReading();

/** See sample.ts for why the function is made in another. */
function createWriteReading(): (target: Int32Array, at: number, ns: number) => void {
  const round = capturedRound;
  const floor = capturedFloor;
  return function writeReading(target, at, ns) {
    const whole = round(ns + zeroNs);
    const high = floor(whole / WORD_NS);
    target[at + HIGH_WORD] = high;
    target[at + LOW_WORD] = whole - high * WORD_NS;
  };
}

/** When this thread's clock read 0, in ns since the Unix epoch. */
export const originNs = capturedPerformance.timeOrigin * NS_PER_MS;

/** What one reading costs: the smallest mean over a few batches, in ns. Takes well under a millisecond. */
export function measureClockNs(): number {
  const READINGS = 200;
  const BATCHES = 20;
  let bestNs = Number.POSITIVE_INFINITY;
  for (let batch = 0; batch < BATCHES; batch++) {
    const startNs = nowNs();
    for (let read = 1; read < READINGS; read++) nowNs();
    bestNs = min(bestNs, (nowNs() - startNs) / READINGS);
  }
  return bestNs;
}
