import { TURNS_VARIABLE } from '../../config/environment.js';
import type { Obstacle } from '../../runtime/contract.js';
import { type MeasuredRun, measureRun } from '../run/measure-run.js';
import type { PlannedRun } from '../run/measure-runs.js';
import { ENDING_SIGNALS, onSignals } from '../run/signals.js';
import { openTurnsFolder, type Side } from './turns-folder.js';

/** How the program of each side is run. */
export interface SidePlans {
  readonly base: PlannedRun;
  readonly head: PlannedRun;
}

/** One run of each side. */
export interface MeasuredPair {
  readonly base: MeasuredRun;
  readonly head: MeasuredRun;
}

export interface PairOptions {
  /** Whether the output of both is kept back; else that of the head is shown. */
  readonly hidden: boolean;
  /** Ends both by force. */
  readonly abort: AbortSignal;
}

/**
 * Runs both sides at once, taking turns.
 * @returns the pair, and what kept its processes from taking turns; null where the system cannot have them do so
 * @throws {TtprofError} where a program cannot be started
 */
export async function measureInTurns(
  plans: SidePlans,
  { hidden, abort }: PairOptions,
): Promise<(MeasuredPair & { readonly obstacles: readonly Obstacle[] }) | null> {
  const turns = openTurnsFolder();
  if (turns === null) return null;
  const freeBoth = () => {
    turns.free(0);
    turns.free(1);
  };
  const stopListening = onSignals(ENDING_SIGNALS, freeBoth);
  const run = async (plan: SidePlans['base'], side: Side, isHidden: boolean): Promise<MeasuredRun> => {
    const env = { ...(plan.env ?? process.env), [TURNS_VARIABLE]: turns.variableOf(side) };
    try {
      return await measureRun({ ...plan, env, hidden: isHidden, abort });
    } finally {
      turns.free(side === 0 ? 1 : 0);
    }
  };
  try {
    // both have ended when this goes on, also where one could not be started
    const [base, head] = await Promise.allSettled([run(plans.base, 0, true), run(plans.head, 1, hidden)]);
    if (base.status === 'rejected') throw base.reason;
    if (head.status === 'rejected') throw head.reason;
    return { base: base.value, head: head.value, obstacles: turns.listObstacles() };
  } finally {
    stopListening();
    turns.remove();
  }
}

/**
 * Runs both sides one after the other.
 * @param first which one: what changes slowly in the machine is to meet both alike
 */
export async function measureOneAfterTheOther(
  plans: SidePlans,
  first: 'base' | 'head',
  { hidden, abort }: PairOptions,
): Promise<MeasuredPair> {
  const runBase = () => measureRun({ ...plans.base, hidden: true, abort });
  const runHead = () => measureRun({ ...plans.head, hidden, abort });
  if (first === 'head') {
    const head = await runHead();
    return { head, base: await runBase() };
  }
  const base = await runBase();
  return { base, head: await runHead() };
}
