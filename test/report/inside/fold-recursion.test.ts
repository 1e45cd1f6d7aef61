import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldRecursion } from '../../../dist/report/inside/fold-recursion.js';

const node = (name: string, self: number, total: number, children: number[] = []) => ({
  name,
  file: 'a.js',
  line: 1,
  self,
  total,
  children,
});

test('a function that calls itself stands there once, with all that its calls called', () => {
  const { nodes, samples } = foldRecursion({
    intervalUs: 1000,
    samples: 21,
    nodes: [
      node('f', 1, 21, [1, 6]),
      node('r', 2, 18, [2, 5]),
      node('r', 3, 15, [3, 4]),
      node('r', 4, 4),
      node('g', 8, 8),
      node('g', 1, 1),
      node('g', 2, 2),
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
