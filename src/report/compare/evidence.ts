import type { FunctionStats } from '../model.js';
import { type Shift, shiftBetween } from '../statistics/rank-tests/hodges-lehmann.js';

/** What was repeated: calls in one run, pairs of medians (one pair a run), or the runs of each side. */
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
   * must be clear of it.
   */
  readonly biasAllowance: number;
  /** What was not varied: the one process, the order in which both are called in each, or which module is first. */
  readonly biasOf: 'process' | 'order' | 'modules' | null;
  /** By how much, as a logarithm, the steps of the clock may have moved the ratio; intervals hold it already. */
  readonly rounding: number;
  /** Whether the change, if it is one, was still there when the run ended. */
  readonly lasting: boolean;
  /** What was known at earlier looks, the first one first: the first that decides stands. */
  readonly earlier?: readonly Evidence[];
  /** How long it took to gather, where no more time was to be spent. */
  readonly spentSeconds?: number;
}

/** Why nothing can be said. */
export interface NoEvidence {
  readonly method: Method;
  /** `single`: one run a side, whose noise is unknown; `sampler`: times under `--drill` are those of V8's sampler too. */
  readonly shortage: 'single' | 'sampler' | 'runs' | 'pairs' | 'rounds' | 'calls' | 'time' | 'order';
  /** How many there are and how many are needed; ms for `time`. */
  readonly size: number;
  readonly needed: number;
}

/** One-sided: the bound of a two-sided 95 % interval is passed by chance in 2.5 % of cases, in either direction. */
export const ONE_SIDED_ALPHA = 0.025;

/** With four runs a side the smallest two-sided p-value is 0.029, with three 0.1. */
export const MIN_RUNS = 4;

/** Six pairs give a two-sided p-value of 0.031, five 0.063. */
export const MIN_PAIRS = 6;

/** The same function measured by other runs: a baseline, or the base of `ttprof ab`. */
export function gatherBetweenRuns(before: FunctionStats, after: FunctionStats): Evidence | NoEvidence {
  const mediansBefore = logMedians(before);
  const mediansAfter = logMedians(after);
  const size = Math.min(mediansBefore.length, mediansAfter.length);
  if (size <= 1) return { method: 'runs', shortage: 'single', size, needed: MIN_RUNS };
  if (size < MIN_RUNS) return { method: 'runs', shortage: 'runs', size, needed: MIN_RUNS };
  return describeShift('runs', shiftBetween(mediansBefore, mediansAfter), size);
}

/** A shift of logarithms of processes' medians as evidence; there are enough of them for a 95 % interval. */
export function describeShift(method: Method, shift: Shift, size: number): Evidence {
  return {
    method,
    logRatio: shift.estimate,
    size,
    interval: (confidence) => shift.interval(confidence)!,
    pValueAbove: shift.pValueAbove,
    smallestP: shift.smallestP,
    biasAllowance: 0,
    biasOf: null,
    rounding: 0,
    lasting: true,
  };
}

function logMedians({ runs }: FunctionStats): number[] {
  return runs.flatMap(({ medianNs }) => (medianNs ? [Math.log(medianNs)] : []));
}
