import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  countBeyond,
  histogramQuantile,
  rebin,
} from '../../../../../../dist/report/formats/html/pictures/layout/rebin.js';
import { durationScale, linearScale } from '../../../../../../dist/report/formats/html/pictures/scale.js';
import { countSamples } from '../../../../../../dist/report/statistics/quantiles.js';
import { makeHistogram, makeRandom } from '../../sample-report.js';

const samples = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 60 });

test('no sample is lost or counted twice where the scale holds all', () => {
  fc.assert(
    fc.property(samples, fc.integer({ min: 1, max: 160 }), (durations, bins) => {
      const scale = durationScale(0, Math.max(...durations) * 1.01 + 2);
      const sum = rebin(makeHistogram(durations), scale, bins).reduce((a, b) => a + b, 0);
      // below the floor of a logarithmic scale everything is at its lower end
      assert.ok(sum <= 1 + 1e-6 && sum > (scale.kind === 'linear' ? 1 - 1e-6 : 0), `${sum}`);
    }),
  );
});

test('a bucket that spans several bins is spread evenly over them: no comb', () => {
  const random = makeRandom(3);
  const histogram = makeHistogram(Array.from({ length: 50_000 }, () => 100 + Math.floor(random() * 20)));
  const shares = rebin(histogram, linearScale(100, 120), 64);
  assert.ok(Math.min(...shares) > 0.8 / 64, `${Math.min(...shares)}`);
  assert.ok(Math.max(...shares) < 1.2 / 64, `${Math.max(...shares)}`);
});

test('quantiles agree with those of the samples to the precision of the buckets', () => {
  const random = makeRandom(5);
  const durations = Array.from({ length: 4000 }, () => 1e6 * Math.exp(random() * 3));
  const sorted = [...durations].sort((a, b) => a - b);
  for (const p of [0.01, 0.25, 0.5, 0.9, 0.99]) {
    const exact = sorted[Math.ceil(p * sorted.length) - 1]!;
    assert.ok(Math.abs(histogramQuantile(makeHistogram(durations), p)! / exact - 1) < 0.005, `p = ${p}`);
  }
});

test('an empty histogram has no quantile and no share', () => {
  const empty = { indices: [], counts: [] };
  assert.equal(histogramQuantile(empty, 0.5), null);
  assert.deepEqual(rebin(empty, linearScale(0, 1), 3), [0, 0, 0]);
});

test('samples beyond a duration are counted', () => {
  const histogram = makeHistogram([10, 20, 30, 4000, 5000]);
  assert.equal(countSamples(histogram), 5);
  assert.equal(countBeyond(histogram, 3000), 2);
});
