import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bootstrapRatio } from '../../../dist/report/statistics/block-bootstrap.js';
import { median } from '../../../dist/report/statistics/quantiles.js';
import { createRandom } from '../../../dist/report/statistics/random.js';
import { cutIntoCells, measureInterleaving } from '../../../dist/report/statistics/time-cells.js';
import { WeightedMedian } from '../../../dist/report/statistics/weighted-median.js';

const series = (durationNs: readonly number[], first = 0, step = 2) => ({
  durationNs,
  startNs: durationNs.map((_, i) => first + i * step),
});

/** Noise whose neighbours depend on each other: a first-order autoregression with the given memory. */
function correlatedNoise(random: () => number, count: number, memory: number): number[] {
  let state = 0;
  return Array.from({ length: count }, () => {
    const gauss = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return (state = memory * state + Math.sqrt(1 - memory * memory) * gauss);
  });
}

test('a weighted median is the median of the values repeated as often as they weigh', () => {
  const random = createRandom(4);
  const values = Array.from({ length: 501 }, () => Math.floor(random() * 50));
  const cells = Int32Array.from(values, () => Math.floor(random() * 12));
  const weighted = new WeightedMedian(values, cells, 12);
  for (let trial = 0; trial < 200; trial++) {
    const weights = Float64Array.from({ length: 12 }, () => Math.floor(random() * 4));
    const repeated = values.flatMap((value, i) => new Array<number>(weights[cells[i]!]!).fill(value));
    if (repeated.length === 0) assert.ok(Number.isNaN(weighted.of(weights)));
    else assert.equal(weighted.of(weights), median(repeated));
  }
});

test('calls that take turns interleave, calls one after the other do not', () => {
  const measure = (a: Parameters<typeof cutIntoCells>[0], b: typeof a) =>
    measureInterleaving(cutIntoCells(a, b, 20));
  const hundred = new Array<number>(100).fill(1);
  assert.ok(measure(series(hundred, 0), series(hundred, 1)) > 0.95);
  // one of them a hundred times as often
  assert.ok(measure(series(new Array<number>(10_000).fill(1), 0, 1), series(hundred, 0, 100)) > 0.95);
  assert.ok(measure(series(hundred, 0), series(hundred, 1000)) < 0.1);
  assert.ok(measure(series(hundred, 1000), series(hundred, 0)) < 0.1);
  // the second begins when the first is half done
  const half = measure(series(hundred, 0), series(hundred, 100));
  assert.ok(half > 0.3 && half < 0.7, String(half));
  // all of A, all of B, all of A, all of B: turns, but only two of them
  const two = hundred.map((_, i) => (i < 50 ? i : 1000 + i));
  const between = hundred.map((_, i) => (i < 50 ? 500 + i : 2000 + i));
  assert.ok(measure({ startNs: two, durationNs: hundred }, { startNs: between, durationNs: hundred }) < 0.2);
});

test('the ratio is that of the medians, and the result is the same each time', () => {
  const random = createRandom(2);
  const before = series(
    Array.from({ length: 301 }, () => 100 + random()),
    0,
  );
  const after = series(
    Array.from({ length: 301 }, () => 80 + random()),
    1,
  );
  const result = bootstrapRatio(before, after);
  assert.equal(result.logRatio, Math.log(median(after.durationNs) / median(before.durationNs)));
  assert.deepEqual(result.interval(0.95), bootstrapRatio(before, after).interval(0.95));
  const [wide, narrow] = [result.interval(0.95), result.interval(0.9)];
  assert.ok(wide.low <= narrow.low && narrow.low <= result.logRatio);
  assert.ok(wide.high >= narrow.high && narrow.high >= result.logRatio);
  assert.equal(result.pValueAbove(Math.log(0.5)) < 1e-6, true);
  assert.equal(result.pValueAbove(0), 1);
});

test('the interval holds the truth in about 95 of 100 recordings of calls that depend on each other', () => {
  const random = createRandom(11);
  let misses = 0;
  const trials = 300;
  for (let trial = 0; trial < trials; trial++) {
    // 400 calls each; drift that both share, and memory of ten calls that each has alone
    const drift = correlatedNoise(random, 400, 0.99);
    const noise = () => correlatedNoise(random, 400, 0.8).map((value, i) => 0.05 * value + 0.2 * drift[i]!);
    const before = series(
      noise().map((value) => 1000 * Math.exp(value)),
      0,
    );
    const after = series(
      noise().map((value) => 1100 * Math.exp(value)),
      1,
    );
    const { low, high } = bootstrapRatio(before, after).interval(0.95);
    if (low > Math.log(1.1) || high < Math.log(1.1)) misses++;
  }
  // expected 15; independent resampling of single calls misses in more than 100
  assert.ok(misses <= 30, `${misses} of ${trials} intervals missed`);
  assert.ok(misses >= 2, `${misses} of ${trials} intervals missed: they are too wide to be of use`);
});
