import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimateGcNs } from '../../../dist/runtime/read/gc-share.js';

const series = (stride: number, ...samples: [start: number, duration: number][]) => ({
  stride,
  startNs: samples.map(([start]) => start),
  durationNs: samples.map(([, duration]) => duration),
});
const collections = { startNs: [100, 300, 500], durationNs: [10, 20, 30] };
const LATER = 1e9;

test('collections count as far as they fell into calls', () => {
  assert.equal(estimateGcNs(series(1, [90, 15], [105, 2], [305, 100]), collections, LATER), 5 + 2 + 15);
  assert.equal(estimateGcNs(series(1, [110, 190], [600, 50]), collections, LATER), 0);
});

test('samples stand for the calls that were not kept', () => {
  assert.equal(estimateGcNs(series(4, [100, 5], [600, 1]), collections, LATER), 20);
});

test('calls that contain each other share a collection', () => {
  assert.equal(estimateGcNs(series(1, [100, 20], [95, 30], [90, 40]), collections, LATER), 10);
});

test('nothing is said of what lies after the last known turn of the event loop', () => {
  assert.equal(estimateGcNs(series(1, [90, 30]), collections, 0), null);
  assert.equal(estimateGcNs(series(1, [90, 30]), collections, 100), null);
  assert.equal(estimateGcNs(series(1, [90, 30]), collections, 119), 10);
});

test('a function that was not called has no collections', () => {
  assert.equal(estimateGcNs(series(1), collections, LATER), 0);
});
