import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutTypeCheck } from '../../dist/plugins/type-check.js';

const map = { version: 3, sources: ['a.ts'], names: [], mappings: 'AAAA' };

test('TypeScript is not checked, and its map knows of the line that says so', () => {
  const { code, map: moved } = withoutTypeCheck({ code: 'f()', map }, '/p/a.ts');
  assert.equal(code, '// @ts-nocheck\nf()');
  assert.equal(moved?.mappings, ';AAAA');
});

test('JavaScript stays as it is', () => {
  assert.deepEqual(withoutTypeCheck({ code: 'f()', map }, '/p/a.js'), { code: 'f()', map });
});
