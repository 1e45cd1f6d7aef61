import type { FunctionStats } from '../model.js';
import type { CallEdge, CallGraph } from './call-graph.js';
import { layOutCallGraph, type PlacedEdge } from './call-graph-layout.js';
import { round } from './chart.js';
import { html, type Markup, trusted } from './markup.js';
import { shorten, splitName } from './name.js';
import { showCount, showCounted, showDuration } from './numbers.js';

const BOX_PX = { width: 196, height: 46 };
const GAP_PX = { x: 128, y: 22 };
const EDGE_PX = { thinnest: 1.25, thickest: 6 };

/** What fits into a box and its second line, at the page's font. */
const LONGEST_NAME = 25;
const LONGEST_FILE = 30;

/** Boxes with functions, arrows with how often and for how long; thicker is more time. */
export function drawCallGraph(graph: CallGraph, functions: readonly FunctionStats[]): Markup {
  const layout = layOutCallGraph(graph);
  const byName = new Map(functions.map((fn) => [fn.name, fn]));
  const x = (column: number) => column * (BOX_PX.width + GAP_PX.x) + 8;
  const y = (row: number) => row * (BOX_PX.height + GAP_PX.y) + 12;
  const hasBack = layout.edges.some((edge) => edge.back);
  const width = x(layout.columns - 1) + BOX_PX.width + 8;
  const height = y(layout.rows - 1) + BOX_PX.height + (hasBack ? 56 : 12);
  const most = Math.max(...layout.edges.map(({ edge }) => edge.totalNs), 1);
  const thickness = (edge: CallEdge) =>
    round(EDGE_PX.thinnest + (EDGE_PX.thickest - EDGE_PX.thinnest) * Math.max(0, edge.totalNs / most));
  const selfCalls = new Map(
    graph.edges.filter((edge) => edge.caller === edge.callee).map((edge) => [edge.callee, edge.calls]),
  );

  const paths = layout.edges.map((placed) => {
    const route = placed.back ? routeBack(placed, x, y, height) : routeForward(placed, x, y);
    return { ...placed, ...route };
  });
  return html`<svg class="graph" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><title>Call graph: ${describeEdges(graph)}</title>${paths.map(
    ({ path, edge, back }) =>
      html`<path class="edge${back ? ' back' : ''}" stroke-width="${thickness(edge)}" d="${path}"/>`,
  )}${layout.nodes.map(({ name, column, row }) => {
    const fn = name === null ? undefined : byName.get(name);
    const [left, top] = [x(column), y(row)];
    const [file, functionName] = fn ? splitName(fn.name, fn.file) : ['', 'the program'];
    const self = name === null ? undefined : selfCalls.get(name);
    const second = fn ? shorten(file, LONGEST_FILE) : 'whatever is not measured';
    return html`<g class="node${fn ? '' : ' program'}"><rect x="${left}" y="${top}" width="${BOX_PX.width}" height="${BOX_PX.height}" rx="7"/><text class="node-name" x="${left + 12}" y="${top + 19}">${shorten(functionName, LONGEST_NAME)}${self === undefined ? null : html`<tspan class="tick"> ↻ ${showCount(self)}×</tspan>`}</text><text class="tick" x="${left + 12}" y="${top + 35}">${second}</text></g>`;
  })}${paths.map(
    ({ labelAt: [left, top], edge }) =>
      html`<text class="tick edge-label" x="${round(left)}" y="${round(top - 3)}" text-anchor="middle">${showCount(edge.calls)}×</text><text class="tick edge-label" x="${round(left)}" y="${round(top + 11)}" text-anchor="middle">${showDuration(edge.totalNs)}</text>`,
  )}</svg>`;
}

interface Route {
  readonly path: Markup;
  readonly labelAt: readonly [x: number, y: number];
}

function routeForward({ via }: PlacedEdge, x: (column: number) => number, y: (row: number) => number): Route {
  const middle = BOX_PX.height / 2;
  const first = via[0]!;
  let path = `M${x(first.column) + BOX_PX.width} ${round(y(first.row) + middle)}`;
  for (const [i, { column, row }] of via.entries()) {
    if (i === 0) continue;
    const from = via[i - 1]!;
    const startX = x(from.column) + BOX_PX.width;
    const endX = x(column);
    const [startY, endY] = [round(y(from.row) + middle), round(y(row) + middle)];
    const bend = GAP_PX.x * 0.5;
    path += `C${startX + bend} ${startY} ${endX - bend} ${endY} ${endX} ${endY}`;
    if (i < via.length - 1) path += `H${endX + BOX_PX.width}`;
  }
  const [beforeLast, last] = [via.at(-2)!, via.at(-1)!];
  // Nearer to the callee, where edges of one caller have parted.
  const labelX = x(last.column) - GAP_PX.x * 0.33;
  const labelY = y(last.row) + middle + (y(beforeLast.row) - y(last.row)) * 0.14;
  return { path: trusted(path), labelAt: [labelX, labelY] };
}

function routeBack(
  { via }: PlacedEdge,
  x: (column: number) => number,
  y: (row: number) => number,
  height: number,
): Route {
  const [from, to] = [via[0]!, via.at(-1)!];
  const startX = x(from.column) + BOX_PX.width / 2 + 14;
  const endX = x(to.column) + BOX_PX.width / 2 - 14;
  const below = height - 10;
  const [startY, endY] = [y(from.row) + BOX_PX.height, y(to.row) + BOX_PX.height];
  return {
    path: trusted(`M${startX} ${round(startY)}C${startX} ${below} ${endX} ${below} ${endX} ${round(endY)}`),
    labelAt: [(startX + endX) / 2, below - 22],
  };
}

function describeEdges(graph: CallGraph): string {
  return `${showCounted(graph.nodes.filter((node) => node !== null).length, 'function')} and ${showCounted(graph.edges.length, 'connection')}; the table below holds the same in words.`;
}
