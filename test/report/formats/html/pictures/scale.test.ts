import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  durationScale,
  linearScale,
  linearTicks,
  logScale,
} from '../../../../../dist/report/formats/html/pictures/scale.js';

test('ticks are round numbers within the range', () => {
  assert.deepEqual(linearTicks(0, 10, 5), [0, 2, 4, 6, 8, 10]);
  assert.deepEqual(linearTicks(0.13, 0.29, 4), [0.15, 0.2, 0.25]);
  assert.deepEqual(logScale(8, 1200).ticks(4), [10, 100, 1000]);
  assert.deepEqual(logScale(9, 110).ticks(5), [10, 20, 50, 100]);
});

test('place and value are inverse, places stay within the picture', () => {
  for (const scale of [linearScale(5, 25), logScale(5, 25_000)]) {
    for (const place of [0, 0.25, 0.5, 1])
      assert.ok(Math.abs(scale.place(scale.value(place)) - place) < 1e-12);
    assert.equal(scale.place(-1e9), 0);
    assert.equal(scale.place(1e12), 1);
  }
});

test('a scale is logarithmic only where durations span a wide range', () => {
  assert.equal(durationScale(800, 2000).kind, 'linear');
  assert.equal(durationScale(800, 80_000).kind, 'log');
});

test('any range of durations gives finite places and few ticks', () => {
  const duration = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e13, noNaN: true }));
  fc.assert(
    fc.property(duration, duration, (a, b) => {
      const scale = durationScale(Math.min(a, b), Math.max(a, b));
      const ticks = scale.ticks(5);
      assert.ok(ticks.length <= 12, `${ticks.length} ticks`);
      for (const value of [a, b, ...ticks]) assert.ok(scale.place(value) >= 0 && scale.place(value) <= 1);
    }),
  );
});
