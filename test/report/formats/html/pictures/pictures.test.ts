import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html } from '../../../../../dist/report/formats/html/markup.js';
import { drawChart } from '../../../../../dist/report/formats/html/pictures/chart.js';
import { drawDeltas } from '../../../../../dist/report/formats/html/pictures/draw-deltas.js';
import {
  chooseBins,
  drawDistribution,
} from '../../../../../dist/report/formats/html/pictures/draw-distribution.js';
import { drawPercentiles } from '../../../../../dist/report/formats/html/pictures/draw-percentiles.js';
import { drawRuns } from '../../../../../dist/report/formats/html/pictures/draw-runs.js';
import { drawSparkline } from '../../../../../dist/report/formats/html/pictures/draw-sparkline.js';
import { drawTimeline } from '../../../../../dist/report/formats/html/pictures/draw-timeline.js';
import { linearScale } from '../../../../../dist/report/formats/html/pictures/scale.js';
import { findSides } from '../../../../../dist/report/formats/html/sides.js';
import type { FunctionStats, Report } from '../../../../../dist/report/model.js';
import {
  makeBaselineReport,
  makeBeforeAfter,
  makeDelta,
  makeFunction,
  makeReport,
} from '../sample-report.js';

const timeline = { mostDots: 700, columns: 300 };

/** Values of an attribute of the elements that match a pattern of their start tag, as numbers. */
function attribute(text: string, tag: RegExp, name: string): number[] {
  return [...text.matchAll(new RegExp(tag, 'g'))].map(([start]) => {
    const value = new RegExp(` ${name}="(-?[\\d.]+)%?"`).exec(start!)?.[1];
    return Number(value);
  });
}

