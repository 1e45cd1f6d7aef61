import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitPower } from '../../../dist/report/statistics/fit-power.js';

const grow = (cost: (n: number) => number) =>
  Array.from({ length: 12 }, (_, i) => ({ value: 2 ** (i + 4), ns: cost(2 ** (i + 4)), calls: 10 }));

test('powers are found as they are, n log n between its neighbours', () => {
  for (const power of [0, 0.5, 1, 2, 3]) {
    const fit = fitPower(grow((n) => 7 * n ** power))!;
    assert.ok(Math.abs(fit.exponent - power) < 1e-9);
    assert.ok(fit.low <= fit.exponent && fit.exponent <= fit.high);
  }
  // between 2 ** 4 and 2 ** 15 the slope of n log n goes from 1.36 down to 1.1
  const { exponent } = fitPower(grow((n) => n * Math.log(n)))!;
  assert.ok(exponent > 1.1 && exponent < 1.36);
});

test('an interval holds the exponent of noisy points', () => {
  const points = grow((n) => n).map((point, i) => ({ ...point, ns: point.ns * (i % 2 === 0 ? 1.2 : 0.8) }));
  const fit = fitPower(points)!;
  assert.ok(fit.low < 1 && 1 < fit.high && fit.high - fit.low > 0.05);
});

test('nothing is said of too few calls, or of keys within two powers of two', () => {
  assert.equal(fitPower(grow((n) => n).map((point) => ({ ...point, calls: 4 }))), null);
  assert.equal(fitPower(grow((n) => n).slice(0, 2)), null);
  assert.equal(fitPower([4, 5, 6, 7].map((value) => ({ value, ns: value, calls: 9 }))), null);
  assert.equal(fitPower([0, -1, -2, -4].map((value) => ({ value, ns: 1, calls: 9 }))), null);
});
