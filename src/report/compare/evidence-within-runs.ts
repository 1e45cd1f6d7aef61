import type { FunctionStats, ThreadSeries } from '../model.js';
import { bootstrapRatio } from '../statistics/block-bootstrap.js';
import { median } from '../statistics/quantiles.js';
import { shiftWithinPairs } from '../statistics/rank-tests/hodges-lehmann.js';
import { cutIntoCells, measureInterleaving, type TimedSamples } from '../statistics/time-cells.js';
import { describeShift, type Evidence, MIN_PAIRS, type NoEvidence } from './evidence.js';

/** With fewer calls the 20 blocks of the bootstrap would hold fewer than five each. */
const MIN_CALLS = 100;
/**
 * Within less time V8 has not come to rest: which of two identical functions it compiles first, and whether the other
 * is compiled at all before the run ends, is a matter of luck.
 */
const MIN_SPAN_MS = 50;
/** The time is cut into so many parts, of five calls at least, to see whether both were called throughout … */
const TIME_PARTS = 20;
const CALLS_PER_PART = 5;
/** … which they are where at least this share of the calls falls into the same parts of the time … */
const MIN_INTERLEAVING = 0.8;
/** … and the last of them tell whether a change lasted, or came from one function being compiled before the other. */
const LAST_PARTS = 2;
/**
 * Two copies of one function in one process differ by up to this much for as long as the process lives: by where their
 * code lies in memory and in which order they were compiled (Mytkowicz et al., Producing wrong data without doing
 * anything obviously wrong!, ASPLOS 2009; `bench/a-a.mjs`). No number of calls in one process shows it.
 */
export const PROCESS_BIAS = Math.log(1.1);
/**
 * Where the calls do not take turns, what comes first warms up what comes second (pools, caches, native libraries) in
 * every run alike, so that repeating does not vary it: by 8.5 % in the worst job of `bench/a-a.mjs`.
 */
const ORDER_BIAS = Math.log(1.2);
/**
 * Of two byte-identical CommonJS modules in one process, the one that is loaded and called second can be slower (Node 20)
 * or faster (Node 24) in every run alike: V8 keeps its `exports` in another way, and compiles it against what it learnt
 * from the first. Seen: 2 to 10.5 % (`bench/a-a.mjs --only modules`).
 */
const MODULES_BIAS = Math.log(1.12);
/** With at least this share of the runs the other way round, the order is no bias but noise. */
const VARIED_SHARE = 0.25;

/** Two functions of the same runs (`-x`). */
export function gatherWithinRuns(before: FunctionStats, after: FunctionStats): Evidence | NoEvidence {
  return Math.max(before.runs.length, after.runs.length) <= 1
    ? gatherFromCalls(joinSeries(before.series), joinSeries(after.series))
    : gatherFromPairs(before, after);
}

function gatherFromCalls(before: TimedSamples, after: TimedSamples): Evidence | NoEvidence {
  const size = Math.min(before.durationNs.length, after.durationNs.length);
  if (size < MIN_CALLS) return { method: 'calls', shortage: 'calls', size, needed: MIN_CALLS };
  if (!takeTurns(before, after)) return { method: 'calls', shortage: 'order', size, needed: size };
  const spanMs = Math.min(measureSpanNs(before), measureSpanNs(after)) / 1e6;
  if (spanMs < MIN_SPAN_MS) return { method: 'calls', shortage: 'time', size: spanMs, needed: MIN_SPAN_MS };
  const { logRatio, interval, pValueAbove } = bootstrapRatio(before, after);
  const lastLogRatio = measureLastRatio(before, after);
  return {
    method: 'calls',
    logRatio,
    size,
    interval,
    pValueAbove,
    smallestP: 0,
    biasAllowance: PROCESS_BIAS,
    biasOf: 'process',
    rounding: 0,
    lasting: lastLogRatio * logRatio > 0 && Math.abs(lastLogRatio) > Math.abs(logRatio) / 2,
  };
}

/** Both functions of one process share its bias: what is compared is their ratio in each run. */
function gatherFromPairs(before: FunctionStats, after: FunctionStats): Evidence | NoEvidence {
  const differences: number[] = [];
  let turns = 0;
  let firsts = 0;
  for (const [run, { medianNs }] of after.runs.entries()) {
    const other = before.runs[run]?.medianNs;
    if (!medianNs || !other) continue;
    differences.push(Math.log(medianNs / other));
    const ofRun = (series: readonly ThreadSeries[]) =>
      joinSeries(series.filter((each) => (each.run ?? 0) === run));
    const [one, two] = [ofRun(before.series), ofRun(after.series)];
    if (takeTurns(one, two)) turns++;
    if ((one.startNs[0] ?? 0) < (two.startNs[0] ?? 0)) firsts++;
  }
  const size = differences.length;
  if (size < MIN_PAIRS) return { method: 'pairs', shortage: 'pairs', size, needed: MIN_PAIRS };
  const evidence = describeShift('pairs', shiftWithinPairs(differences), size);
  if (turns <= size / 2) return { ...evidence, biasAllowance: ORDER_BIAS, biasOf: 'order' };
  const isVaried = Math.min(firsts, size - firsts) >= size * VARIED_SHARE;
  if (isVaried || !areOtherModules(before, after)) return evidence;
  return { ...evidence, biasAllowance: MODULES_BIAS, biasOf: 'modules' };
}

/** Two modules that may be CommonJS. */
function areOtherModules(before: FunctionStats, after: FunctionStats): boolean {
  return before.file !== after.file && [before, after].some(({ file }) => !/\.m[jt]s$/.test(file));
}

function takeTurns(before: TimedSamples, after: TimedSamples): boolean {
  const size = Math.min(before.startNs.length, after.startNs.length);
  if (size === 0) return false;
  const parts = Math.min(Math.max(Math.floor(size / CALLS_PER_PART), 2), TIME_PARTS);
  return measureInterleaving(cutIntoCells(before, after, parts)) >= MIN_INTERLEAVING;
}

/** The logarithm of the ratio of medians in the last part of the time. */
function measureLastRatio(before: TimedSamples, after: TimedSamples): number {
  const cells = cutIntoCells(before, after, TIME_PARTS);
  const last = ({ durationNs }: TimedSamples, cellOf: Int32Array) =>
    median(Array.from(durationNs).filter((_, i) => cellOf[i]! >= TIME_PARTS - LAST_PARTS));
  return Math.log(last(after, cells.after) / last(before, cells.before));
}

function measureSpanNs({ startNs }: TimedSamples): number {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < startNs.length; i++) {
    first = Math.min(first, startNs[i]!);
    last = Math.max(last, startNs[i]!);
  }
  return last - first;
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
