import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isStalled } from '../../../dist/commands/ab/watch-turns.js';

const startedMs = 1_000;

test('where both take turns, ten seconds without handing over are too many', () => {
  const times = { startedMs, joinedMs: [1_500, 1_600] as const, handedOverMs: 9_000 };
  assert.equal(isStalled(times, 18_900), false);
  assert.equal(isStalled(times, 19_100), true);
});

test('a turn begins when the second one joins, if none has ended yet', () => {
  const times = { startedMs, joinedMs: [1_500, 9_000] as const, handedOverMs: 1_500 };
  assert.equal(isStalled(times, 18_900), false);
  assert.equal(isStalled(times, 19_100), true);
});

test('who starts slowly gives the other one time to start too', () => {
  const slow = { startedMs, joinedMs: [null, 21_000] as const, handedOverMs: 21_000 };
  assert.equal(isStalled(slow, 80_000), false);
  assert.equal(isStalled(slow, 82_000), true);
  const fast = { startedMs, joinedMs: [1_100, null] as const, handedOverMs: 1_100 };
  assert.equal(isStalled(fast, 11_000), false);
  assert.equal(isStalled(fast, 11_200), true);
});

test('nobody waits where nobody has called a target', () => {
  assert.equal(isStalled({ startedMs, joinedMs: [null, null], handedOverMs: 1_000 }, 1e9), false);
});
