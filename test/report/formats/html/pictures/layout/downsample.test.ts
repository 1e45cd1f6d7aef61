import assert from 'node:assert/strict';
import { test } from 'node:test';
import { downsample } from '../../../../../../dist/report/formats/html/pictures/layout/downsample.js';
import { makeRandom } from '../../sample-report.js';

test('each column keeps its fastest and its slowest: a spike among thousands stays', () => {
  const starts = Array.from({ length: 8192 }, (_, i) => i * 1000);
  const durations = starts.map((_, i) => (i === 5000 ? 90_000 : 500 + (i % 7)));
  const columns = downsample(starts, durations, 200);
  assert.equal(columns.length, 200);
  assert.equal(Math.max(...columns.map((column) => column.maxNs)), 90_000);
  assert.equal(Math.min(...columns.map((column) => column.minNs)), 500);
});

test('columns are in order and stand in the middle of their time; empty ones are left out', () => {
  const columns = downsample([0, 10, 990, 1000], [1, 3, 5, 9], 10);
  assert.deepEqual(
    columns.map(({ atNs, minNs, medianNs, maxNs }) => [atNs, minNs, medianNs, maxNs]),
    [
      [50, 1, 1, 3],
      [950, 5, 5, 9],
    ],
  );
});

test('calls that all start at once, and typed arrays, work', () => {
  const random = makeRandom(1);
  const durations = Float64Array.from({ length: 50 }, () => random() * 100);
  const columns = downsample(new Float64Array(50).fill(7), durations, 40);
  assert.equal(columns.length, 1);
  assert.equal(columns[0]!.maxNs, Math.max(...durations));
});
