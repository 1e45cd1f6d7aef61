import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SiteIndex } from '../../../dist/runtime/contract.js';
import { advance, load, start } from '../harness.js';

const FUNCTIONS = 1200;

test('series share one budget: when it is spent the longest give up half, and all stay in order', () => {
  const runtime = start();
  const names = Array.from({ length: FUNCTIONS }, (_, index) => `f${index}`);
  const { probe } = load(runtime, Object.fromEntries(names.map((name) => [name, 'sync' as const])));
  const calls = 8192;
  // The first functions spend the budget; the others come later.
  for (let index = 0; index < FUNCTIONS; index++) {
    for (let call = 0; call < calls; call++) {
      const token = probe.enter(index as SiteIndex);
      advance(call);
      probe.exit(index as SiteIndex, token, undefined);
    }
  }
  let bytes = 0;
  for (const { series, calls: made } of runtime.collect().threads[0]!.functions) {
    const { stride, durationNs } = series;
    bytes += 16 * durationNs.length;
    assert.equal(made, calls);
    assert.ok(durationNs.length >= 512, `${durationNs.length}`);
    assert.equal(durationNs.length, Math.ceil(calls / stride));
    durationNs.forEach((ns, index) => {
      assert.equal(ns, index * stride);
    });
  }
  assert.ok(bytes <= 64 * 2 ** 20, `${bytes}`);
  assert.ok(bytes >= 24 * 2 ** 20, `${bytes}`);
});
