import { DRILL_FLAG } from '../inside/flag.js';
import type { FunctionStats, Report } from '../model.js';
import { type Evidence, gatherBetweenRuns, type NoEvidence } from './evidence.js';
import { gatherFromTurns } from './evidence-of-pairs.js';
import { gatherWithinRuns } from './evidence-within-runs.js';

/** So short that the clock sees hardly anything of it: no ratio is known any more. */
const MAX_ROUNDING = 1;

/** What is known of the ratio of two functions, of the same runs or of others. */
export function gatherEvidence(
  before: FunctionStats,
  after: FunctionStats,
  { comparison, run }: Pick<Report, 'comparison' | 'run'>,
): Evidence | NoEvidence {
  if ([run, comparison?.run].some((each) => each?.flags.includes(DRILL_FLAG))) {
    return {
      method: comparison?.kind === 'first' ? 'calls' : 'runs',
      shortage: 'sampler',
      size: 0,
      needed: 0,
    };
  }
  const evidence = gather(before, after, comparison);
  const stepNs = Math.max(run.clockStepNs ?? 0, comparison?.run?.clockStepNs ?? 0);
  if ('shortage' in evidence || stepNs === 0) return evidence;
  return addRounding(evidence, before, after, stepNs);
}

function gather(
  before: FunctionStats,
  after: FunctionStats,
  comparison: Report['comparison'],
): Evidence | NoEvidence {
  if (comparison?.kind === 'first') return gatherWithinRuns(before, after);
  if (comparison?.pairs) return gatherFromTurns(before, after, comparison.pairs);
  return gatherBetweenRuns(before, after);
}

/**
 * The clock counts in steps: however many calls there are, each median may lie half a step beside what it should be.
 * Repeating does not vary that.
 */
function addRounding(
  evidence: Evidence,
  before: FunctionStats,
  after: FunctionStats,
  stepNs: number,
): Evidence {
  const share = ({ medianNs }: FunctionStats) => stepNs / 2 / Math.max(medianNs ?? 0, stepNs / 2);
  const rounding = Math.min(share(before) + share(after), MAX_ROUNDING);
  return {
    ...evidence,
    rounding,
    interval(confidence) {
      const { low, high } = evidence.interval(confidence);
      return { low: low - rounding, high: high + rounding };
    },
    pValueAbove: (logRatio) => evidence.pValueAbove(logRatio + rounding),
    ...(evidence.earlier && {
      earlier: evidence.earlier.map((look) => addRounding(look, before, after, stepNs)),
    }),
  };
}
