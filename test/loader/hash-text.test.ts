import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashText } from '../../dist/loader/hash-text.js';

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