test('whiskers lie on a logarithmic axis: half the time is as far from the middle as twice the time', () => {
  const functions = [
    makeFunction({ name: 'a.js:half', calls: 9, medianNs: 50, delta: makeDelta('b', -50, 4, 'faster') }),
    makeFunction({ name: 'a.js:twice', calls: 9, medianNs: 50, delta: makeDelta('b', 100, 4, 'slower') }),
  ];
  const text = drawDeltas(functions, 2)!.text;
  const [half, twice] = attribute(text, /<circle class="point[^>]*>/, 'cx') as [number, number];
  const [equal] = attribute(text, /<line class="equal"[^>]*>/, 'x1') as [number];
  assert.ok(half < equal && equal < twice);
  assert.ok(Math.abs(equal - half - (twice - equal)) < 0.21, `${half}, ${equal}, ${twice}`);
});

test('the margin is shaded around equality and each point lies between the ends of its whisker', () => {
  const text = drawDeltas(makeBaselineReport().functions, 2)!.text;
  const left = attribute(text, /<rect class="margin"[^>]*>/, 'x');
  const width = attribute(text, /<rect class="margin"[^>]*>/, 'width');
  assert.equal(left.length, 7);
  const equal = attribute(text, /<line class="equal"[^>]*>/, 'x1');
  for (const i of left.keys()) assert.ok(Math.abs(left[i]! + width[i]! / 2 - equal[i]!) < 0.2);
  const points = attribute(text, /<circle class="point[^>]*>/, 'cx');
  const lows = attribute(text, /<g class="interval [a-z]+"><line [^>]*>/, 'x1');
  const highs = attribute(text, /<g class="interval [a-z]+"><line [^>]*>/, 'x2');
  for (const i of points.keys()) assert.ok(lows[i]! < points[i]! && points[i]! < highs[i]!);
});

test('a delta without an interval has a point and no whisker; impossible ratios stay inside the picture', () => {
  const functions = [
    makeFunction({ name: 'a.js:f', calls: 9, medianNs: 50, delta: makeDelta('b', -100, null, null) }),
    makeFunction({ name: 'a.js:g', calls: 9, medianNs: 50, delta: makeDelta('b', 1e9, null, null) }),
  ];
  const text = drawDeltas(functions, null)!.text;
  assert.doesNotMatch(text, /<g class="interval|class="margin"|NaN|Infinity/);
  for (const x of attribute(text, /<circle[^>]*>/, 'cx')) assert.ok(x >= 0 && x <= 100, `${x}`);
});

test('functions of one name are told apart by their files beside their whiskers', () => {
  const functions = ['a.js:parse', 'b.js:parse', 'b.js:print'].map((name) =>
    makeFunction({ name, calls: 9, medianNs: 50, delta: makeDelta(name, 3, 1, 'slower') }),
  );
  const { text } = drawDeltas(functions, 2)!;
  assert.equal(text.match(/<span class="who namesake">/g)!.length, 2);
  assert.equal(text.match(/<span class="who">/g)!.length, 1);
});

test('of very many deltas the clear ones are drawn and the rest is said to be in the table', () => {
  const functions = Array.from({ length: 90 }, (_, i) =>
    makeFunction({
      name: `a.js:f${i}`,
      calls: 3,
      medianNs: 50,
      delta: makeDelta('b', i === 0 ? 3 : 50 + i, 0.5, i === 0 ? 'slower' : 'unsure'),
    }),
  );
  const text = drawDeltas(functions, 2)!.text;
  assert.equal(text.match(/<li>/g)!.length, 40);
  assert.match(text, /f0/);
  assert.match(text, /50 others/);
});

test('both sides are laid over each other with a median each; the first row of -x stands alone', () => {
  const report = makeBeforeAfter();
  const [before, after] = report.functions;
  assert.equal(findSides(before!, report).length, 1);
  const sides = findSides(after!, report);
  assert.deepEqual(
    sides.map((side) => side.label),
    ['before()', 'after()'],
  );
  const { picture } = drawDistribution(sides)!;
  assert.equal(picture.text.match(/class="area /g)!.length, 2);
  const marks = attribute(picture.text, /<line class="mark[^>]*>/, 'x1') as [number, number];
  assert.ok(marks[0] > marks[1], 'the median before is the longer one');
});

test('against a baseline the sides are its function and this one', () => {
  const report = makeBaselineReport();
  assert.deepEqual(
    findSides(report.functions[1]!, report).map(({ label, fn }) => [label, fn.runs.length]),
    [
      ['baseline', 10],
      ['now', 10],
    ],
  );
});

test('against a base its sides are called base and current, with -x by their names, unless these are equal', () => {
  const report = makeBaselineReport();
  const comparison = { ...report.comparison!, kind: 'base' as const, source: 'main' };
  const labels = (fn: FunctionStats, of: Report) => findSides(fn, of).map((side) => side.label);
  assert.deepEqual(labels(report.functions[0]!, { ...report, comparison }), ['base', 'current']);

  const old = makeFunction({ name: 'old.js:parse', calls: 9, medianNs: 50 });
  const delta = makeDelta('old.js:parse', 1, 1, 'same');
  const same = makeFunction({ name: 'new.js:parse', calls: 9, medianNs: 50, delta });
  assert.deepEqual(labels(same, makeReport([old, same])), ['before', 'now']);
});

test('bins follow Freedman and Diaconis within bounds', () => {
  const [side] = findSides(
    makeFunction({ name: 'a:f', calls: 1000, medianNs: 5000, spread: 0.1 }),
    makeReport([]),
  );
  const wide = chooseBins([side!], linearScale(3000, 8000));
  // IQR of a normal is 1.349 σ: width 2 · 675 / 10 = 135 of 5000
  assert.ok(wide > 30 && wide < 46, `${wide}`);
  assert.equal(chooseBins([side!], linearScale(0, 1e9)), 160);
});

test('percentile curves rise and end where the calls end', () => {
  const { picture, caption } = drawPercentiles(
    findSides(makeBeforeAfter().functions[0]!, makeBeforeAfter()),
  )!;
  const path = /class="curve now" d="([^"]+)"/.exec(picture.text)![1]!;
  const ys = [...path.matchAll(/[ML][\d.]+ ([\d.]+)/g)].map((match) => Number(match[1]));
  assert.ok(ys.length > 40);
  for (const [i, y] of ys.entries())
    if (i > 0) assert.ok(y <= ys[i - 1]!, 'a percentile is never below the one before');
  assert.match(picture.text, /99%/);
  assert.doesNotMatch(picture.text, /99\.9%/); // 600 calls cannot tell
  assert.match(caption, /90% of calls took at most/);
});

test('the words beside the percentiles are the numbers of the function, as far as its calls can tell', () => {
  const describe = (calls: number) => {
    const fn = makeFunction({ name: 'a.js:f', calls, medianNs: 5000 });
    return drawPercentiles(findSides({ ...fn, p90Ns: 7770, p99Ns: 8880 }, makeReport([fn])))?.caption;
  };
  assert.match(describe(100)!, /^90% of calls took at most 7\.77\u202fμs, 99% at most 8\.88\u202fμs\./);
  assert.match(describe(99)!, /^90% of calls took at most 7\.77\u202fμs\./);
  assert.equal(describe(9), undefined);
});

test('the timeline shades the warm-up and marks garbage collections of its own thread', () => {
  const report = makeBeforeAfter();
  const drawn = drawTimeline(report.functions[1]!, report, timeline)!;
  const [width] = attribute(drawn.picture.text, /<rect class="warmup"[^>]*>/, 'width');
  assert.ok(width! > 80 && width! < 250, `${width}`);
  assert.match(drawn.picture.text, /class="collections"/);
  assert.match(drawn.caption, /22 garbage collections/);
  assert.equal(/class="dots" d="([^"]+)"/.exec(drawn.picture.text)![1]!.match(/h0/g)!.length, 600);

  const elsewhere = { ...report, collections: report.collections!.map((each) => ({ ...each, thread: 3 })) };
  assert.doesNotMatch(
    drawTimeline(report.functions[1]!, elsewhere, timeline)!.picture.text,
    /class="collections"/,
  );
});

test('many calls are drawn as columns, not as dots, in bounded size', () => {
  const fn = makeFunction({ name: 'a.js:f', calls: 8192, medianNs: 5000 });
  const { picture } = drawTimeline(fn, makeReport([fn]), timeline)!;
  assert.doesNotMatch(picture.text, /class="dots"/);
  assert.ok(picture.text.length < 15_000, `${picture.text.length}`);
});

test('labels stand under their ticks, close to the ends of the axis too', () => {
  const { text } = drawChart({
    title: '',
    heightPx: 100,
    body: html``,
    xTicks: [0, 0.05, 0.95, 1].map((place) => ({ place, label: `${place}` })),
  });
  assert.deepEqual(
    [...text.matchAll(/text-anchor="(\w+)">/g)].map((match) => match[1]),
    ['start', 'middle', 'middle', 'end'],
  );
});

test('runs show a dot each; one run shows nothing', () => {
  const report = makeBaselineReport();
  assert.equal(drawRuns(findSides(report.functions[0]!, report))!.picture.text.match(/<circle/g)!.length, 20);
  assert.equal(drawRuns(findSides(makeBeforeAfter().functions[0]!, makeBeforeAfter())), null);
});

test('functions with no call, one call, equal calls or calls of 0 ns draw without nonsense', () => {
  for (const [calls, medianNs] of [
    [0, 0],
    [1, 500],
    [40, 0],
    [2, 1],
  ] as const) {
    const fn = makeFunction({ name: 'a.js:f', calls, medianNs, spread: 0 });
    const report = makeReport([fn]);
    const sides = findSides(fn, report);
    const all = [
      drawDistribution(sides),
      drawPercentiles(sides),
      drawTimeline(fn, report, timeline),
      drawRuns(sides),
    ];
    const text =
      all.map((drawn) => `${drawn?.picture.text} ${drawn?.caption}`).join('') +
      drawSparkline(fn.histogram).text;
    assert.doesNotMatch(text, /NaN|Infinity/, `${calls} calls of ${medianNs} ns`);
    assert.equal(all[0] === null, calls === 0);
  }
});
