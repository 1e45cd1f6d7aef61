import type { Comparison, FunctionStats, ThreadSeries } from '../model.js';
import { measureBlockRatio } from '../statistics/block-ratios.js';
import { LOOKS, type Look, listLooks } from '../statistics/group-sequential.js';
import { shiftWithinPairs } from '../statistics/rank-tests/hodges-lehmann.js';
import { describeShift, type Evidence, gatherBetweenRuns, MIN_PAIRS, type NoEvidence } from './evidence.js';

/** An ordinary interval errs with this probability. */
const ORDINARY_LEVEL = 0.05;

/** How pairs of processes were made. */
type Pairs = NonNullable<Comparison['pairs']>;

/** After how many pairs the first look comes. */
const FIRST_LOOK = LOOKS[0]!.pairs;

/**
 * Runs that took turns in pairs, one of each version (`ttprof ab`). Run i of one side belongs to run i of the other.
 * Too few pairs for an interval are judged as runs of either side, whose test needs fewer.
 */
export function gatherFromTurns(
  before: FunctionStats,
  after: FunctionStats,
  pairs: Pairs,
): Evidence | NoEvidence {
  const differences = measureDifferences(before, after);
  // where time ran out before the first look, the only one there is may err as often as all together
  if (pairs.untilDecided && differences.length >= FIRST_LOOK) return gatherAtLooks(differences, pairs);
  if (differences.length < MIN_PAIRS) return gatherBetweenRuns(before, after);
  return describeShift('pairs', shiftWithinPairs(differences), differences.length);
}

/** The logarithm of the ratio in each pair, in their order; without those in which one side did not call it. */
export function measureDifferences(before: FunctionStats, after: FunctionStats): number[] {
  return after.runs.flatMap((_, run) => measurePair(before, after, run) ?? []);
}

/** @param differences of the pairs in their order */
export function gatherAtLooks(differences: readonly number[], { seconds }: Pairs): Evidence | NoEvidence {
  const size = differences.length;
  if (size < FIRST_LOOK) return { method: 'pairs', shortage: 'pairs', size, needed: FIRST_LOOK };
  const looks = listLooks(size).map((look) => evidenceAt(differences, look));
  return { ...looks.at(-1)!, earlier: looks.slice(0, -1), spentSeconds: seconds };
}

/** Evidence whose ordinary confidences (0.9, 0.95) are mapped to the levels of this look. */
function evidenceAt(differences: readonly number[], look: Look): Evidence {
  const shift = shiftWithinPairs(differences.slice(0, look.pairs));
  const inflation = ORDINARY_LEVEL / look.differentLevel;
  return {
    ...describeShift('pairs', shift, look.pairs),
    interval: (confidence) => shift.interval(1 - (confidence < 0.95 ? look.sameLevel : look.differentLevel))!,
    pValueAbove: (logRatio) => Math.min(1, shift.pValueAbove(logRatio) * inflation),
    smallestP: shift.smallestP * inflation,
  };
}

/** The logarithm of the ratio in one pair; null where one side did not call the function. */
function measurePair(before: FunctionStats, after: FunctionStats, run: number): number | null {
  const [a, b] = [seriesOf(before, run), seriesOf(after, run)];
  const ratio = a && b ? measureBlockRatio(a, b) : null;
  if (ratio !== null) return ratio;
  const [medianBefore, medianAfter] = [before.runs[run]?.medianNs, after.runs[run]?.medianNs];
  return medianBefore && medianAfter ? Math.log(medianAfter / medianBefore) : null;
}

/** Of the one thread that called; with several there are no common call numbers. */
function seriesOf({ series }: FunctionStats, run: number): ThreadSeries | null {
  const ofRun = series.filter((each) => (each.run ?? 0) === run);
  return ofRun.length === 1 ? ofRun[0]! : null;
}
