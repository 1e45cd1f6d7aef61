import assert from 'node:assert/strict';
import { test } from 'node:test';
import pragmastat from 'pragmastat';
import { normalCdf, normalQuantile } from '../../../../dist/report/statistics/normal.js';
import { createRandom } from '../../../../dist/report/statistics/random.js';
import {
  shiftBetween,
  shiftWithinPairs,
} from '../../../../dist/report/statistics/rank-tests/hodges-lehmann.js';
import {
  mannWhitneyCdf,
  mannWhitneyCritical,
} from '../../../../dist/report/statistics/rank-tests/mann-whitney.js';
import {
  signedRankCdf,
  signedRankCritical,
} from '../../../../dist/report/statistics/rank-tests/signed-rank.js';

const near = (actual: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

test('Φ and its inverse are those of SciPy 1.17', () => {
  // scipy.stats.norm.cdf and .ppf
  near(normalCdf(-3), 0.0013498980316300957, 1e-15);
  near(normalCdf(-0.5), 0.3085375387259869, 1e-15);
  near(normalCdf(2.5), 0.9937903346742238, 1e-15);
  near(normalCdf(-6), 9.865876450376946e-10, 1e-15);
  near(normalQuantile(0.025), -1.959963984540054, 1e-12);
  near(normalQuantile(0.95), 1.6448536269514722, 1e-12);
  near(normalQuantile(0.001), -3.090232306167813, 1e-12);
});

test('critical values of U are those of the printed tables (Mann and Whitney; Siegel, table K; two-sided 5 %)', () => {
  // rows n1 = 4 … 10, columns n2 = n1 … 20 of the usual table for alpha = 0.05, two-sided
  const table: Record<number, readonly [number, readonly number[]]> = {
    4: [4, [0, 1, 2, 3, 4, 4, 5, 6, 7, 8, 9, 10, 11, 11, 12, 13, 14]],
    5: [5, [2, 3, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 17, 18, 19, 20]],
    8: [8, [13, 15, 17, 19, 22, 24, 26, 29, 31, 34, 36, 38, 41]],
    10: [10, [23, 26, 29, 33, 36, 39, 42, 45, 48, 52, 55]],
    20: [20, [127]],
  };
  for (const [n, [from, values]] of Object.entries(table)) {
    for (const [i, value] of values.entries()) {
      assert.equal(mannWhitneyCritical(0.025, Number(n), from + i), value, `n ${n}, m ${from + i}`);
    }
  }
  assert.equal(mannWhitneyCritical(0.025, 3, 3), -1);
});

test('P(U ≤ u) is that of SciPy 1.17, exact and approximated', () => {
  // scipy.stats._mannwhitneyu._MWU(n, m).cdf(u)
  near(mannWhitneyCdf(0, 4, 4), 0.014285714285714285, 1e-15);
  near(mannWhitneyCdf(2, 5, 5), 0.015873015873015872, 1e-15);
  near(mannWhitneyCdf(18, 7, 12), 0.022465666428514726, 1e-14);
  near(mannWhitneyCdf(23, 10, 10), 0.021628526272489117, 1e-14);
  near(mannWhitneyCdf(127, 20, 20), 0.02454516259468622, 1e-14);
  near(mannWhitneyCdf(400, 30, 40), 0.008610010440408775, 1e-14);
  // large samples: the normal approximation against SciPy's exact count
  near(mannWhitneyCdf(1700, 60, 70), 0.030965826915106895, 5e-4);
  const critical = mannWhitneyCritical(0.025, 60, 70);
  assert.ok(mannWhitneyCdf(critical, 60, 70) <= 0.025 && mannWhitneyCdf(critical + 1, 60, 70) > 0.025);
});

test("critical values of Wilcoxon's T are those of the printed tables (two-sided 5 %)", () => {
  // n = 6 … 30, Wilcoxon and Wilcox (1964)
  const table = [
    0, 2, 3, 5, 8, 10, 13, 17, 21, 25, 29, 34, 40, 46, 52, 58, 65, 73, 81, 89, 98, 107, 116, 126, 137,
  ];
  for (const [i, value] of table.entries())
    assert.equal(signedRankCritical(0.025, 6 + i), value, `n ${6 + i}`);
  assert.equal(signedRankCritical(0.025, 5), -1);
});

test('P(W ≤ w) is what counting all signs gives', () => {
  for (const n of [1, 4, 9]) {
    for (let w = 0; w <= (n * (n + 1)) / 2; w++) {
      let count = 0;
      for (let signs = 0; signs < 2 ** n; signs++) {
        let sum = 0;
        for (let rank = 1; rank <= n; rank++) if (signs & (1 << (rank - 1))) sum += rank;
        if (sum <= w) count++;
      }
      near(signedRankCdf(w, n), count / 2 ** n, 1e-15);
    }
  }
  // beyond a hundred pairs: the normal approximation against scipy's exact WilcoxonDistribution(120).cdf(3000)
  near(signedRankCdf(3000, 120), 0.04967755497344597, 5e-4);
});

test("R's printed examples: wilcox.test of Hollander and Wolfe's depression and permeability data", () => {
  // R: wilcox.test(x, y, paired = TRUE, alternative = "greater") gives V = 40, p-value = 0.01953
  const x = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
  const y = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
  const pairs = shiftWithinPairs(x.map((value, i) => value - y[i]!));
  near(pairs.pValueAbove(0), 0.01953125, 1e-12);
  // their own worked example: the estimate is 0.46, the interval (0.010, 0.786)
  near(pairs.estimate, 0.46, 1e-12);
  near(pairs.interval(0.95)!.low, 0.01, 1e-12);
  near(pairs.interval(0.95)!.high, 0.786, 1e-12);
  // R: wilcox.test(x, y, alternative = "g") gives W = 35, p-value = 0.1272
  const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
  const early = [1.15, 0.88, 0.9, 0.74, 1.21];
  near(shiftBetween(early, term).pValueAbove(0), 0.1272061272061272, 1e-12);
});

test('shift and interval are those of pragmastat, between samples and within pairs', () => {
  const random = createRandom(1);
  const { Sample } = pragmastat;
  for (const [n, m] of [
    [5, 5],
    [5, 9],
    [10, 10],
    [17, 12],
  ] as const) {
    const before = Array.from({ length: n }, () => random() * 3);
    const after = Array.from({ length: m }, () => random() * 3 + 0.4);
    const shift = shiftBetween(before, after);
    // pragmastat's margin is the first that reaches the misrate, ours the last that does not pass it, as in R
    const misrate = 2 * mannWhitneyCdf(mannWhitneyCritical(0.025, n, m), n, m) * (1 - 1e-9);
    const bounds = pragmastat.shiftBounds(Sample.of(after), Sample.of(before), misrate);
    near(shift.estimate, pragmastat.shift(Sample.of(after), Sample.of(before)).value, 1e-9);
    near(shift.interval(0.95)!.low, bounds.lower, 1e-9);
    near(shift.interval(0.95)!.high, bounds.upper, 1e-9);
    if (n < 6) continue;
    const pairs = shiftWithinPairs(before);
    const pairsMisrate = 2 * signedRankCdf(signedRankCritical(0.025, n), n) * (1 - 1e-9);
    const center = pragmastat.centerBounds(Sample.of(before), pairsMisrate);
    near(pairs.estimate, pragmastat.center(Sample.of(before)).value, 1e-9);
    near(pairs.interval(0.95)!.low, center.lower, 1e-9);
    near(pairs.interval(0.95)!.high, center.upper, 1e-9);
  }
});

test('too few values give no interval', () => {
  assert.equal(shiftBetween([1, 2, 3], [1, 2, 3]).interval(0.95), null);
  assert.notEqual(shiftBetween([1, 2, 3], [1, 2, 3]).interval(0.9), null);
  assert.equal(shiftWithinPairs([1, 2, 3, 4, 5]).interval(0.95), null);
});

test('p-value and interval agree: a bound of the 95 % interval has a one-sided p around 2.5 %', () => {
  const before = [5, 8, 1, 9, 4, 7, 3, 6, 2, 10].map((value) => value + value * value * 0.01);
  const shift = shiftBetween(
    before,
    before.map((value) => value * 1.1 + 7),
  );
  const { low } = shift.interval(0.95)!;
  assert.ok(shift.pValueAbove(low - 1e-9) <= 0.025);
  assert.ok(shift.pValueAbove(low + 1e-9) > 0.025);
  near(shift.smallestP, 1 / 184756, 1e-18);
});

test('ties count against a finding', () => {
  const same = shiftBetween([1, 1, 1, 1, 1], [1, 1, 1, 1, 1]);
  assert.deepEqual([same.estimate, same.interval(0.95)], [0, { low: 0, high: 0 }]);
  assert.ok(same.pValueAbove(0) > 0.5);
});
