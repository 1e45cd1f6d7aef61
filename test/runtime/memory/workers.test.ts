import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { allocate } from '../../../dist/runtime/memory/arena.js';
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

test('a worker takes the stack of one that has ended, terminated or not', async () => {
  const first = await runWorker(true);
  assert.equal(await runWorker(), first);
  assert.equal(await runWorker(), first);
  const atOnce = await Promise.all([runWorker(), runWorker()]);
  assert.equal(new Set(atOnce).size, 2, 'those that run at the same time have their own');
  assert.equal(countCalls(), 4);
  assert.deepEqual(runtime.notes(), []);
});

test('workers for which there is no memory run unmeasured, others keep what they have recorded', async () => {
  const calls = countCalls();
  for (let doubles = 2 ** 25; doubles > 1024; doubles /= 2) while (allocate(doubles) !== 0);
  await runWorker();
  await runWorker();
  assert.equal(countCalls(), calls);
  assert.match(runtime.notes().join(), /^calls in 2 threads are missing, because the memory .* was full/);
});
