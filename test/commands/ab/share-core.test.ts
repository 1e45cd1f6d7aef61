import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCores } from '../../../dist/commands/ab/share-core.js';

test('cores are listed as Linux writes them', () => {
  assert.deepEqual(parseCores('0-3,8'), [0, 1, 2, 3, 8]);
  assert.deepEqual(parseCores('5'), [5]);
  assert.deepEqual(parseCores(''), []);
});
