import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeTrees, nameFiles } from '../../../dist/report/inside/merge-trees.js';
import type { DrillStats } from '../../../dist/report/model.js';
import type { DrillNode } from '../../../dist/runtime/contract.js';
import { makeNode } from './make-node.js';

const tree = (...nodes: DrillNode[]): DrillStats => ({
  intervalUs: 1000,
  samples: nodes[0]?.total ?? 0,
  nodes,
});

test('the same paths of several trees are one', () => {
  const merged = mergeTrees([
    tree(makeNode('f', 1, 4, [1, 2]), makeNode('g', 2, 2), makeNode('h', 1, 1)),
    tree(),
    tree(makeNode('f', 0, 5, [1]), makeNode('h', 1, 5, [2]), makeNode('g', 4, 4)),
  ]);
  assert.equal(merged.samples, 9);
  assert.deepEqual(
    merged.nodes.map(({ name, self, total, children }) => [name, self, total, children]),
    [
      ['f', 1, 9, [2, 1]],
      ['g', 2, 2, []],
      ['h', 2, 6, [3]],
      ['g', 4, 4, []],
    ],
  );
});

test('files are named as functions are, and dependencies known', () => {
  const { nodes } = nameFiles(
    tree(
      { ...makeNode('f', 1, 2, [1]), file: '/app/src/a.js' },
      { ...makeNode('g', 1, 1), file: '/app/node_modules/p/b.js' },
    ),
    '/app',
  );
  assert.deepEqual(
    nodes.map(({ file, dependency }) => [file, dependency]),
    [
      ['src/a.js', undefined],
      ['p/b.js', true],
    ],
  );
});
