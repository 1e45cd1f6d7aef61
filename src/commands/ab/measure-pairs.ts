import { setImmediate as nextTurn } from 'node:timers/promises';
import { AS_MANY_AS_NEEDED, type Settings } from '../../config/config.js';
import { isLook, MAX_PAIRS } from '../../report/statistics/group-sequential.js';
import type { RunRecording } from '../../runtime/contract.js';
import { describeFailure, sayFailure } from '../run/measure-runs.js';
import { Progress } from '../run/progress.js';
import { Interruption } from '../run/signals.js';
import {
  type MeasuredPair,
  measureInTurns,
  measureOneAfterTheOther,
  type SidePlans,
} from './measure-pair.js';

/** Without turns the runs of either side are independent, and more than this hardly help on a loaded machine. */
const DEFAULT_RUNS = 10;
/** A side may call the targets so much less often than the other: fewer calls do other work. */
const MIN_CALLS_SHARE = 0.9;
/** A program that has not ended once after so many budgets hangs. */
const PATIENT_BUDGETS = 2;
const MS_PER_SECOND = 1000;

/** Why pairs did not take turns; each is a note, with what it means. */
const OBSTACLES = {
  slow: '20 calls of the targets take more than a second',
  threads: 'worker threads call the targets',
  processes: 'several processes call the targets',
  calls: 'the two versions do not call the targets equally often',
  failure: 'the two versions cannot run at the same time',
  sample: '--sample draws the calls that it times at random',
  stalled:
    'one waited in vain for the other to call the targets (a server that waits, or other work for seconds)',
  system: 'this system has no FIFOs',
} as const;
type Reason = keyof typeof OBSTACLES;

/** Where the processes ran at the same time all the same: that is no pair. */
const AT_ONCE: readonly Reason[] = ['threads', 'processes', 'stalled'];

export interface MeasuredPairs {
  readonly pairs: readonly MeasuredPair[];
  /** Did the pairs take turns? */
  readonly inTurns: boolean;
  readonly seconds: number;
  readonly notes: readonly string[];
  /** The run that ended the series, where one failed. */
  readonly failed: RunRecording | null;
  /** A signal that came to us: somebody wants an end. */
  readonly received: NodeJS.Signals | null;
}

/** How far the targets are. */
export interface Standing {
  readonly targets: number;
  readonly decided: number;
  /** Nothing is left to be found out. */
  readonly isDone: boolean;
}

/**
 * Measures pairs of runs until all is decided, the budget is used up, or as many are made as were asked for.
 * @param judge asked at each look; not where the number of runs is given
 * @param showsOutput whether the first run of the head shows its output
 * @throws {TtprofError} where a program cannot be started
 */
