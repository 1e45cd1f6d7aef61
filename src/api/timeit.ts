import { types } from 'node:util';
import { DEFAULT_MARGIN_PERCENT } from '../config/options.js';
import { TtprofError } from '../shared/errors.js';
import { judgeTimings, type TimeitResult } from '../timeit/judge-timings.js';
import { compileCalls, measureRounds } from '../timeit/measure-rounds.js';
import { DEFAULT_ROUNDS, type TimedLoop } from '../timeit/timing.js';
import { checkOptions, describe, type Rule } from './settings.js';

const COUNT: Rule = [
  (value) => Number.isSafeInteger(value) && (value as number) >= 1,
  'a whole number of at least 1',
];
const CHECKS = new Map<string, Rule>([
  ['loops', COUNT],
  ['rounds', COUNT],
  ['margin', [(value) => Number.isFinite(value) && (value as number) >= 0, 'a percentage of at least 0']],
]);

/** Settings of {@link timeit}. All are optional. */
export interface TimeitOptions {
  /** How many loops are in a round. Default: as many as take 20 ms. */
  readonly loops?: number;
  /** Default 25. */
  readonly rounds?: number;
  /** What counts as the same, in percent. Default 2. */
  readonly margin?: number;
}

/** A function without parameters; one that returns a promise is timed until that settles. */
export type TimeitFunction = () => unknown;

/**
 * Times functions in loops, as Python's `timeit` does: those of several in turns, each against the first.
 *
 * ```ts
 * const [before, after] = await timeit({ before: () => parse(text), after: () => parseFast(text) });
 * console.log(after.delta?.verdict);
 * ```
 *
 * One process can tell large changes only: `ttprof timeit --runs N` repeats in N of them.
 * @param functions one, or several by the names that the results shall have
 * @returns one result for each, in their order; times are ns per call
 * @throws {TtprofError} where nothing is given or an option cannot be used; and what a function throws
 */
export async function timeit(
  functions: TimeitFunction | Readonly<Record<string, TimeitFunction>>,
  options: TimeitOptions = {},
): Promise<TimeitResult[]> {
  const named = typeof functions === 'function' ? { [functions.name || 'function']: functions } : functions;
  const entries = typeof named === 'object' && named !== null ? Object.entries(named) : [];
  if (entries.length === 0)
    throw new TtprofError('timeit: nothing to time: give a function, or several by name');
  checkOptions('timeit', options, CHECKS);
  const { loops = null, rounds = DEFAULT_ROUNDS, margin = DEFAULT_MARGIN_PERCENT } = options;
  const cases: TimedLoop[] = [];
  for (const [name, fn] of entries) cases.push(await toLoop(name, fn));
  return judgeTimings([await measureRounds(cases, { loops, rounds })], margin);
}

/** Calls the function once, to see whether there is something to wait for. */
async function toLoop(name: string, fn: unknown): Promise<TimedLoop> {
  if (typeof fn !== 'function')
    throw new TtprofError(`timeit: ${name} must be a function, not ${describe(fn)}`);
  const first: unknown = fn();
  const isAsync = types.isPromise(first);
  if (isAsync) await first;
  return { name, loop: compileCalls(fn as TimeitFunction, isAsync) };
}
