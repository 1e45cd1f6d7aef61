import assert from 'node:assert/strict';
import { test } from 'node:test';

// before the runtime captures it
const { store } = Atomics;
let onStore = (_array: unknown, _index: number, _value: unknown): void => {};
Atomics.store = ((array: Int32Array, index: number, value: number) => {
  onStore(array, index, value);
  return store(array, index, value);
}) as typeof store;
const { load, start } = await import('../harness.js');
const { heap } = await import('../../../dist/runtime/memory/arena.js');
const { MODULE_JSON, MODULE_SITE_COUNT, MODULE_SITES } = await import(
  '../../../dist/runtime/memory/layout.js'
);

test('a module is published atomically, when all of it is written: other processors may see plain stores in another order', () => {
  const published: boolean[] = [];
  onStore = (_array, _index, value) => {
    const module = Number(value);
    const isWhole = heap[module + MODULE_JSON]! > 0 && heap[module + MODULE_SITES]! > 0;
    published.push(isWhole && heap[module + MODULE_SITE_COUNT] === 2);
  };
  const module = load(start(), { f: 'sync', g: 'sync' });
  onStore = () => {};
  assert.deepEqual(published, [true]);
  assert.equal(module.read('g').calls, 0);
});
