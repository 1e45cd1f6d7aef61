import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rejectByHolm } from '../../../dist/report/statistics/holm.js';
import {
  mergeMoments,
  momentsOfShiftedSums,
  sampleDeviation,
} from '../../../dist/report/statistics/moments.js';
import { countFarOut } from '../../../dist/report/statistics/outliers.js';
import {
  median,
  quantile,
  quantileOfHistogram,
  sortMerged,
  sortValues,
} from '../../../dist/report/statistics/quantiles.js';
import { createRandom } from '../../../dist/report/statistics/random.js';
import { probabilitySmaller } from '../../../dist/report/statistics/superiority.js';
import { countWarmupSamples } from '../../../dist/report/statistics/warm-up.js';
import { bucketIndex, mergeHistograms } from '../../../dist/runtime/contract.js';

const near = (actual: number, expected: number, tolerance = 1e-12) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

test("quantiles are NumPy's: np.quantile(x, [0.1, 0.25, 0.5, 0.9, 0.99])", () => {
  const sorted = sortValues([2.1, 3.4, 1.9, 7.7, 5.2, 4.4, 3.9, 6.1]);
  near(quantile(sorted, 0.1), 2.04);
  near(quantile(sorted, 0.25), 3.075);
  near(quantile(sorted, 0.5), 4.15);
  near(quantile(sorted, 0.9), 6.58);
  near(quantile(sorted, 0.99), 7.588);
  assert.equal(quantile(sorted, 1), 7.7);
  assert.ok(Number.isNaN(quantile(sortValues([]), 0.5)));
  assert.equal(median([3]), 3);
  assert.deepEqual([...sortMerged([[3, 1], [2]])], [1, 2, 3]);
});

test('sorting is by number, not by text', () => {
  assert.deepEqual([...sortValues([10, 9, 100, 1])], [1, 9, 10, 100]);
});

test('a histogram gives each quantile within 0.2 %, from 256 ns to hours', () => {
  const random = createRandom(3);
  const values = Array.from({ length: 5000 }, () => 256 * 2 ** (random() * 33));
  const counts = new Map<number, number>();
  for (const value of values) counts.set(bucketIndex(value), (counts.get(bucketIndex(value)) ?? 0) + 1);
  const indices = [...counts.keys()].sort((a, b) => a - b);
  const histogram = { indices, counts: indices.map((index) => counts.get(index)!) };
  const sorted = sortValues(values);
  for (const p of [0, 0.01, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1]) {
    const rank = Math.floor((values.length - 1) * p);
    const [low, high] = [sorted[rank]!, sorted[Math.min(rank + 1, sorted.length - 1)]!];
    const value = quantileOfHistogram(histogram, p, sorted[0]!, sorted.at(-1)!);
    assert.ok(value >= low * (1 - 1 / 512) && value <= high * (1 + 1 / 512), `p ${p}: ${value}`);
  }
  assert.ok(Number.isNaN(quantileOfHistogram({ indices: [], counts: [] }, 0.5, 0, 0)));
});

test('histograms merge by bucket', () => {
  const merged = mergeHistograms([
    { indices: [3, 9], counts: [1, 2] },
    { indices: [1, 9], counts: [5, 4] },
  ]);
  assert.deepEqual(merged, { indices: [1, 3, 9], counts: [5, 1, 6] });
  assert.deepEqual(mergeHistograms([]), { indices: [], counts: [] });
});

test("σ is NumPy's x.std(ddof=1), however the samples are split and shifted", () => {
  const x = [2.1, 3.4, 1.9, 7.7, 5.2, 4.4, 3.9, 6.1];
  const of = (values: readonly number[], shift: number) =>
    momentsOfShiftedSums(
      values.length,
      shift,
      values.reduce((sum, value) => sum + (value - shift), 0),
      values.reduce((sum, value) => sum + (value - shift) ** 2, 0),
    );
  near(sampleDeviation(of(x, 4))!, 1.970451362360556);
  const merged = [of(x.slice(0, 1), 100), of([], 0), of(x.slice(1, 5), -3), of(x.slice(5), 5)].reduce(
    mergeMoments,
  );
  near(sampleDeviation(merged)!, 1.970451362360556, 1e-9);
  near(merged.mean, 4.3375);
  assert.equal(sampleDeviation(of([1], 1)), null);
});

test("Holm: R's p.adjust(c(0.01, 0.04, 0.03, 0.005), 'holm') is 0.03 0.06 0.06 0.02", () => {
  const p = [0.01, 0.04, 0.03, 0.005];
  assert.deepEqual(rejectByHolm(p, 0.05), [true, false, false, true]);
  assert.deepEqual(rejectByHolm(p, 0.0601), [true, true, true, true]);
  assert.deepEqual(rejectByHolm(p, 0.019), [false, false, false, false]);
  assert.deepEqual(rejectByHolm([], 0.05), []);
});

test('the probability that a value is smaller counts all pairs, ties half', () => {
  assert.equal(probabilitySmaller([1, 2], [3, 4]), 1);
  assert.equal(probabilitySmaller([3, 4], [1, 2]), 0);
  assert.equal(probabilitySmaller([1, 2, 3], [1, 2, 3]), 0.5);
  const [a, b] = [
    [5, 1, 7, 7, 2],
    [7, 3, 5, 9],
  ] as const;
  let wins = 0;
  for (const x of a) for (const y of b) wins += x < y ? 1 : x === y ? 0.5 : 0;
  assert.equal(probabilitySmaller(a, b), wins / 20);
  assert.ok(Number.isNaN(probabilitySmaller([], [1])));
});

test('the random numbers are the same each time, fill [0, 1) evenly and differ by seed', () => {
  const draw = (seed: number) => {
    const random = createRandom(seed);
    return Array.from({ length: 10_000 }, random);
  };
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1).slice(0, 5), draw(2).slice(0, 5));
  const counts = new Array<number>(10).fill(0);
  for (const value of draw(5)) {
    assert.ok(value >= 0 && value < 1);
    counts[Math.floor(value * 10)]!++;
  }
  // chi-squared with 9 degrees of freedom: 27.9 is passed once in a thousand times
  assert.ok(counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0) < 27.9);
});

test("Tukey's far-out values are counted on both sides", () => {
  // with both extremes the quartiles stay 1025 - 0.5 and 1075 + 0.5: the fences are 871.5 and 1228.5
  const values = Array.from({ length: 101 }, (_, i) => 1000 + i);
  assert.equal(countFarOut(sortValues(values)), 0);
  assert.equal(countFarOut(sortMerged([values, [871, 1229]])), 2);
  assert.equal(countFarOut(sortMerged([values, [872, 1228]])), 0);
  assert.equal(countFarOut(sortValues([1, 1, 1])), 0);
});

test('a slow start is a warm-up, a level that stays or comes later is none', () => {
  const random = createRandom(9);
  const noisy = (level: number) => level * (1 + 0.02 * random());
  const settled = Array.from({ length: 1000 }, () => noisy(100));
  assert.equal(countWarmupSamples(settled), 0);
  const slow = settled.map((value, i) => (i < 150 ? value * 2 : value));
  assert.equal(countWarmupSamples(slow), 150);
  assert.equal(countWarmupSamples(settled.map((value, i) => (i < 3 ? value * 50 : value))), 3);
  assert.equal(countWarmupSamples(settled.map((value, i) => (i > 900 ? value * 2 : value))), 0);
  assert.equal(countWarmupSamples([9, 9, 9, 1, 1, 1, 1, 1]), 0);
});
