import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeThreads } from '../../../dist/runtime/read/merge-threads.js';
import { recordFunction, recordThread } from '../../report/recordings.js';

const run = (count: number, ns: number) => Array.from({ length: count }, (_, i) => ns + (i % 7));

test('two threads are one: sums, extremes, samples on one clock', () => {
  const a = recordThread([
    recordFunction('f', { durationNs: [100, 300] }),
    recordFunction('g', { durationNs: [] }),
  ]);
  const b = recordThread(
    [
      recordFunction(
        'h',
        { durationNs: [50], startNs: [5] },
        { callers: [{ caller: 1, calls: 1, totalNs: 50 }] },
      ),
      recordFunction('f', { durationNs: [200], startNs: [7] }, { errors: 1 }),
    ],
    { originNs: 1.8e18 + 4096 },
  );
  const merged = mergeThreads(a, b);
  assert.deepEqual(
    merged.functions.map(({ name }) => name),
    ['f', 'g', 'h'],
  );
  const [f, g, h] = merged.functions;
  assert.deepEqual([f!.calls, f!.totalNs, f!.minNs, f!.maxNs, f!.errors], [3, 600, 100, 300, 1]);
  assert.deepEqual([...f!.series.startNs], [0, 100, 4103]);
  assert.deepEqual([...f!.series.durationNs], [100, 300, 200]);
  // mean and deviation as of all three
  assert.equal(f!.shiftNs + f!.shiftedSumNs / 3, 200);
  assert.equal(f!.shiftedSquaresNs2 - f!.shiftedSumNs ** 2 / 3, 20_000);
  assert.equal(g!.calls, 0);
  assert.deepEqual([h!.calls, h!.minNs, h!.callers], [1, 50, [{ caller: 0, calls: 1, totalNs: 50 }]]);
  assert.equal(merged.workers, 2);
});

test('a series stays as long as one thread may keep, and says of how many calls each sample is one', () => {
  const thread = (stride: number) =>
    recordThread([recordFunction('f', { durationNs: run(8192 * stride, 1000), stride })]);
  const merged = mergeThreads(thread(1), thread(4)).functions[0]!;
  assert.equal(merged.calls, 5 * 8192);
  assert.equal(merged.series.stride, 8);
  assert.equal(merged.series.durationNs.length, (5 * 8192) / 8);
});
