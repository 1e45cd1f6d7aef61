import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { runGroup } from '../../dist/plugins/vitest-bench.js';
import { studentT95, toBenchmarkResult } from '../../dist/plugins/vitest-bench-result.js';
import type { BenchmarkGroup } from '../../dist/plugins/vitest-bench-types.js';

const fib = (n: number): number => (n < 2 ? n : fib(n - 1) + fib(n - 2));
/** As few rounds as a comparison needs. */
const SHORT = { time: 0 };

async function run(registrations: BenchmarkGroup['registrations'], rest: Partial<BenchmarkGroup> = {}) {
  const log = mock.method(console, 'log', () => {});
  try {
    const group = { test: { context: {} }, config: {}, options: SHORT, ...rest, registrations };
    return { results: await runGroup(group), printed: log.mock.calls.map(({ arguments: [text] }) => text) };
  } finally {
    log.mock.restore();
  }
}

test('benchmarks are timed in turns, each is judged against the first', async () => {
  const order: string[] = [];
  const { results, printed } = await run([
    { name: 'long', fn: () => fib(20), fnOpts: { beforeAll: () => order.push('long') } },
    { name: 'short', fn: () => fib(10), fnOpts: { beforeAll: () => order.push('short') } },
  ]);
  assert.deepEqual(
    results.map(({ name, state, latency }) => [name, state, latency.samplesCount]),
    [
      ['long', 'completed', 6],
      ['short', 'completed', 6],
    ],
  );
  assert.match(printed.join(), /benchmark.*\n long .*-\n short .* faster$/);
  // after those in which the number of loops is found
  assert.deepEqual(order.slice(-12, -8), ['long', 'short', 'short', 'long']);
});

test('hooks are called around each round and each call, and are not timed', async () => {
  const calls: Record<string, number> = {};
  const count = (hook: string) =>
    function (this: { name: string }, mode?: string) {
      calls[`${this.name} ${hook} ${mode}`] = (calls[`${this.name} ${hook} ${mode}`] ?? 0) + 1;
    };
  let called = 0;
  const waitMs = 4;
  const { results } = await run([
    {
      name: 'a',
      fn: () => called++,
      fnOpts: {
        beforeAll: count('beforeAll'),
        afterAll: count('afterAll'),
        beforeEach: () => new Promise((resolve) => setTimeout(resolve, waitMs)),
        afterEach: count('afterEach'),
      },
    },
  ]);
  assert.equal(calls['a beforeAll run'], 6);
  assert.equal(calls['a afterAll run'], 6);
  assert.equal(calls['a beforeAll warmup'], calls['a afterAll warmup']);
  assert.equal(calls['a afterEach run']! + calls['a afterEach warmup']!, called);
  assert.ok(results[0]!.latency.min < waitMs / 2);
});

test('what returns a promise is timed until it settles, what says how long it took is believed', async () => {
  const wait = () => new Promise((resolve) => setTimeout(resolve, 2));
  const { results } = await run([
    { name: 'waits', fn: wait },
    { name: 'says', fn: () => ({ overriddenDuration: 3 }) },
  ]);
  assert.ok(results[0]!.latency.min >= 1.9);
  assert.ok(Math.abs(results[1]!.period - 3) < 1e-9);
  assert.ok(Math.abs(results[1]!.throughput.mean - 1_000 / 3) < 1e-6);
});

test('errors are those of the benchmark; the rest is cleaned up', async () => {
  let cleaned = 0;
  const fn = () => {
    throw new RangeError('mine');
  };
  await assert.rejects(run([{ name: 'a', fn, fnOpts: { afterAll: () => cleaned++ } }]), {
    name: 'RangeError',
    message: 'mine',
  });
  assert.equal(cleaned, 1);
});

test('a signal that aborts ends the benchmarks with its reason', async () => {
  const aborting = new AbortController();
  const fn = () => aborting.abort(new Error('enough'));
  const context = { signal: aborting.signal };
  await assert.rejects(run([{ name: 'a', fn }], { test: { context } }), /enough/);
});

test('`concurrency` and an `overriddenDuration` of 0 are refused', async () => {
  await assert.rejects(run([{ name: 'a', fn: fib as () => unknown }], { options: { concurrency: 'task' } }), {
    name: 'TtprofError',
    message: /concurrency/,
  });
  await assert.rejects(run([{ name: 'a', fn: () => ({ overriddenDuration: 0 }) }]), /a gave an/);
});

test('a result has the statistics of the rounds, in milliseconds', () => {
  const timing = { name: 'a', loops: 10, roundsNs: [1e6, 3e6, 2e6, 4e6, 5e6], emptyNs: 1 };
  const { latency, throughput, period, totalTime } = toBenchmarkResult(timing, true);
  assert.deepEqual(latency.samples, [1, 2, 3, 4, 5]);
  assert.equal(latency.mean, 3);
  assert.equal(latency.p50, 3);
  assert.equal(latency.p75, 4);
  assert.equal(latency.variance.toFixed(9), '2.500000000');
  assert.equal(latency.mad, 1);
  assert.equal(latency.aad, 1.2);
  assert.equal(latency.moe.toFixed(3), '1.963', '2.776 σ / √5');
  assert.equal(throughput.max, 1_000);
  assert.equal(period, 3);
  assert.equal(totalTime, 150);
  assert.equal(toBenchmarkResult(timing, false).latency.samples, undefined);
});

test("Student's t is that of the tables", () => {
  assert.equal(studentT95(5).toFixed(2), '2.57');
  assert.equal(studentT95(24).toFixed(4), '2.0639');
  assert.equal(studentT95(1_000).toFixed(4), '1.9623');
});
