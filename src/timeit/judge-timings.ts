import { describeShift, MIN_PAIRS } from '../report/compare/evidence.js';
import { PROCESS_BIAS } from '../report/compare/evidence-within-runs.js';
import { judge, percentOf } from '../report/compare/judge.js';
import type { Delta } from '../report/model.js';
import { momentsOf, sampleDeviation } from '../report/statistics/moments.js';
import { median } from '../report/statistics/quantiles.js';
import { shiftWithinPairs } from '../report/statistics/rank-tests/hodges-lehmann.js';
import type { CaseTiming } from './timing.js';

/** One expression or function, over all rounds of all runs. Times are ns per loop. */
export interface TimeitResult {
  readonly name: string;
  /** In a round; of several runs the first one's. */
  readonly loops: number;
  /** In each run. */
  readonly rounds: number;
  readonly runs: number;
  readonly bestNs: number;
  readonly medianNs: number;
  /** Of the rounds; null with one. */
  readonly stdevNs: number | null;
  /** Its time is that of an empty loop within the clock's error: V8 may have dropped it. */
  readonly isEmpty: boolean;
  /** Against the first; null for the first itself. */
  readonly delta: Omit<Delta, 'probabilityFaster'> | null;
}

/** Two loops that do the same differ by this much, in ns and as a share: what is nearer to an empty loop is one. */
const EMPTY_NS = 0.15;
const EMPTY_SHARE = 0.25;

/**
 * Judges what was timed: within one process rounds that took turns, which can tell large changes only; over several
 * the ratio of each process. Pure.
 * @param runs of each process, the same cases in the same order
 */
export function judgeTimings(
  runs: readonly (readonly CaseTiming[])[],
  marginPercent: number,
): TimeitResult[] {
  return runs[0]!.map((first, index) => {
    const ofCase = runs.map((run) => run[index]!);
    const all = ofCase.flatMap(({ roundsNs }) => roundsNs);
    const medianNs = median(all);
    const emptyNs = Math.min(...ofCase.map(({ emptyNs: ns }) => ns));
    return {
      name: first.name,
      loops: first.loops,
      rounds: first.roundsNs.length,
      runs: runs.length,
      bestNs: Math.min(...all),
      medianNs,
      stdevNs: sampleDeviation(momentsOf(all)),
      isEmpty: Math.min(...all) - emptyNs < Math.max(EMPTY_NS, EMPTY_SHARE * emptyNs),
      delta:
        index === 0
          ? null
          : compare(
              runs.map((run) => [run[0]!, run[index]!]),
              marginPercent,
            ),
    };
  });
}

function compare(
  pairs: readonly (readonly [before: CaseTiming, after: CaseTiming])[],
  marginPercent: number,
): TimeitResult['delta'] {
  const isOneProcess = pairs.length === 1;
  const differences = isOneProcess
    ? pairs[0]![1].roundsNs.map((ns, round) => Math.log(ns / pairs[0]![0].roundsNs[round]!))
    : pairs.map(([before, after]) => Math.log(median(after.roundsNs) / median(before.roundsNs)));
  const size = differences.length;
  const evidence =
    size < MIN_PAIRS
      ? ({ method: 'pairs', shortage: isOneProcess ? 'rounds' : 'pairs', size, needed: MIN_PAIRS } as const)
      : {
          // more rounds are more calls, not more runs
          ...describeShift(isOneProcess ? 'calls' : 'pairs', shiftWithinPairs(differences), size),
          ...(isOneProcess && ({ biasAllowance: PROCESS_BIAS, biasOf: 'process' } as const)),
        };
  const { logRatio = median(differences), ...judgement } = judge(evidence, marginPercent);
  return { against: pairs[0]![0].name, percent: percentOf(logRatio), ...judgement, method: 'pairs' };
}
