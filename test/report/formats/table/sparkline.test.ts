import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawSparkline } from '../../../../dist/report/formats/table/sparkline.js';
import { makeHistogram } from '../../make-report.js';

const repeat = (counts: readonly [ns: number, count: number][]) =>
  makeHistogram(counts.flatMap(([ns, count]) => new Array<number>(count).fill(ns)));

test('heights are shares of samples, from fast to slow', () => {
  // one bucket of 1 ns per bin
  const histogram = repeat([
    [100, 10],
    [101, 60],
    [102, 30],
    [103, 0],
    [104, 20],
    [105, 5],
    [106, 5],
    [107, 10],
  ]);
  assert.equal(drawSparkline(histogram), '▂▇▄▁▃▂▂▂');
});

test('what lies beyond p5 and p95 stands in the bars at the ends, and does not set the scale', () => {
  const body = Array.from({ length: 8 }, (_, i): [number, number] => [100 + i, 100]);
  assert.equal(drawSparkline(repeat([...body, [1e6, 3]])), '▇▇▇▇▇▇▇▇');
  assert.equal(drawSparkline(repeat([...body, [1e6, 42], [1, 42]])), '▇▆▆▆▆▆▆▇');
});

test('a hill looks like one, although a call in thirty takes a hundred times as long', () => {
  const hill: [number, number][] = [20, 60, 150, 220, 220, 150, 60, 20].map((count, i) => [
    1000 + 8 * i,
    count,
  ]);
  const picture = drawSparkline(repeat([...hill, [100_000, 30]]));
  assert.ok(new Set(picture).size >= 4, picture);
});

test('wide buckets are spread over their bins', () => {
  // one bucket of 2^13 / 256 = 32 ns: eight bins within it cannot differ
  assert.equal(new Set(drawSparkline(repeat([[8200, 50]]))).size, 1);
});

test('durations that the clock cannot tell apart are one peak', () => {
  assert.equal(drawSparkline(repeat([[42, 1000]])), '▁▁▁▁▇▁▁▁');
});

test('too few samples make no picture', () => {
  assert.equal(drawSparkline(repeat([[100, 4]])), '');
  assert.equal(drawSparkline({ indices: [], counts: [] }), '');
});
