import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareTrees } from '../../../dist/report/inside/compare-trees.js';
import type { DrillNodeStats, FunctionStats } from '../../../dist/report/model.js';

type Tree = readonly [name: string, self: number, ...children: Tree[]];

/** A function whose calls took 1 ms for each sample, as many calls as said. */
function drilled(tree: Tree, calls: number, line = 1): FunctionStats {
  const nodes: DrillNodeStats[] = [];
  const add = ([name, self, ...below]: Tree): number => {
    const index = nodes.length;
    const children: number[] = [];
    const node = { name, file: 'a.js', line, self, total: self, children };
    nodes.push(node);
    for (const each of below) {
      const at = add(each);
      children.push(at);
      node.total += nodes[at]!.total;
    }
    return index;
  };
  add(tree);
  const samples = nodes[0]!.total;
  const drill = { intervalUs: 1000, samples, nodes };
  return {
    name: 'a.js:f',
    drill,
    totalNs: samples * 1e6,
    activeNs: null,
    outermostCalls: calls,
  } as unknown as FunctionStats;
}

const namesOf = (change: ReturnType<typeof compareTrees>) =>
  change?.branches.map(({ node, share }) => [node.name, share === null ? null : Math.round(100 * share)]);

test('the branch that makes the change is named, with its part of it', () => {
  const before = drilled(['f', 100, ['g', 0, ['h', 500]], ['other', 400]], 10);
  const after = drilled(['f', 100, ['g', 0, ['h', 1500]], ['other', 400]], 10, 7);
  const change = compareTrees(before, after)!;
  assert.deepEqual(namesOf(change), [['h', 100]]);
  const [h] = change.branches;
  assert.deepEqual([h!.path, h!.beforeNs, h!.afterNs, h!.node.line], [['g'], 50e6, 150e6, 7]);
  assert.deepEqual([change.beforeNs, change.afterNs], [100e6, 200e6]);
});

test('times are those of a call, however many there were', () => {
  const before = drilled(['f', 100, ['g', 900]], 10);
  const after = drilled(['f', 1000, ['g', 9000]], 100);
  assert.deepEqual(compareTrees(before, after)?.branches, []);
});

test('several branches share a change; one may make it smaller; what comes and goes counts', () => {
  const before = drilled(['f', 0, ['g', 1000], ['gone', 500], ['h', 1000]], 1);
  const after = drilled(['f', 0, ['g', 3000], ['h', 600], ['new', 900]], 1);
  assert.deepEqual(namesOf(compareTrees(before, after)), [
    ['g', 100],
    ['new', 45],
    ['gone', -25],
    ['h', -20],
  ]);
});

test("the target's own code is a branch as well", () => {
  const change = compareTrees(drilled(['f', 100, ['g', 500]], 1), drilled(['f', 900, ['g', 500]], 1));
  assert.deepEqual(namesOf(change), [['f itself', 100]]);
});

test('a difference that chance can make is no change', () => {
  const change = compareTrees(drilled(['f', 20, ['g', 100]], 1), drilled(['f', 22, ['g', 110]], 1));
  assert.deepEqual(change?.branches, []);
  assert.equal(compareTrees(drilled(['f', 0], 1), drilled(['f', 10], 1)), null);
});

test('without a change of the whole, branches have no part of it', () => {
  const before = drilled(['f', 0, ['g', 1000], ['h', 2000]], 1);
  const after = drilled(['f', 0, ['g', 2000], ['h', 1000]], 1);
  assert.deepEqual(namesOf(compareTrees(before, after)), [
    ['g', null],
    ['h', null],
  ]);
});

test('of a recursion the outermost call tells', () => {
  const recursive = (samples: number): Tree => ['r', 10, ['r', 10, ['r', samples]]];
  const change = compareTrees(drilled(['f', 10, recursive(500)], 1), drilled(['f', 10, recursive(1500)], 1))!;
  assert.deepEqual(
    change.branches.map(({ node, path }) => [node.name, path]),
    [['r', []]],
  );
});
