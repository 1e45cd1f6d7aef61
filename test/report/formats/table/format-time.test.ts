import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  formatBytes,
  formatPercent,
  formatSigned,
  formatTime,
} from '../../../../dist/report/formats/table/format-time.js';
import { formatCount, formatCounted } from '../../../../dist/shared/text/format-count.js';

test('times have at least three significant digits in the unit that keeps them below 1,000', () => {
  const expected: [ns: number, text: string][] = [
    [0, '0ns'],
    [0.5, '0.50ns'],
    [7.25, '7.25ns'],
    [35.04, '35.0ns'],
    [999.4, '999ns'],
    [999.5, '1.00μs'],
    [9_994, '9.99μs'],
    [9_995, '10.0μs'],
    [99_940, '99.9μs'],
    [99_950, '100μs'],
    [856_000, '856μs'],
    [999_499, '999μs'],
    [999_500, '1.00ms'],
    [2_270_000, '2.27ms'],
    [227e6, '227ms'],
    [1.5e9, '1.50s'],
    [61.25e9, '61.3s'],
    [3_600e9, '3,600s'],
    [-12.5, '-12.5ns'],
  ];
  for (const [ns, text] of expected) assert.equal(formatTime(ns), text);
});

test('bytes have three significant digits from a thousand on', () => {
  const expected: [bytes: number, text: string][] = [
    [0, '0B'],
    [0.4, '0B'],
    [263.7, '264B'],
    [999.4, '999B'],
    [1_008, '1.01kB'],
    [100_480, '100kB'],
    [999_600, '1.00MB'],
    [12_345_678, '12.3MB'],
    [5.5e12, '5,500GB'],
  ];
  for (const [bytes, text] of expected) assert.equal(formatBytes(bytes), text);
});

test('what is shown is within half a unit of the third digit', () => {
  const units = { ns: 1, μs: 1e3, ms: 1e6, s: 1e9 } as const;
  fc.assert(
    fc.property(fc.double({ min: 1, max: 9e11, noNaN: true }), (ns) => {
      const [, digits, unit] = /^([\d,.]+)(ns|μs|ms|s)$/.exec(formatTime(ns)) ?? [];
      const shown = Number(digits!.replaceAll(',', '')) * units[unit as keyof typeof units];
      assert.ok(Math.abs(shown - ns) <= ns * 0.00501, `${ns} shown as ${digits}${unit}`);
      if (unit !== 's') assert.ok(Number(digits) < 1000);
      assert.ok(digits!.replace(/\D/g, '').length >= 3);
    }),
  );
});

test('counts have their thousands apart', () => {
  assert.deepEqual([0, 999, 1000, 1234567].map(formatCount), ['0', '999', '1,000', '1,234,567']);
  assert.deepEqual(
    [formatCounted(0, 'call'), formatCounted(1, 'call'), formatCounted(2000, 'process', 'processes')],
    ['0 calls', '1 call', '2,000 processes'],
  );
});

test('changes have a sign and one decimal, large ones none, those near -100 % more, and zero no direction', () => {
  const expected: [number, string][] = [
    [-62.31, '-62.3%'],
    [5, '+5.0%'],
    [-0.04, '+0.0%'],
    [0, '+0.0%'],
    [999.94, '+999.9%'],
    [999.95, '+1,000%'],
    [12345.6, '+12,346%'],
    [-99.94, '-99.9%'],
    [-99.981, '-99.98%'],
    [-99.9997, '-99.9997%'],
    [-100, '-100.0%'],
  ];
  for (const [percent, text] of expected) assert.equal(formatPercent(percent), text);
  assert.equal(formatSigned(-0.06), '-0.1');
});
