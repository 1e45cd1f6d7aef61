import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createUneditColumn } from '../../../dist/loader/locate/unedit-column.js';
import type { Edit } from '../../../dist/loader/rewrite/insertions.js';

/** Writes edits as dots into a source. */
function edit(source: string, edits: readonly Edit[]): string {
  let text = '';
  let at = 0;
  for (const [offset, length] of edits) {
    text += source.slice(at, offset) + '.'.repeat(length);
    at = offset;
  }
  return text + source.slice(at);
}

test('each character of rewritten code is found in its source', () => {
  const source = 'abc\ndefgh\n\nijk';
  const edits: Edit[] = [
    [0, 2],
    [2, 1],
    [4, 0],
    [6, 3],
    [6, 2],
    [11, 1],
    [14, 4],
  ];
  const unedit = createUneditColumn(source, edits);
  const lines = source.split('\n');
  for (const [line, text] of edit(source, edits).split('\n').entries()) {
    for (const [column, character] of [...text].entries())
      if (character !== '.') assert.equal(lines[line]![unedit(line, column)], character);
  }
});

test('a place within what was inserted is where it was inserted', () => {
  const unedit = createUneditColumn('ab', [[1, 3]]);
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((column) => unedit(0, column)),
    [0, 1, 1, 1, 1],
  );
});