export async function measurePairs(
  plans: SidePlans,
  settings: Settings,
  judge: (pairs: readonly MeasuredPair[], seconds: number) => Standing,
  { showsOutput = true }: { readonly showsOutput?: boolean } = {},
): Promise<MeasuredPairs> {
  const pairs: MeasuredPair[] = [];
  const notes: string[] = [];
  const startedAtMs = Date.now();
  const spentSeconds = () => (Date.now() - startedAtMs) / MS_PER_SECOND;
  const isFixed = settings.runs !== AS_MANY_AS_NEEDED;
  const budgetMs = isFixed ? Number.POSITIVE_INFINITY : settings.budgetSeconds * MS_PER_SECOND;
  const interruption = new Interruption();
  const abort = new AbortController();
  let inTurns = settings.turns === 'process';
  let failed: RunRecording | null = null;
  let standing: Standing | null = null;
  if (inTurns && settings.sample > 1) giveUpTurns('sample');

  try {
    await measure();
    return { pairs, inTurns, seconds: spentSeconds(), notes, failed, received: interruption.received };
  } finally {
    interruption.stop();
  }

  async function measure(): Promise<void> {
    const progress = new Progress(isFixed ? settings.runs : MAX_PAIRS, process.stderr, budgetMs);
    const stopHanging = isFixed ? () => {} : endAfter(budgetMs, () => pairs.length > 0, abort);
    try {
      while (!isEnough()) {
        progress.begin(pairs.length, describeProgress(), isHidden());
        let isComplete: boolean;
        try {
          isComplete = await measureOne();
        } finally {
          progress.clear();
        }
        if (!isComplete) return;
        await nextTurn();
        if (interruption.received !== null) {
          notes.push(`pair ${pairs.length} was the last, because ${interruption.received} came`);
          return;
        }
      }
    } finally {
      stopHanging();
    }
  }

  function isEnough(): boolean {
    const done = pairs.length;
    if (isFixed) return done >= settings.runs;
    if (!inTurns && settings.turns === 'off') return done >= DEFAULT_RUNS;
    if (!inTurns) return done >= DEFAULT_RUNS || isOverBudget();
    if (done === 0) return false;
    if (isLook(done)) standing = judge(pairs, spentSeconds());
    return done >= MAX_PAIRS || standing?.isDone === true || isOverBudget();
  }

  /** Would the next pair, if it takes as long as those before, end after the budget? */
  function isOverBudget(): boolean {
    const spentMs = Date.now() - startedAtMs;
    return pairs.length > 0 && spentMs + spentMs / pairs.length > budgetMs;
  }

  function isHidden(): boolean {
    return (pairs.length > 0 || !showsOutput) && !settings.verbose;
  }

  function describeProgress(): string {
    const number = pairs.length + 1;
    const of = isFixed ? `pair ${number} of ${settings.runs}` : `pair ${number}, at most ${MAX_PAIRS}`;
    if (standing === null) return of;
    return `${of}, ${standing.decided} of ${standing.targets} targets decided`;
  }

  /** @returns false where the series ends */
  async function measureOne(): Promise<boolean> {
    const options = { hidden: isHidden(), abort: abort.signal };
    if (inTurns) {
      const measured = await measureInTurns(plans, options);
      if (measured === null) {
        giveUpTurns('system');
        return true;
      }
      // what was ended, by a person or by us, did not fail because of its partner
      if (interruption.received !== null || abort.signal.aborted) return add(measured);
      if (pairs.length === 0 && findFailure(measured) !== null) {
        giveUpTurns('failure');
        return true;
      }
      const reason = measured.obstacles[0] ?? (callEquallyOften(measured) ? null : 'calls');
      if (reason !== null) giveUpTurns(reason);
      return reason !== null && AT_ONCE.includes(reason) ? true : add(measured);
    }
    // base, now, now, base: what changes slowly in the machine meets both alike
    return add(await measureOneAfterTheOther(plans, pairs.length % 2 === 0 ? 'base' : 'head', options));
  }

  function giveUpTurns(reason: Reason): void {
    inTurns = false;
    notes.push(
      `the runs did not take turns, because ${OBSTACLES[reason]}: they ran one after the other, which tells less on a loaded machine`,
    );
  }

  function add(pair: MeasuredPair): boolean {
    const failure = findFailure(pair);
    if (failure === null) {
      pairs.push(pair);
      return true;
    }
    const { name, side } = failure;
    failed = pair[side].run;
    if (abort.signal.aborted) {
      notes.push(
        `pair ${pairs.length + 1} was ended, because the budget of ${settings.budgetSeconds} s was used up`,
      );
      return false;
    }
    const text = describeFailure(pair[side], `pair ${pairs.length + 1} (${name})`)!;
    notes.push(text);
    sayFailure(text, pair[side].output);
    // a single run of both is still worth a table
    if (pairs.length === 0) pairs.push(pair);
    return false;
  }

  function findFailure(pair: MeasuredPair): { name: string; side: 'base' | 'head' } | null {
    for (const side of ['base', 'head'] as const)
      if (describeFailure(pair[side], '') !== null) return { name: plans[side].name, side };
    return null;
  }
}

/**
 * Ends a pair that hangs by force: when the budget is used up, and where no pair has ended yet, after two budgets.
 * @returns stops that
 */
function endAfter(budgetMs: number, hasPairs: () => boolean, abort: AbortController): () => void {
  let timer = setTimeout(() => {
    if (hasPairs()) abort.abort();
    else timer = setTimeout(() => abort.abort(), (PATIENT_BUDGETS - 1) * budgetMs);
  }, budgetMs);
  return () => clearTimeout(timer);
}

function callEquallyOften({ base, head }: MeasuredPair): boolean {
  const [few, many] = [base.run, head.run].map(countCalls).sort((a, b) => a - b) as [number, number];
  return few >= many * MIN_CALLS_SHARE;
}

function countCalls({ processes }: RunRecording): number {
  const functions = processes.flatMap(({ threads }) => threads.flatMap((thread) => thread.functions));
  return functions.reduce((sum, { outermostCalls }) => sum + outermostCalls, 0);
}
