import { type MeasuredRun, measureRun } from '../run/measure-run.js';
import { describeFailure, type PlannedRun } from '../run/measure-runs.js';
import { ENDING_SIGNALS, onSignals } from '../run/signals.js';
import { shareCore } from './share-core.js';
import { openTurnsFolder, type Side, type TurnsObstacle } from './turns-folder.js';

/** How the program of each side is run. */
export interface SidePlans {
  readonly base: PlannedRun;
  readonly head: PlannedRun;
}

/**
 * One run of each side. However the pair was made, all evidence is computed from these two recordings, now and from saved
 * files: the nth block of 20 calls of a function in one was made right before or after the nth block in the other. Where
 * one process calls both versions, it gives two recordings, and what belongs to neither version alone is in both.
 */
export interface MeasuredPair {
  readonly base: MeasuredRun;
  readonly head: MeasuredRun;
}

export interface PairOptions {
  /** Whose output is shown; `one`: where both run at once the head's, else that of the first. */
  readonly shown: 'none' | 'one' | 'both';
  /** Whether processes that take turns do so on one core; see {@link shareCore}. */
  readonly onOneCore: boolean;
  /** Ends both by force. */
  readonly abort: AbortSignal;
}

/** A pair whose calls were to lie next to each other in time, and what was in the way. */
export interface PairInTurns extends MeasuredPair {
  readonly obstacles: readonly TurnsObstacle[];
}

/**
 * A way to make a pair in turns.
 * @returns null where the system cannot do it
 * @throws {TtprofError} where a program cannot be started
 */
export type MakePair = (plans: SidePlans, options: PairOptions) => Promise<PairInTurns | null>;

/** Runs both sides at once, taking turns. */
export const measureInTurns: MakePair = async (plans, { shown, onOneCore, abort }) => {
  const turns = openTurnsFolder();
  if (turns === null) return null;
  const freeBoth = () => {
    turns.free(0);
    turns.free(1);
  };
  const stopListening = onSignals(ENDING_SIGNALS, freeBoth);
  const stopSharing = onOneCore ? shareCore(turns.folder) : () => {};
  const run = async (plan: SidePlans['base'], side: Side, isHidden: boolean): Promise<MeasuredRun> => {
    try {
      return await measureRun({ ...turns.plan(plan, side), hidden: isHidden, abort });
    } finally {
      turns.free(side === 0 ? 1 : 0);
    }
  };
  try {
    // both have ended when this goes on, also where one could not be started
    const [base, head] = await Promise.allSettled([
      run(plans.base, 0, shown !== 'both'),
      run(plans.head, 1, shown === 'none'),
    ]);
    if (base.status === 'rejected') throw base.reason;
    if (head.status === 'rejected') throw head.reason;
    return { base: base.value, head: head.value, obstacles: turns.listObstacles() };
  } finally {
    stopListening();
    stopSharing();
    turns.remove();
  }
};

/**
 * Runs both sides one after the other; the second one only where the first did not fail and `isWanted` says so.
 * @param first callers alternate it, so that what changes slowly in the machine affects both sides alike
 */
export async function measureOneAfterTheOther(
  plans: SidePlans,
  first: keyof SidePlans,
  { shown, abort }: PairOptions,
  isWanted: () => boolean = () => true,
): Promise<Partial<MeasuredPair>> {
  const second = first === 'base' ? 'head' : 'base';
  const ofFirst = await measureRun({ ...plans[first], hidden: shown === 'none', abort });
  if (describeFailure(ofFirst, '') !== null || !isWanted()) return { [first]: ofFirst };
  const ofSecond = await measureRun({ ...plans[second], hidden: shown !== 'both', abort });
  return { [first]: ofFirst, [second]: ofSecond };
}
