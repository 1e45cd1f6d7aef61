import * as math from '../captured-math.js';
import { nowNs } from './clock.js';

const READINGS = 1000;
/** A distance between two readings that occurs less often is an accident. */
const MIN_OCCURRENCES = 3;
/** Longer distances contain interruptions. */
const MAX_DISTANCE_NS = 1000;
/** Readings are whole nanoseconds; steps need not be. */
const ROUNDING_NS = 1.5;
/** Smaller steps cannot be told from rounding. */
const MIN_STEP_NS = 4;
/** The share of distances that may lie off the grid. */
const OFF_GRID = 0.05;

/**
 * The steps in which the clock advances, in ns, whatever unit it is read in: 10 on many AMD processors, 42 on Apple's,
 * 100 on Windows; 1 where they are too small to be seen. Takes about a millisecond.
 */
export function measureClockStepNs(): number {
  const distancesNs: number[] = [];
  let work = 0;
  for (let i = 0, lastNs = nowNs(); i < READINGS; i++) {
    // a different amount of work each time, so that the distances of a fine clock are spread
    for (let left = i % 16; left > 0; left--) work += left;
    const now = nowNs();
    distancesNs.push(now - lastNs);
    lastNs = now;
  }
  return work > 0 ? findStepNs(distancesNs) : 1;
}

/** @param distancesNs between readings @returns the step of the grid that they lie on; 1 where they lie on none */
export function findStepNs(distancesNs: readonly number[]): number {
  const short = distancesNs.map(math.round).filter((ns) => ns <= MAX_DISTANCE_NS);
  const values = [...countEach(short)].filter(([, count]) => count >= MIN_OCCURRENCES).map(([ns]) => ns);
  values.sort((a, b) => a - b);
  // a distance of one step may be read as either of two neighbouring numbers
  const starts = values.filter((ns, i) => i === 0 || ns - values[i - 1]! > 1);
  const gaps = countEach(starts.slice(1).map((ns, i) => ns - starts[i]!));
  const [usualGap] = [...gaps].reduce((most, each) => (each[1] > most[1] ? each : most), [0, 0]);
  if (usualGap < MIN_STEP_NS) return 1;
  const span = starts.at(-1)! - starts[0]!;
  const step = span / math.round(span / usualGap);
  const offGrid = short.filter((ns) => math.abs(ns - math.round(ns / step) * step) > ROUNDING_NS);
  return offGrid.length <= short.length * OFF_GRID ? step : 1;
}

function countEach(values: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
