import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { visitFunctions } from '../../../dist/loader/find/find-functions-visit.js';
import { parseSource } from '../../../dist/loader/find/syntax-tree.js';

const require = createRequire(import.meta.url);
type Visitors = { Function: (path: { node: { start?: number | null } }) => void; noScope: true };
const { default: traverse } = require('@babel/traverse') as {
  default: (tree: unknown, visitors: Visitors) => void;
};
/** Programs of different styles that we did not write. */
const FILES = [
  'acorn',
  'marked',
  'fast-check',
  'picomatch/lib/parse.js',
  '@babel/parser',
  'autocannon',
  'ajv',
];

/** Offsets of all functions with a body, found by @babel/traverse, which looks at every node. */
function findByTraverse(source: string, file: string): number[] {
  const starts: number[] = [];
  traverse(parseSource(source, { file }), {
    Function({ node }) {
      starts.push(node.start!);
    },
    noScope: true,
  });
  return starts.sort((a, b) => a - b);
}

// Our visitor skips what cannot hold a function, for speed; it must not skip more.
for (const name of FILES) {
  test(`finds the functions that @babel/traverse finds in ${name}`, () => {
    const file = require.resolve(name);
    const source = readFileSync(file, 'utf8');
    const found = visitFunctions(parseSource(source, { file }), source);
    const starts = found.map(({ node }) => node.start!).sort((a, b) => a - b);
    assert.ok(starts.length > 0);
    assert.deepEqual(starts, findByTraverse(source, file));
  });
}
