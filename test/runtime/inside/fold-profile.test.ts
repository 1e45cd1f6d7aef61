import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SiteAddress } from '../../../dist/runtime/contract.js';
import { foldProfile } from '../../../dist/runtime/inside/fold-profile.js';
import type { CallFrame, Profile, ProfileNode } from '../../../dist/runtime/inside/profile.js';
import type { Locate } from '../../../dist/runtime/inside/read-profile.js';
import { type GrowingTree, listTree } from '../../../dist/runtime/inside/tree.js';
import type { LocatedSite } from '../../../dist/runtime/read/locate-sites.js';

const SITE = 128 as SiteAddress;
const TARGET: LocatedSite = {
  site: SITE,
  description: { name: 'C.m', file: '/app/a.js', line: 5, column: 1, kind: 'sync', targets: ['C.m'] },
};

const frame = (functionName: string, line: number, url = '/app/a.js'): CallFrame => ({
  functionName,
  scriptId: '1',
  url,
  lineNumber: line - 1,
  columnNumber: 3,
});
const node = (
  id: number,
  callFrame: CallFrame,
  children: number[] = [],
  lines: number[] = [],
): ProfileNode => ({
  id,
  callFrame,
  children,
  positionTicks: lines.map((line) => ({ line, ticks: 1 })),
});
const locate: Locate = ({ functionName, url, lineNumber, columnNumber }) => ({
  column: columnNumber + 1,
  name: functionName,
  runningName: functionName,
  file: url,
  line: lineNumber + 1,
  sourceLine: (line) => line,
  isOwn: url === 'ttprof',
});
const NODES = [
  node(1, frame('(root)', 0, ''), [2, 7, 8]),
  node(2, frame('main', 1), [3]),
  node(3, frame('m', 5), [4, 5], [6, 6, 7]),
  node(4, frame('callee', 20)),
  node(5, frame('exit', 1, 'ttprof'), [6]),
  node(6, frame('calibrate', 2, 'ttprof')),
  node(7, frame('(garbage collector)', 0, '')),
  node(8, frame('other', 40)),
];

/** One sample a ms, the first at 1 ms. */
function fold(samples: number[], windowsMs: number[], share = 1) {
  const profile: Profile = {
    nodes: NODES,
    startTime: 0,
    endTime: 1000 * samples.length,
    samples,
    timeDeltas: samples.map(() => 1000),
  };
  const trees = new Map<SiteAddress, GrowingTree>();
  const flat: number[] = [];
  for (let at = 0; at < windowsMs.length; at += 2) {
    const [start, end] = [windowsMs[at]! * 1e6, windowsMs[at + 1]! * 1e6];
    flat.push(start, end, share * (end - start));
  }
  const windows = new Map([[SITE, flat]]);
  foldProfile(profile, windows, [TARGET], trees, locate, (us) => us * 1000);
  const tree = trees.get(SITE);
  return tree === undefined ? null : listTree(tree, 1000);
}

const named = (tree: ReturnType<typeof fold>) =>
  Object.fromEntries(tree?.nodes.map(({ name, self, total }) => [name, [self, total]]) ?? []);

test('samples with the target on the stack are below it, with or without a window', () => {
  const tree = fold([3, 4, 4, 2, 8], [0.5, 1.5]);
  assert.deepEqual(named(tree), { 'C.m': [1, 3], callee: [2, 2] });
  assert.equal(tree?.nodes[0]?.hotLine, 6);
  assert.equal(tree?.samples, 3);
});

test('a sample in a window without the target on the stack is of an inlined target', () => {
  assert.deepEqual(named(fold([2, 2, 8], [0.5, 2.5])), { 'C.m': [0, 2], '[inlined]': [2, 2] });
});

test('a collection belongs to what ran before it', () => {
  assert.deepEqual(named(fold([4, 7, 8, 7], [0.5, 2.5])), {
    'C.m': [0, 2],
    callee: [1, 2],
    '(garbage collector)': [1, 1],
  });
});

test('what measuring itself does is left out', () => {
  assert.deepEqual(named(fold([3, 5, 6], [0.5, 3.5])), { 'C.m': [1, 1] });
});

test('self times add up to the total', () => {
  const tree = fold([3, 4, 7, 2, 3, 4, 4], [0.5, 6.5])!;
  assert.equal(
    tree.nodes.reduce((sum, { self }) => sum + self, 0),
    tree.samples,
  );
  assert.equal(tree.nodes[0]!.total, tree.samples);
});

test('of a window that many short calls share with others, a target has as many samples as it ran', () => {
  const many = Array.from({ length: 100 }, () => 2);
  assert.deepEqual(named(fold(many, [0.5, 100.5], 0.3)), { 'C.m': [0, 30], '[inlined]': [30, 30] });
  const seen = [...many.slice(0, 80), ...Array.from({ length: 20 }, () => 3)];
  assert.deepEqual(named(fold(seen, [0.5, 100.5], 0.3)), { 'C.m': [20, 30], '[inlined]': [10, 10] });
  const all = [...many.slice(0, 60), ...Array.from({ length: 40 }, () => 3)];
  assert.deepEqual(named(fold(all, [0.5, 100.5], 0.3)), { 'C.m': [40, 40] });
});

test('what V8 lists without counting it is no sample', () => {
  const hits = (id: number, hitCount: number): ProfileNode => ({ ...NODES[id - 1]!, hitCount });
  const profile: Profile = {
    nodes: [hits(1, 0), hits(2, 0), hits(3, 2), hits(4, 1), hits(5, 0), hits(6, 0), hits(7, 0), hits(8, 0)],
    startTime: 0,
    endTime: 9000,
    samples: [3, 3, 3, 3, 3, 3, 4, 8],
    timeDeltas: Array.from({ length: 8 }, () => 1000),
  };
  const trees = new Map<SiteAddress, GrowingTree>();
  foldProfile(profile, new Map(), [TARGET], trees, locate, (us) => us * 1000);
  assert.deepEqual(named(listTree(trees.get(SITE)!, 1000)), { 'C.m': [2, 3], callee: [1, 1] });
});
