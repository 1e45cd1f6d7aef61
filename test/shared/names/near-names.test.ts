import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editDistance } from '../../../dist/shared/names/edit-distance.js';
import { isNearName } from '../../../dist/shared/names/near-names.js';

test('names are near where a third of them differs at most', () => {
  assert.equal(editDistance('maths', 'mahts'), 1); // two neighbours that changed places are one mistake
  assert.equal(editDistance('', 'abc'), 3);
  assert.equal(editDistance('parse', 'parser'), 1);
  assert.ok(isNearName('readFile', 'redFile'));
  assert.ok(isNearName('Parse', 'parse'));
  assert.ok(!isNearName('parse', 'render'));
  assert.ok(!isNearName('', ''));
});
