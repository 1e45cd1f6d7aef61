import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timeit } from '../../dist/index.js';
import { createRandom } from '../../dist/report/statistics/random.js';
import { judgeTimings } from '../../dist/timeit/judge-timings.js';

const fib = (n: number): number => (n < 2 ? n : fib(n - 1) + fib(n - 2));

test('functions are timed by name, each against the first', async () => {
  let calls = 0;
  const results = await timeit(
    { short: () => fib(10), long: () => fib(20), counted: () => calls++ },
    { loops: 40, rounds: 12 },
  );
  assert.deepEqual(
    results.map(({ name, loops, rounds, runs }) => [name, loops, rounds, runs]),
    [
      ['short', 40, 12, 1],
      ['long', 40, 12, 1],
      ['counted', 40, 12, 1],
    ],
  );
  assert.equal(calls, 1 + 40 * 12, 'one call says whether there is something to wait for');
  assert.equal(results[0]!.delta, null);
  assert.equal(results[1]!.delta!.verdict, 'slower');
  assert.ok(results.every(({ bestNs, medianNs }) => bestNs <= medianNs));
});

test('a function that returns a promise is timed until it settles', async () => {
  const wait = () => new Promise((resolve) => setTimeout(resolve, 2));
  const [result] = await timeit(wait, { loops: 2, rounds: 2 });
  assert.equal(result!.name, 'wait');
  // a timer may fire a millisecond early; a call that is not waited for takes a microsecond
  assert.ok(result!.bestNs >= 0.5e6);
});

test('it takes as long as a loop by hand', async () => {
  const timed: number[] = [];
  const byHand: number[] = [];
  let kept = 0;
  // in turns, and the best of either: what disturbs a round only makes it longer
  for (let turn = 0; turn < 5; turn++) {
    const [result] = await timeit(() => fib(20), { loops: 30, rounds: 10 });
    timed.push(result!.bestNs);
    for (let round = 0; round < 10; round++) {
      const start = process.hrtime.bigint();
      for (let i = 0; i < 30; i++) kept += fib(20);
      byHand.push(Number(process.hrtime.bigint() - start) / 30);
    }
  }
  assert.ok(kept > 0);
  const ratio = Math.min(...timed) / Math.min(...byHand);
  assert.ok(ratio > 0.5 && ratio < 2, `${ratio}`);
});

test('wrong usage says what is wrong', async () => {
  await assert.rejects(timeit({}), /nothing to time/);
  await assert.rejects(timeit('1 + 1' as never), /nothing to time/);
  await assert.rejects(
    timeit(() => 1, null as never),
    /options must be an object, not null/,
  );
  await assert.rejects(
    timeit(() => 1, { round: 3 } as never),
    /no option `round`: `rounds`\?/,
  );
  await assert.rejects(timeit({ f: 1 as never }), /f must be a function, not 1/);
  await assert.rejects(
    timeit(() => 1, { loops: 0 }),
    /`loops` must be a whole number of at least 1, not 0/,
  );
  await assert.rejects(
    timeit(() => 1, { margin: -1 }),
    /`margin` must be a percentage/,
  );
  await assert.rejects(
    timeit(() => {
      throw new Error('on purpose');
    }),
    /on purpose/,
  );
});

test('two equal expressions are hardly ever called different over six runs', () => {
  const random = createRandom(3);
  const noise = () => (random() + random() + random() - 1.5) * 0.08;
  let different = 0;
  for (let trial = 0; trial < 400; trial++) {
    const runs = Array.from({ length: 6 }, () => {
      // what both have of a process in common, and what each has of its own
      const common = noise();
      return ['a', 'b'].map((name) => {
        const level = 100 * Math.exp(common + noise() / 3);
        const roundsNs = Array.from({ length: 25 }, () => level * Math.exp(noise() / 4));
        return { name, loops: 1000, roundsNs, emptyNs: 0.3 };
      });
    });
    const { verdict } = judgeTimings(runs, 2)[1]!.delta!;
    if (verdict === 'faster' || verdict === 'slower') different++;
  }
  assert.ok(different / 400 <= 0.05, `${different} of 400`);
});

test('within one process a tenth is not enough, because copies of one code differ by as much', () => {
  const runs = [
    ['a', 'b', 'c'].map((name, index) => ({
      name,
      loops: 10,
      roundsNs: Array.from({ length: 25 }, (_, round) => 100 * [1, 1.06, 1.5][index]! + (round % 5) / 10),
      emptyNs: 0.3,
    })),
  ];
  const [, slightly, clearly] = judgeTimings(runs, 2);
  assert.equal(slightly!.delta!.verdict, 'unsure');
  assert.match(slightly!.delta!.reason!, /within one process even identical code can differ by 10 %/);
  assert.equal(clearly!.delta!.verdict, 'slower');
});

test('what one process cannot tell needs runs, not more rounds', () => {
  const random = createRandom(7);
  const noisy = (name: string, spread: number) => ({
    name,
    loops: 10,
    roundsNs: Array.from({ length: 25 }, () => 100 * (1 + spread * random())),
    emptyNs: 1,
  });
  for (const spread of [0.5, 5]) {
    const [, second] = judgeTimings([[noisy('f', spread), noisy('g', spread)]], 2);
    assert.equal(second!.delta!.verdict, 'unsure');
    assert.match(second!.delta!.reason!, /use --runs 10$|, or --runs 10$/);
  }
});
