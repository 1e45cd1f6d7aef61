import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { CaseTiming, LoopMode, TimedLoop, TimeitLimits } from './timing.js';

/** A round takes at least so long: a hundred thousand steps of the coarsest clock. */
export const MIN_ROUND_NS = 20e6;
/** Of the number of loops from one try to the next. With more, slow first calls would make a round much too long. */
const MAX_GROWTH = 10;
/** At least so much: the next try is to reach {@link MIN_ROUND_NS}, although rounds differ by some percent. */
const MIN_GROWTH = 1.2;
/** V8 counts to here in a loop with small integers. */
const MAX_LOOPS = 2 ** 31;
/** The shortest of so many rounds is that of an empty loop: what makes one longer is not the loop. */
const EMPTY_ROUNDS = 3;

// captured: test runners replace it by a fake clock
export const { bigint: readClock } = process.hrtime;

/**
 * Times loops in rounds: those of several cases in turns, in an order that changes, each after a garbage collection
 * that is not timed.
 * @throws what a case throws
 */
export async function measureRounds(
  cases: readonly TimedLoop[],
  { loops, rounds }: TimeitLimits,
): Promise<CaseTiming[]> {
  const collect = exposeCollector();
  const counts: number[] = [];
  for (const one of cases) counts.push(loops ?? (await runWithin(one, 'warmup', () => findLoops(one))));
  const emptyNs = await measureEmptyLoop(Math.max(...counts));
  const roundsNs = cases.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const index of orderOf(round, cases.length)) {
      const [one, count] = [cases[index]!, counts[index]!];
      const ns = await runWithin(one, 'run', () => {
        collect();
        return timeLoop(one, count);
      });
      roundsNs[index]!.push(ns / count);
    }
  }
  return cases.map(({ name }, index) => ({
    name,
    loops: counts[index]!,
    roundsNs: roundsNs[index]!,
    emptyNs,
  }));
}

async function runWithin(one: TimedLoop, mode: LoopMode, run: () => Promise<number>): Promise<number> {
  if (one.before !== undefined) await one.before(mode);
  try {
    return await run();
  } finally {
    if (one.after !== undefined) await one.after(mode);
  }
}

async function timeLoop(one: TimedLoop, count: number): Promise<number> {
  if (one.timesItself) return (await one.loop(count)) as number;
  const start = readClock();
  // not awaited where it is no promise: that would add a turn of the microtask queue to the time
  const pending = one.loop(count);
  if (pending !== undefined) await pending;
  return nsSince(start);
}

/** @param start as `process.hrtime.bigint` gave it */
export function nsSince(start: bigint): number {
  return Number(readClock() - start);
}

/** How many loops take a round's time; what V8 has not optimised yet is warmed up meanwhile. */
async function findLoops(one: TimedLoop): Promise<number> {
  for (let count = 1; ; ) {
    await timeLoop(one, count);
    // the second time counts: code that has never run takes many times as long
    const start = readClock();
    await timeLoop(one, count);
    // all of the time, also what a loop that times itself leaves out: a round is not to take for ever
    const ns = nsSince(start);
    if (ns >= MIN_ROUND_NS || count >= MAX_LOOPS) return count;
    const wanted = ns > 0 ? (MIN_GROWTH * MIN_ROUND_NS) / ns : MAX_GROWTH;
    count = Math.min(MAX_LOOPS, Math.ceil(count * Math.min(MAX_GROWTH, Math.max(wanted, MIN_GROWTH))));
  }
}

/** What an iteration takes that does nothing. */
async function measureEmptyLoop(count: number): Promise<number> {
  const empty = compileLoop('', false);
  const loop: TimedLoop = { name: '', loop: empty };
  let bestNs = Number.POSITIVE_INFINITY;
  for (let round = 0; round < EMPTY_ROUNDS; round++)
    bestNs = Math.min(bestNs, (await timeLoop(loop, count)) / count);
  return bestNs;
}

/**
 * A loop around some code, which sees `value`. It is a function of its own for each case: V8 would treat calls of
 * different functions from one place worse than any of them deserves.
 */
function compileLoop(code: string, isAsync: boolean, value?: unknown): TimedLoop['loop'] {
  const source = `${isAsync ? 'async ' : ''}function loop(count) { for (let i = 0; i < count; i++) { ${code}\n } }`;
  return new Function('value', 'keep', `return ${source}`)(value, { value: undefined }) as TimedLoop['loop'];
}

/** A loop that calls a function, and waits for what it returns where that is a promise. */
export function compileCalls(fn: () => unknown, isAsync: boolean): TimedLoop['loop'] {
  return compileLoop(`keep.value = ${isAsync ? 'await ' : ''}value();`, isAsync, fn);
}

/** Forwards in even rounds, backwards in odd ones, and beginning with another case every two rounds. */
function orderOf(round: number, count: number): number[] {
  const order = Array.from({ length: count }, (_, index) => (index + (round >> 1)) % count);
  return round % 2 === 0 ? order : order.reverse();
}

/** @see https://nodejs.org/docs/latest/api/v8.html#v8setflagsfromstringflags */
function exposeCollector(): () => void {
  if (typeof globalThis.gc === 'function') return globalThis.gc as () => void;
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  return collect;
}
