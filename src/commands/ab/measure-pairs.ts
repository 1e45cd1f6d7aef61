import { setImmediate as nextTurn } from 'node:timers/promises';
import { AS_MANY_AS_NEEDED, type Settings } from '../../config/config.js';
import { isLook, MAX_PAIRS } from '../../report/statistics/group-sequential.js';
import type { RunRecording } from '../../runtime/contract.js';
import { formatCounted } from '../../shared/text/format-count.js';
import type { MeasuredRun } from '../run/measure-run.js';
import { describeFailure, sayFailure } from '../run/measure-runs.js';
import { Progress } from '../run/progress.js';
import { Interruption } from '../run/signals.js';
import {
  type MakePair,
  type MeasuredPair,
  measureInTurns,
  measureOneAfterTheOther,
  type PairOptions,
  type SidePlans,
} from './measure-pair.js';
import { needsOneCore } from './share-core.js';

/** Without turns the runs of either side are independent, and more than this hardly help on a loaded machine. */
const DEFAULT_RUNS = 10;
/** One side makes at least this share of the other side's calls: with fewer, it does other work. */
const MIN_CALLS_SHARE = 0.9;
/** Once the budget is used up, a pair that takes more than this many times as long as those before it hangs. */
const MAX_SLOWNESS = 3;
/**
 * After a pair has taken turns, up to this many pairs that do not are left out: then a busy machine was the obstacle, not
 * the program.
 */
const MAX_DISCARDED = 3;
const MS_PER_SECOND = 1000;

