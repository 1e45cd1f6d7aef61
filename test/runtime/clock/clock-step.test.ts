import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../../../dist/report/statistics/random.js';
import { findStepNs, measureClockStepNs } from '../../../dist/runtime/clock/clock-step.js';

/** Distances between readings of a clock that counts in steps and says whole nanoseconds. */
function readEvery(stepNs: number, costNs: number, noiseNs: number): number[] {
  const random = createRandom(7);
  let atNs = 0;
  let last = 0;
  return Array.from({ length: 1000 }, (_, i) => {
    const pauseNs = random() < 0.01 ? 700 * random() : 0;
    atNs += costNs + (i % 16) * 6 + noiseNs * random() + pauseNs;
    const now = Math.floor(Math.floor(atNs / stepNs) * stepNs);
    const distance = now - last;
    last = now;
    return distance;
  });
}

test('the steps of a clock are found in the distances between its readings', () => {
  for (const stepNs of [8.2, 10, 18.5, 125 / 3, 100]) {
    for (const costNs of [25, 60]) {
      const found = findStepNs(readEvery(stepNs, costNs, 5));
      assert.ok(Math.abs(found - stepNs) < 0.02 * stepNs, `${found} instead of ${stepNs}`);
    }
  }
});

test('a clock without visible steps is not said to have any', () => {
  for (const costNs of [25, 60, 150]) assert.equal(findStepNs(readEvery(1, costNs, 5)), 1);
  assert.equal(findStepNs([]), 1);
  assert.equal(findStepNs(new Array(1000).fill(30)), 1);
});

test('the clock of this machine has a step', () => {
  const stepNs = measureClockStepNs();
  assert.ok(stepNs >= 1 && stepNs <= 1000, `${stepNs}`);
});
