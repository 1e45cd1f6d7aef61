import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { allocate } from '../../../dist/runtime/memory/arena.js';
import { shareNow } from '../../../dist/runtime/memory/threads.js';
import { start } from '../harness.js';

const runtime = start();
shareNow();

test('workers for which there is no memory run unmeasured, and a note says so', async () => {
  const threads = runtime.collect().threads.length;
  for (let doubles = 2 ** 25; doubles > 1024; doubles /= 2) while (allocate(doubles) !== 0);
  for (let started = 0; started < 2; started++) {
    const worker = new Worker(new URL('./recording-worker.js', import.meta.url));
    await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
  }
  assert.equal(runtime.collect().threads.length, threads);
  assert.match(runtime.notes().join(), /^calls in 2 threads are missing, because the memory .* was full/);
});
