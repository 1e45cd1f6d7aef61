import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawFlame } from '../../../../../dist/report/formats/html/pictures/draw-flame.js';
import { layOutFlame } from '../../../../../dist/report/formats/html/pictures/layout/flame-layout.js';
import { pairNodes } from '../../../../../dist/report/inside/compare-trees.js';
import { foldRecursion } from '../../../../../dist/report/inside/fold-recursion.js';
import { makeDrill, makeDrilledReport } from '../sample-report.js';

const TREE = foldRecursion(
  makeDrill([
    'f',
    'a.js',
    10,
    ['z', 'a.js', 30],
    ['g', 'a.js', 20, ['h', 'a.js', 40]],
    ['tiny', 'a.js', 0.05],
  ]),
);

test('frames are as wide as their time, within the ones above them, and do not overlap', () => {
  const frames = layOutFlame(TREE);
  const named = (name: string) => frames.find(({ node }) => TREE.nodes[node]!.name === name)!;
  assert.deepEqual([named('f').start, named('f').size, named('f').depth], [0, 1, 0]);
  assert.equal(named('g').start, 0, 'by name, not by time');
  assert.ok(Math.abs(named('z').start - named('g').size - named('z').size * 0) < 0.01);
  assert.ok(named('h').start >= named('g').start && named('h').size <= named('g').size);
  assert.equal(named('h').depth, 2);
  assert.equal(frames.length, 4, 'what is less than a pixel is left out');
  for (const a of frames)
    for (const b of frames)
      if (a !== b && a.depth === b.depth)
        assert.ok(a.start + a.size <= b.start + 1e-9 || b.start + b.size <= a.start + 1e-9);
});

test('the picture says its times, and names are escaped', () => {
  const [fn] = makeDrilledReport().functions;
  const text = drawFlame(foldRecursion(fn!.drill!), 'title', 1e6, null).text;
  assert.match(text, /<title>lex, marked\/src\/lexer\.ts:20: 560\u202fms, 53%, itself 9\.5%<\/title>/);
  assert.match(text, /<title>parse, recursive, marked/);
  assert.match(text, /class="frame package"/);
  assert.match(text, /class="frame platform"/);
  assert.ok(!text.includes('<script>'));
});

test('a difference says what grew and what shrank in words and signs', () => {
  const [fn] = makeDrilledReport().functions;
  const paired = pairNodes(fn!.baseline!, fn!)!;
  const text = drawFlame(paired.tree, 'title', 1e6, paired).text;
  assert.match(text, /class="frame slower step2"[^>]*><title>link/);
  assert.match(text, />link \+\d/);
  assert.match(text, />readFileSync −/);
});
