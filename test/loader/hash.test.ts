import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashBytes, hashText } from '../../dist/loader/hash.js';

test('the first lane is FNV-1a as its draft prints it', () => {
  assert.equal(hashText('').slice(0, 8), '811c9dc5');
  assert.equal(hashText('a').slice(0, 8), 'e40c292c');
  assert.equal(hashText('foobar').slice(0, 8), 'bf9cf968');
});

test('a hundred thousand texts that differ in one place have as many hashes', () => {
  const count = 100_000;
  const hashes = new Set(
    Array.from({ length: count }, (_, index) => hashText(`export const f = ${index};\n`)),
  );
  assert.equal(hashes.size, count);
});

test('bytes that differ in one place, or by zeros at the end, have different hashes, wherever they lie in memory', () => {
  const bytes = Uint8Array.from({ length: 1001 }, (_, index) => (index * 7) % 256);
  const changed = Array.from(bytes, (byte, index) => bytes.with(index, byte ^ 1));
  const longer = [1, 2, 3, 4].map((zeros) =>
    Uint8Array.from([...bytes, ...new Array<number>(zeros).fill(0)]),
  );
  const hashes = new Set([bytes, ...changed, ...longer].map(hashBytes));
  assert.equal(hashes.size, 1 + changed.length + longer.length);
  const elsewhere = new Uint8Array(1004).subarray(3);
  elsewhere.set(bytes);
  assert.equal(hashBytes(elsewhere), hashBytes(bytes));
});
