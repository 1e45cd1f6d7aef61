import type { FunctionStats, ThreadSeries } from './model.js';
import { bootstrapRatio } from './statistics/block-bootstrap.js';
import { type Shift, shiftBetween, shiftWithinPairs } from './statistics/hodges-lehmann.js';
import { median } from './statistics/quantiles.js';
import { cutIntoCells, measureInterleaving, type TimedSamples } from './statistics/time-cells.js';

/** What was repeated: calls in one run, pairs of medians per run, or runs of either side. */
export type Method = 'calls' | 'pairs' | 'runs';

/** What is known of a ratio of medians; logarithms are natural. */
export interface Evidence {
  readonly method: Method;
  readonly logRatio: number;
  /** How many were repeated on the smaller side. */
  readonly size: number;
  /** @param confidence 0.9 or 0.95 */
  interval(confidence: number): { readonly low: number; readonly high: number };
  /** The one-sided p-value of "the logarithm of the ratio is at most this". */
  pValueAbove(logRatio: number): number;
  /** The smallest p-value that so few can give. */
  readonly smallestP: number;
  /**
   * By how much, as a logarithm, even identical code may differ for reasons that repeating did not vary: a change
   * must be clear of it. 0 where processes were repeated.
   */
  readonly luck: number;
  /** Whether the change, if it is one, was still there when the run ended. */
  readonly lasting: boolean;
}

/** Why nothing can be said. */
export interface NoEvidence {
  readonly method: Method;
  /** `single`: one run a side, whose noise is unknown. */
  readonly lacks: 'single' | 'runs' | 'pairs' | 'calls' | 'time' | 'order';
  /** How many there are and how many are needed; ms for `time`. */
  readonly size: number;
  readonly needed: number;
}

/** Fewer calls than this make blocks of less than five. */
const FEWEST_CALLS = 100;
/** With four runs a side the smallest two-sided p-value is 0.029, with three 0.1. */
const FEWEST_RUNS = 4;
/** Six pairs give 0.031, five 0.063. */
const FEWEST_PAIRS = 6;
/**
 * Within less time V8 has not come to rest: which of two identical functions it compiles first, and whether the other
 * is compiled at all before the run ends, is a matter of luck (`bench/a-a.mjs`, short runs).
 */
const SHORTEST_MS = 50;
/** The time is cut into so many parts to see whether both functions were called throughout … */
const TIME_PARTS = 20;
/** … which they are where at least this share of the calls falls into the same parts of the time … */
const ENOUGH_INTERLEAVING = 0.8;
/** … and the last of them tell whether a change lasted, or came from one function being compiled before the other. */
const LAST_PARTS = 2;
/**
 * Two copies of one function in one process differ by up to this much for as long as the process lives: by where their
 * code lies in memory and in which order they were compiled (Mytkowicz et al., Producing wrong data without doing
 * anything obviously wrong!, ASPLOS 2009; measured here by `bench/a-a.mjs`). No number of calls in one process shows it.
 */
const PROCESS_LUCK = Math.log(1.1);

/** Two functions of the same runs (`-x`). */
export function gatherWithinRuns(before: FunctionStats, after: FunctionStats): Evidence | NoEvidence {
  return Math.max(before.runs.length, after.runs.length) <= 1
    ? gatherFromCalls(before, after)
    : gatherFromPairs(before, after);
}

function gatherFromCalls(before: FunctionStats, after: FunctionStats): Evidence | NoEvidence {
  const samplesBefore = joinSeries(before.series);
  const samplesAfter = joinSeries(after.series);
  const size = Math.min(samplesBefore.durationNs.length, samplesAfter.durationNs.length);
  if (size < FEWEST_CALLS) return { method: 'calls', lacks: 'calls', size, needed: FEWEST_CALLS };
  const cells = cutIntoCells(samplesBefore, samplesAfter, TIME_PARTS);
  const interleaving = measureInterleaving(cells);
  if (interleaving < ENOUGH_INTERLEAVING) {
    return { method: 'calls', lacks: 'order', size: interleaving, needed: ENOUGH_INTERLEAVING };
  }
  const spanMs = Math.min(measureSpanNs(samplesBefore), measureSpanNs(samplesAfter)) / 1e6;
  if (spanMs < SHORTEST_MS) return { method: 'calls', lacks: 'time', size: spanMs, needed: SHORTEST_MS };
  const { logRatio, interval, pValueAbove } = bootstrapRatio(samplesBefore, samplesAfter);
  const last = (samples: TimedSamples, cellOf: Int32Array) =>
    median(Array.from(samples.durationNs).filter((_, i) => cellOf[i]! >= TIME_PARTS - LAST_PARTS));
  const lastLogRatio = Math.log(last(samplesAfter, cells.after) / last(samplesBefore, cells.before));
  return {
    method: 'calls',
    logRatio,
    size,
    interval,
    pValueAbove,
    smallestP: 0,
    luck: PROCESS_LUCK,
    lasting: Math.abs(lastLogRatio) > Math.abs(logRatio) / 2 && lastLogRatio * logRatio > 0,
  };
}

function measureSpanNs({ startNs }: TimedSamples): number {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < startNs.length; i++) {
    first = Math.min(first, startNs[i]!);
    last = Math.max(last, startNs[i]!);
  }
  return last - first;
}

/** Both functions of one process share its luck: what is compared is their ratio in each run. */
function gatherFromPairs(before: FunctionStats, after: FunctionStats): Evidence | NoEvidence {
  const differences: number[] = [];
  for (const [run, { medianNs }] of after.runs.entries()) {
    const other = before.runs[run]?.medianNs;
    if (medianNs && other) differences.push(Math.log(medianNs / other));
  }
  const size = differences.length;
  if (size < FEWEST_PAIRS) return { method: 'pairs', lacks: 'pairs', size, needed: FEWEST_PAIRS };
  return describeShift('pairs', shiftWithinPairs(differences), size);
}

/** The same function measured by other runs: a baseline, or the base of `ttprof ab`. */
export function gatherBetweenRuns(before: FunctionStats, after: FunctionStats): Evidence | NoEvidence {
  const mediansBefore = logMedians(before);
  const mediansAfter = logMedians(after);
  const size = Math.min(mediansBefore.length, mediansAfter.length);
  if (size <= 1) return { method: 'runs', lacks: 'single', size, needed: FEWEST_RUNS };
  if (size < FEWEST_RUNS) return { method: 'runs', lacks: 'runs', size, needed: FEWEST_RUNS };
  return describeShift('runs', shiftBetween(mediansBefore, mediansAfter), size);
}

function describeShift(method: Method, shift: Shift, size: number): Evidence {
  return {
    method,
    logRatio: shift.estimate,
    size,
    // enough of them for 95 %, or there would be no evidence
    interval: (confidence) => shift.interval(confidence)!,
    pValueAbove: shift.pValueAbove,
    smallestP: shift.smallestP,
    luck: 0,
    lasting: true,
  };
}

function logMedians({ runs }: FunctionStats): number[] {
  return runs.flatMap(({ medianNs }) => (medianNs ? [Math.log(medianNs)] : []));
}

/** The samples of all threads on their common axis of time. */
function joinSeries(series: readonly ThreadSeries[]): TimedSamples {
  const [only] = series;
  if (series.length === 1 && only) return only;
  return {
    startNs: series.flatMap(({ startNs }) => Array.from(startNs)),
    durationNs: series.flatMap(({ durationNs }) => Array.from(durationNs)),
  };
}
