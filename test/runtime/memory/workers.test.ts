import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { usedShare } from '../../../dist/runtime/memory/arena.js';
import { shareNow } from '../../../dist/runtime/memory/threads.js';
import { start } from '../harness.js';

const FILE = new URL('./recording-worker.js', import.meta.url);
const runtime = start();
shareNow();

/** @returns where the worker's stack lay */
async function runWorker(endless = false): Promise<unknown> {
  const worker = new Worker(FILE, { argv: endless ? ['endless'] : [] });
  const ended = once(worker, 'exit');
  const [stack] = await once(worker, 'message');
  if (endless) await worker.terminate();
  await ended;
  return stack;
}

const countCalls = (): number =>
  runtime
    .collect()
    .threads.flatMap(({ functions }) => functions)
    .reduce((sum, { calls }) => sum + calls, 0);

const countThreads = (): number =>
  runtime.collect().threads.reduce((sum, { workers = 1 }) => sum + workers, 0);

test('a worker takes the stack of one that has ended, terminated or not', async () => {
  const first = await runWorker(true);
  assert.equal(await runWorker(), first);
  assert.equal(await runWorker(), first);
  const atOnce = await Promise.all([runWorker(), runWorker()]);
  assert.equal(new Set(atOnce).size, 2, 'those that run at the same time have their own');
  assert.equal(countCalls(), 4);
  assert.deepEqual(runtime.notes(), []);
});

test('what many workers leave becomes one recording, and later ones take their memory', async () => {
  const before = { calls: countCalls(), threads: countThreads() };
  const used: number[] = [];
  for (let batch = 0; batch < 20; batch++) {
    await Promise.all(Array.from({ length: 8 }, () => runWorker()));
    used.push(usedShare());
  }
  assert.equal(countCalls(), before.calls + 160);
  assert.equal(countThreads(), before.threads + 160);
  const { threads } = runtime.collect();
  assert.ok(threads.length < 100, `${threads.length} recordings`);
  // a worker takes 4 K doubles of 32 M at least; the first 64 stay apart, and eight run at a time
  const taken = ((used.at(-1)! - used[8]!) * 2 ** 25) / 4096;
  assert.ok(taken < 20, `88 workers took the memory of ${taken.toFixed(1)}`);
  const [merged] = threads.filter(({ workers }) => workers !== undefined);
  const [f] = merged!.functions;
  assert.equal(merged!.functions.length, 1);
  // one was terminated in its call
  assert.equal(f!.calls + f!.unfinished, merged!.workers);
  assert.equal(f!.series.durationNs.length, f!.timedCalls);
  assert.equal(
    f!.histogram.counts.reduce((sum, count) => sum + count, 0),
    f!.timedCalls,
  );
  const sum = Array.from(f!.series.durationNs).reduce((total, ns) => total + ns, 0);
  const mean = f!.shiftNs + f!.shiftedSumNs / f!.timedCalls;
  assert.ok(Math.abs(sum / f!.timedCalls - mean) < 1e-6 * mean);
  assert.deepEqual(runtime.notes(), []);
});
