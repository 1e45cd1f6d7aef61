import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advance, load, setReadingNs, start } from '../harness.js';

// Each reading of the clock takes 10 ns here, and nothing else that we do takes time: a measured call adds 10 ns to
// itself and 20 ns to what encloses it.
setReadingNs(10);
const runtime = start({ raw: false });

const CALLS = 300;

test('what measuring adds is found out and subtracted from calls and all that encloses them', () => {
  const { call, read } = load(runtime, { parent: 'sync', middle: 'sync', child: 'sync' });
  call('parent', () => {
    advance(1000);
    call('middle', () => {
      // enough for the series to grow several times
      for (let i = 0; i < CALLS; i++) call('child', () => advance(100));
    });
  });
  const { callInnerNs, callOuterNs, corrected } = runtime.collect();
  assert.deepEqual([callInnerNs, callOuterNs, corrected], [10, 20, true]);
  assert.deepEqual([read('child').minNs, read('child').maxNs], [100, 100]);
  assert.equal(read('middle').totalNs, 100 * CALLS);
  assert.deepEqual([read('parent').totalNs, read('parent').selfNs], [1000 + 100 * CALLS, 1000]);
});

test('is subtracted from async calls too, where their own code ran', () => {
  const { call, start, read } = load(runtime, { f: 'async', child: 'sync' });
  const f = start('f');
  call('child', () => advance(100));
  f.pause(0);
  advance(5000);
  f.resume();
  advance(50);
  f.end(undefined);
  assert.deepEqual([read('f').activeNs, read('f').selfNs], [150, 50]);
  // Reading the clock at the end of a pause is within the wait.
  assert.ok(Math.abs(read('f').totalNs - 5150) <= 20, `${read('f').totalNs}`);
});

test('never makes a call shorter than nothing, or than what it called', () => {
  const { call, read } = load(runtime, { parent: 'sync', child: 'sync' });
  setReadingNs(4); // cheaper than when it was calibrated
  call('parent', () => {
    for (let i = 0; i < 20; i++) call('child', () => advance(i % 2));
  });
  setReadingNs(10);
  const [parent, child] = [read('parent'), read('child')];
  assert.equal(child.minNs, 0);
  assert.ok(parent.totalNs >= child.totalNs && child.totalNs >= 0);
  assert.equal(parent.selfNs + child.selfNs, parent.totalNs);
});