/** Why pairs did not take turns, and how the note says so. */
const OBSTACLE_TEXTS = {
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
type Reason = keyof typeof OBSTACLE_TEXTS;

/** With these, both processes ran at the same time without taking turns: such a pair cannot be used. */
const AT_ONCE: readonly Reason[] = ['threads', 'processes', 'stalled'];

export interface MeasuredPairs {
  readonly pairs: readonly MeasuredPair[];
  /** Did the pairs take turns? */
  readonly inTurns: boolean;
  readonly seconds: number;
  readonly notes: readonly string[];
  /** The run that ended the series, where one failed. */
  readonly failed: RunRecording | null;
  /** The signal that asked us to end, if one came. */
  readonly received: NodeJS.Signals | null;
}

/** How far the targets are. */
export interface Standing {
  readonly targets: number;
  readonly decided: number;
  /** Whether every target is decided. */
  readonly isDone: boolean;
}

export interface PairsOptions {
  /** Whether the first pair shows the output of one. */
  readonly showsOutput?: boolean;
  /** How pairs are made unless one runs after the other. */
  readonly makePair?: MakePair;
}

/**
 * Measures pairs of runs until all is decided, the budget is used up, or as many are made as were asked for.
 * @param judge asked at each look; not where the number of runs is given
 * @throws {TtprofError} where a program cannot be started
 */
export async function measurePairs(
  plans: SidePlans,
  settings: Settings,
  judge: (pairs: readonly MeasuredPair[], seconds: number) => Standing,
  { showsOutput = true, makePair = measureInTurns }: PairsOptions = {},
): Promise<MeasuredPairs> {
  const pairs: MeasuredPair[] = [];
  const notes: string[] = [];
  const startedAtMs = Date.now();
  const spentSeconds = () => (Date.now() - startedAtMs) / MS_PER_SECOND;
  const isFixed = settings.runs !== AS_MANY_AS_NEEDED;
  const budgetMs = isFixed ? Number.POSITIVE_INFINITY : settings.budgetSeconds * MS_PER_SECOND;
  const interruption = new Interruption();
  const abort = new AbortController();
  let inTurns = settings.turns !== 'off';
  let failed: RunRecording | null = null;
  let standing: Standing | null = null;
  let discarded = 0;
  if (inTurns && settings.sample > 1) giveUpTurns('sample');

  try {
    await measure();
    return { pairs, inTurns, seconds: spentSeconds(), notes, failed, received: interruption.received };
  } finally {
    interruption.stop();
  }

  async function measure(): Promise<void> {
    const progress = new Progress(limit(), process.stderr, budgetMs);
    while (!isEnough()) {
      progress.begin(pairs.length, describeProgress(), shown() === 'none', limit());
      const stopWatching = endIfItHangs();
      let isComplete: boolean;
      try {
        isComplete = await measureOne();
      } finally {
        stopWatching();
        progress.clear();
      }
      if (!isComplete) return;
      await nextTurn();
      if (interruption.received !== null) {
        notes.push(`pair ${pairs.length} was the last, because ${interruption.received} came`);
        return;
      }
    }
  }

  /** As many pairs as there will be at most. */
  function limit(): number {
    if (isFixed) return settings.runs;
    return inTurns ? MAX_PAIRS : DEFAULT_RUNS;
  }

  function isEnough(): boolean {
    if (pairs.length >= limit()) return true;
    if (isFixed) return false;
    if (inTurns && isLook(pairs.length)) standing = judge(pairs, spentSeconds());
    return (inTurns && standing?.isDone === true) || isOverBudget();
  }

  /** Would the next pair, if it takes as long as those before, end after the budget? */
  function isOverBudget(): boolean {
    const spentMs = Date.now() - startedAtMs;
    return pairs.length > 0 && spentMs + spentMs / pairs.length > budgetMs;
  }

  /** Ends a pair that hangs, unless the user chose the number of pairs. @returns stops the watching */
  function endIfItHangs(): () => void {
    if (isFixed) return () => {};
    const spentMs = Date.now() - startedAtMs;
    const patienceMs = pairs.length === 0 ? budgetMs : (spentMs / pairs.length) * MAX_SLOWNESS;
    const timer = setTimeout(() => abort.abort(), Math.max(budgetMs - spentMs, 0) + patienceMs);
    return () => clearTimeout(timer);
  }

  function shown(): PairOptions['shown'] {
    if (settings.verbose) return 'both';
    return pairs.length === 0 && showsOutput ? 'one' : 'none';
  }

  function describeProgress(): string {
    const number = pairs.length + 1;
    const of = `pair ${number}${isFixed ? ' of' : ', at most'} ${limit()}`;
    if (standing === null || !inTurns) return of;
    return `${of}, ${standing.decided} of ${formatCounted(standing.targets, 'target')} decided`;
  }

  /** @returns false where the series ends */
  async function measureOne(): Promise<boolean> {
    const onOneCore =
      pairs.length > 0 && pairs.every(({ base, head }) => needsOneCore(base) && needsOneCore(head));
    const options = { shown: shown(), onOneCore, abort: abort.signal };
    if (inTurns) {
      const measured = await makePair(plans, options);
      if (measured === null) {
        giveUpTurns('system');
        return true;
      }
      // a program that was ended, by the user or by us, did not fail because of the other one
      if (interruption.received !== null || abort.signal.aborted) return add(measured);
      if (pairs.length === 0 && findFailure(measured) !== null) {
        giveUpTurns('failure');
        return true;
      }
      const { obstacles } = measured;
      const reason = obstacles[0] ?? (callEquallyOften(measured) ? null : 'calls');
      if (reason !== null && pairs.length > 0 && ++discarded <= MAX_DISCARDED) return true;
      if (reason !== null) giveUpTurns(reason);
      return obstacles.some((each) => AT_ONCE.includes(each)) ? true : add(measured);
    }
    // base, head, head, base, …: what changes slowly in the machine affects both alike
    const first = pairs.length % 2 === 0 ? 'base' : 'head';
    return add(await measureOneAfterTheOther(plans, first, options, () => interruption.received === null));
  }

  function giveUpTurns(reason: Reason): void {
    inTurns = false;
    notes.push(
      `the runs did not take turns, because ${OBSTACLE_TEXTS[reason]}: they ran one after the other, which tells less on a loaded machine`,
    );
  }

  function add(pair: Partial<MeasuredPair>): boolean {
    const { base, head } = pair;
    const failure = findFailure(pair);
    if (failure === null) {
      // one side alone: a signal came between the two
      if (base && head) pairs.push({ base, head });
      return true;
    }
    const { name, measured } = failure;
    const number = pairs.length + 1;
    if (abort.signal.aborted) {
      const budget = `the budget of ${settings.budgetSeconds} s`;
      notes.push(`pair ${number} was ended, because it hung and ${budget} was used up`);
      if (pairs.length === 0) failed = measured.run;
      return false;
    }
    failed = measured.run;
    const text = describeFailure(measured, `pair ${number} (${name})`)!;
    sayFailure(text, measured.output);
    // a single run of both is still worth a table
    if (pairs.length === 0 && base && head) pairs.push({ base, head });
    if (pairs.length > 0) notes.push(text);
    return false;
  }

  function findFailure(pair: Partial<MeasuredPair>): { name: string; measured: MeasuredRun } | null {
    for (const side of ['base', 'head'] as const) {
      const measured = pair[side];
      if (measured && describeFailure(measured, '') !== null) return { name: plans[side].name, measured };
    }
    return null;
  }
}

function callEquallyOften({ base, head }: MeasuredPair): boolean {
  const [few, many] = [base.run, head.run].map(countCalls).sort((a, b) => a - b) as [number, number];
  return few >= many * MIN_CALLS_SHARE;
}

function countCalls({ processes }: RunRecording): number {
  const functions = processes.flatMap(({ threads }) => threads.flatMap((thread) => thread.functions));
  return functions.reduce((sum, { outermostCalls }) => sum + outermostCalls, 0);
}
