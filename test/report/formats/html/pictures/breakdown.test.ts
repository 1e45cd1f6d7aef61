import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawBreakdown } from '../../../../../dist/report/formats/html/pictures/draw-breakdown.js';
import { renderBreakdown } from '../../../../../dist/report/formats/html/sections/breakdown-section.js';
import { findSides, type Side } from '../../../../../dist/report/formats/html/sides.js';
import type { BreakdownStats, FunctionStats } from '../../../../../dist/report/model.js';
import { makeFunction, makeReport } from '../sample-report.js';

/** Groups of powers of two from 1 on, each a call as long as its key in μs. */
function makeNumbers(count: number, factor = 1): BreakdownStats {
  return {
    expression: 'list.length',
    kind: 'number',
    groups: Array.from({ length: count }, (_, i) => ({
      label: String(2 ** i),
      low: 2 ** i,
      high: 2 ** (i + 1),
      stats: makeFunction({ name: 'a.js:f', calls: 20, medianNs: factor * 1000 * Math.SQRT2 * 2 ** i }),
    })),
    otherCalls: 0,
    errorCalls: 0,
    fit: { exponent: 1, low: 0.98, high: 1.02 },
  };
}

function sidesOf(by: BreakdownStats, baseline?: BreakdownStats): Side[] {
  const make = (breakdown: BreakdownStats): FunctionStats => ({
    ...makeFunction({ name: 'a.js:f', calls: 100, medianNs: 1000 }),
    by: breakdown,
  });
  const fn = { ...make(by), ...(baseline && { baseline: make(baseline) }) };
  return findSides(fn, makeReport([fn]));
}

const numbers = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, value]) => Number(value));

test('numbers are points along the curve that fits them, higher where calls take longer', () => {
  const { picture, caption } = drawBreakdown(sidesOf(makeNumbers(6)))!;
  const xs = numbers(picture.text, /<circle cx="([\d.]+)%"/g);
  const ys = numbers(picture.text, /<circle cx="[\d.]+%" cy="([\d.]+)"/g);
  assert.equal(xs.length, 6);
  for (let i = 1; i < 6; i++) assert.ok(xs[i]! > xs[i - 1]! && ys[i]! < ys[i - 1]!, `${xs} ${ys}`);
  // both axes are logarithmic: the curve of a power is straight, and passes through the points
  const path = /<path class="curve now" d="([^"]+)"/.exec(picture.text)![1]!;
  const line = [...path.matchAll(/[ML](\d+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
  for (const [i, x] of xs.entries()) {
    const near = line.reduce((a, b) => (Math.abs(b[0] - 10 * x) < Math.abs(a[0] - 10 * x) ? b : a));
    assert.ok(Math.abs(near[1] - ys[i]!) < 8, `${near} is not near ${x}, ${ys[i]}`);
  }
  assert.match(caption, /^6 groups, time ∝ n\^1\.00\./);
  assert.match(picture.text, /<title>Time by list\.length\. /);
});

test('two sides are drawn over each other', () => {
  const { picture, caption } = drawBreakdown(sidesOf(makeNumbers(4), makeNumbers(4, 2)))!;
  assert.match(picture.text, /<g class="group before">.*<g class="group now">/);
  assert.match(caption, /^baseline: 4 groups.*; now: 4 groups/);
});

test('a key of 0 is drawn; a single key, or one that is a text, is not', () => {
  const [one] = makeNumbers(1).groups;
  const zero = { ...makeNumbers(1), groups: [{ ...one!, low: 0, high: 0 }, one!], fit: null };
  assert.doesNotMatch(drawBreakdown(sidesOf(zero))!.picture.text, /NaN|Infinity/);
  assert.equal(drawBreakdown(sidesOf(makeNumbers(1))), null);
  assert.equal(drawBreakdown(sidesOf({ ...makeNumbers(3), kind: 'text' })), null);
});

test('each group has a row with a bar, texts beyond the tenth are counted', () => {
  const { groups } = makeNumbers(12);
  const texts: BreakdownStats = { ...makeNumbers(0), kind: 'text', groups, fit: null };
  const { text } = renderBreakdown(sidesOf(texts))!;
  assert.equal([...text.matchAll(/<td class="length">/g)].length, 10);
  assert.match(text, /by list\.length: 2 more with 40 calls/);
  assert.doesNotMatch(text, /<figure/);
  const named = { ...texts, groups: [{ ...groups[0]!, label: '<b>' }] };
  assert.match(renderBreakdown(sidesOf(named))!.text, /&lt;b&gt;/);
  assert.equal(
    renderBreakdown([{ ...sidesOf(texts)[0]!, fn: makeFunction({ name: 'a.js:f', calls: 1, medianNs: 1 }) }]),
    null,
  );
});

test('where calls are within others of the function, bars are own times, in a column of their own', () => {
  const outer = { ...makeFunction({ name: 'a.js:f', calls: 2, medianNs: 5000 }), selfNs: 1000 };
  const inner = { ...outer, calls: 8, outermostCalls: 0, totalNs: 0, selfNs: 4000 };
  const groups = [outer, inner].map((stats, i) => ({ label: `text ${i}`, low: null, high: null, stats }));
  const { text } = renderBreakdown(
    sidesOf({ ...makeNumbers(0), kind: 'text', groups: groups as BreakdownStats['groups'], fit: null }),
  )!;
  assert.match(text, /<span>Own<\/span>/);
  assert.deepEqual(numbers(text, /<rect width="([\d.]+)%/g), [25, 100]);
});
