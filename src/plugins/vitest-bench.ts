import { readSetting } from '../config/environment.js';
import { MIN_PAIRS } from '../report/compare/evidence.js';
import { TtprofError } from '../shared/errors.js';
import { judgeTimings } from '../timeit/judge-timings.js';
import { compileCalls, MIN_ROUND_NS, measureRounds, nsSince, readClock } from '../timeit/measure-rounds.js';
import { renderTimings } from '../timeit/render-timings.js';
import { DEFAULT_ROUNDS, type LoopMode, type TimedLoop } from '../timeit/timing.js';
import { toBenchmarkResult } from './vitest-bench-result.js';
import type {
  BenchmarkGroup,
  BenchmarkRegistration,
  BenchmarkResult,
  BenchmarkRunOptions,
} from './vitest-bench-types.js';

const NS_PER_MS = 1e6;

/**
 * Times the benchmarks of one test in turns, and prints how each compares with the first.
 * @throws what a benchmark throws, and the reason of a signal that aborts
 */
export async function runGroup({
  test,
  config,
  registrations,
  options = {},
}: BenchmarkGroup): Promise<BenchmarkResult[]> {
  if (options.concurrency)
    throw new TtprofError('ttprof/vitest-bench: leave out `concurrency`: calls are timed one by one');
  const signals = [test.context.signal, options.signal];
  const cases: TimedLoop[] = [];
  for (const registration of registrations) cases.push(await toCase(registration, options, signals));
  const timings = await measureRounds(cases, { loops: null, rounds: countRounds(options.time) });
  const without = timings.find(({ roundsNs }) => roundsNs.includes(0));
  if (without !== undefined)
    throw new TtprofError(`ttprof/vitest-bench: ${without.name} gave an \`overriddenDuration\` of nothing`);
  const results = judgeTimings([timings], readSetting(process.env, 'marginPercent'));
  const shown = renderTimings(results, Number.POSITIVE_INFINITY, 'benchmark').trimEnd();
  // by the console, which Vitest shows below the name of the test
  console.log(results.length === 1 ? `${results[0]!.name}: ${shown}` : shown);
  return timings.map((timing, index) => {
    const own = registrations[index]!.fnOpts?.retainSamples;
    return toBenchmarkResult(timing, own ?? options.retainSamples ?? config.retainSamples ?? false);
  });
}

/** As many rounds as take the wanted time, but not fewer than a comparison needs. @param timeMs for each benchmark */
function countRounds(timeMs: number | undefined): number {
  if (timeMs === undefined) return DEFAULT_ROUNDS;
  const rounds = Math.round((timeMs * NS_PER_MS) / MIN_ROUND_NS);
  return Number.isFinite(rounds) ? Math.max(MIN_PAIRS, rounds) : DEFAULT_ROUNDS;
}

/** Calls the function once, to see whether it returns a promise, and whether it tells itself how long it took. */
async function toCase(
  { name, fn, fnOpts = {} }: BenchmarkRegistration,
  { setup, teardown }: BenchmarkRunOptions,
  signals: readonly (AbortSignal | undefined)[],
): Promise<TimedLoop> {
  const { beforeAll, afterAll, beforeEach, afterEach } = fnOpts;
  const task = { name };
  let mode: LoopMode = 'warmup';
  let isAsync = fnOpts.async;
  const before = async (next: LoopMode) => {
    for (const signal of [...signals, fnOpts.signal]) signal?.throwIfAborted();
    mode = next;
    await setup?.(task, mode);
    await beforeAll?.call(task, mode);
  };
  const after = async () => {
    await afterAll?.call(task, mode);
    await teardown?.(task, mode);
  };
  const callAlone = async () => {
    await beforeEach?.call(task, mode);
    const start = readClock();
    const returned = fn();
    isAsync ??= isThenable(returned);
    const result = isAsync ? await returned : returned;
    const ns = nsSince(start);
    const ownNs = readOwnNs(result);
    await afterEach?.call(task, mode);
    return { ns: ownNs ?? ns, isOwn: ownNs !== null };
  };
  await before('warmup');
  const { isOwn } = await callAlone().finally(after);
  if (!isOwn && beforeEach === undefined && afterEach === undefined)
    return { name, before, after, loop: compileCalls(fn, isAsync === true) };
  const loop = async (count: number) => {
    let sumNs = 0;
    for (let i = 0; i < count; i++) sumNs += (await callAlone()).ns;
    return sumNs;
  };
  return { name, before, after, loop, timesItself: true };
}

function isThenable(value: unknown): boolean {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}

/** Functions may return `{ overriddenDuration }`, in ms. */
function readOwnNs(result: unknown): number | null {
  const ms = (result as { overriddenDuration?: unknown } | null | undefined)?.overriddenDuration;
  return typeof ms === 'number' && ms >= 0 ? ms * NS_PER_MS : null;
}
