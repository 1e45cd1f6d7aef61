import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeTrees, nameFiles } from '../../../dist/report/inside/merge-trees.js';
import type { DrillStats } from '../../../dist/report/model.js';

const node = (name: string, self: number, total: number, children: number[] = []) => ({
  name,
  file: 'a.js',
  line: 1,
  self,
  total,
  children,
});
const tree = (...nodes: ReturnType<typeof node>[]): DrillStats => ({
  intervalUs: 1000,
  samples: nodes[0]?.total ?? 0,
  nodes,
});

test('the same paths of several trees are one', () => {
  const merged = mergeTrees([
    tree(node('f', 1, 4, [1, 2]), node('g', 2, 2), node('h', 1, 1)),
    tree(),
    tree(node('f', 0, 5, [1]), node('h', 1, 5, [2]), node('g', 4, 4)),
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
      { ...node('f', 1, 2, [1]), file: '/app/src/a.js' },
      { ...node('g', 1, 1), file: '/app/node_modules/p/b.js' },
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
