import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldRecursion } from '../../../dist/report/inside/fold-recursion.js';
import { makeNode } from './make-node.js';

test('a function that calls itself stands there once, with all that its calls called', () => {
  const { nodes, samples } = foldRecursion({
    intervalUs: 1000,
    samples: 21,
    nodes: [
      makeNode('f', 1, 21, [1, 6]),
      makeNode('r', 2, 18, [2, 5]),
      makeNode('r', 3, 15, [3, 4]),
      makeNode('r', 4, 4),
      makeNode('g', 8, 8),
      makeNode('g', 1, 1),
      makeNode('g', 2, 2),
    ],
  });
  assert.equal(samples, 21);
  assert.deepEqual(
    nodes.map(({ name, self, total, children, recursive = false }) => [
      name,
      self,
      total,
      children,
      recursive,
    ]),
    [
      ['f', 1, 21, [1, 3], false],
      ['r', 9, 18, [2], true],
      ['g', 9, 9, [], false],
      ['g', 2, 2, [], false],
    ],
  );
});

test('a tree without nodes stays as it is', () => {
  assert.deepEqual(foldRecursion({ intervalUs: 1000, samples: 0, nodes: [] }).nodes, []);
});
