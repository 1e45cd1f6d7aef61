import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCallGraph } from '../../../../../dist/report/formats/html/pictures/call-graph.js';
import { drawCallGraph } from '../../../../../dist/report/formats/html/pictures/draw-call-graph.js';
import {
  BOX_PX,
  layOutCallGraph,
} from '../../../../../dist/report/formats/html/pictures/layout/call-graph-layout.js';
import { makeBaselineReport, makeFunction, makeLargeReport } from '../sample-report.js';

function makeCalls(edges: readonly (readonly [caller: string | null, callee: string])[]) {
  const names = [...new Set(edges.flat())].filter((name): name is string => name !== null);
  return names.map((name) =>
    makeFunction({
      name: `a.js:${name}`,
      calls: 5,
      medianNs: 1000,
      callers: edges
        .filter(([, callee]) => callee === name)
        .map(([caller], i) => ({
          name: caller === null ? null : `a.js:${caller}`,
          calls: i + 1,
          totalNs: 1000 * (i + 1),
        })),
    }),
  );
}

test('where no measured function calls another there is no graph', () => {
  assert.equal(
    buildCallGraph(
      makeCalls([
        [null, 'a'],
        [null, 'b'],
      ]),
      20,
    ),
    null,
  );
});

test('callers stand left of what they call, boxes do not overlap', () => {
  const { functions } = makeBaselineReport();
  const graph = buildCallGraph(functions, 20)!;
  const layout = layOutCallGraph(graph);
  const at = new Map(layout.nodes.map((node) => [node.name, node]));
  for (const { edge, back } of layout.edges) {
    assert.equal(back, false);
    assert.ok(at.get(edge.caller)!.x + BOX_PX.width < at.get(edge.callee)!.x);
  }
  for (const a of layout.nodes) {
    for (const b of layout.nodes) {
      if (a !== b && a.x === b.x) assert.ok(Math.abs(a.y - b.y) >= BOX_PX.height);
    }
  }
});

test('an edge past a column bends around the boxes there', () => {
  const graph = buildCallGraph(
    makeCalls([
      [null, 'a'],
      ['a', 'b'],
      ['b', 'c'],
      ['a', 'c'],
    ]),
    20,
  )!;
  const layout = layOutCallGraph(graph);
  const long = layout.edges.find(({ edge }) => edge.caller === 'a.js:a' && edge.callee === 'a.js:c')!;
  const b = layout.nodes.find((node) => node.name === 'a.js:b')!;
  const bend = long.via.find((point) => point.x === b.x)!;
  assert.ok(bend.y + 8 < b.y || bend.y > b.y + BOX_PX.height);
});

test('however many functions call one, the labels of their edges stand apart', () => {
  const callers = Array.from({ length: 12 }, (_, i) => `caller${i}`);
  const functions = makeCalls(callers.flatMap((name) => [[null, name] as const, [name, 'helper'] as const]));
  const graph = buildCallGraph(functions, 20)!;
  const helper = layOutCallGraph(graph).nodes.find(({ name }) => name === 'a.js:helper')!;
  const labels = drawCallGraph(graph, functions).text.matchAll(
    /<text class="tick edge-label" x="([\d.]+)" y="([\d.]+)"/g,
  );
  const heights = [...labels]
    .filter(([, x]) => Math.abs(Number(x) - helper.x) < 10)
    .map(([, , y]) => Number(y))
    .sort((a, b) => a - b);
  assert.equal(heights.length, 12);
  for (const [i, y] of heights.entries()) if (i > 0) assert.ok(y - heights[i - 1]! >= 12, `${heights}`);
  assert.ok(heights[0]! > helper.y - 12 && heights.at(-1)! < helper.y + helper.height);
});

test('mutual recursion ends: one of its edges is set apart; a call of itself is said in its box', () => {
  const functions = makeCalls([
    [null, 'a'],
    ['a', 'b'],
    ['b', 'a'],
    ['b', 'b'],
  ]);
  const graph = buildCallGraph(functions, 20)!;
  assert.equal(layOutCallGraph(graph).edges.filter((edge) => edge.back).length, 1);
  const text = drawCallGraph(graph, functions).text;
  assert.match(text, /class="edge back"/);
  assert.match(text, /calls itself 2×/);
});

test('of many functions those with the most time between them are drawn, the table keeps all', () => {
  const { functions } = makeLargeReport(120);
  const graph = buildCallGraph(functions, 24)!;
  assert.ok(graph.nodes.length <= 25);
  assert.ok(graph.all.length > graph.edges.length);
});
