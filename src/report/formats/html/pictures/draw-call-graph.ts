import type { FunctionStats } from '../../../model.js';
import { makeVisible } from '../../table/display-name.js';
import { shortenMiddle } from '../../table/text-width.js';
import { html, type Markup, trusted } from '../markup.js';
import { shortFunctionName, splitName } from '../name.js';
import { showCount, showCounted, showDuration } from '../numbers.js';
import type { CallEdge, CallGraph } from './call-graph.js';
import { round } from './chart.js';
import {
  BOX_PX,
  GAP_PX,
  layOutCallGraph,
  type Place,
  type PlacedEdge,
  type PlacedNode,
  PORT_PX,
} from './layout/call-graph-layout.js';

const MARGIN_PX = 10;
const EDGE_PX = { thinnest: 1.25, thickest: 6 };

/** The room below all boxes in which edges that lead back are drawn. */
const BACK_PX = 52;

/** What fits into a box at the page's fonts, in columns. */
const MAX_NAME_COLUMNS = 20;
const MAX_FILE_COLUMNS = 26;

/**
 * Pictures between these are shrunk to the width of the page, with text still large enough; wider ones are scrolled, as
 * all are in a narrow window.
 */
const WIDE_PX = 1000;
const TOO_WIDE_PX = 1450;

/** Boxes with functions, arrows with how often and for how long; thicker is more time. */
export function drawCallGraph(graph: CallGraph, functions: readonly FunctionStats[]): Markup {
  const layout = layOutCallGraph(graph);
  const byName = new Map(functions.map((fn) => [fn.name, fn]));
  const most = Math.max(...layout.edges.map(({ edge }) => edge.totalNs), 1);
  const thickness = (edge: CallEdge) =>
    round(EDGE_PX.thinnest + (EDGE_PX.thickest - EDGE_PX.thinnest) * Math.max(0, edge.totalNs / most));
  const selfCalls = new Map(
    graph.edges.filter((edge) => edge.caller === edge.callee).map((edge) => [edge.callee, edge]),
  );
  const ports = assignPorts(layout.edges);
  const hasBack = layout.edges.some((edge) => edge.back);
  const routes = layout.edges.map((placed) => ({
    ...placed,
    ...(placed.back ? routeBack(placed, layout.height) : routeForward(placed, ports.get(placed.edge)!)),
  }));

  const width = layout.width + 2 * MARGIN_PX;
  const height = layout.height + 2 * MARGIN_PX + (hasBack ? BACK_PX : 0);
  return html`<svg class="graph${width > WIDE_PX && width < TOO_WIDE_PX ? ' graph-wide' : ''}" role="img" width="${width}" height="${height}" viewBox="${-MARGIN_PX} ${-MARGIN_PX} ${width} ${height}"><title>Call graph: ${describeGraph(graph)}</title>${routes.map(
    ({ path, edge, back }) =>
      html`<path class="edge${back ? ' back' : ''}" stroke-width="${thickness(edge)}" d="${path}"/>`,
  )}${layout.nodes.map((node) => drawNode(node, byName, selfCalls))}${routes.map(
    ({ label: { x, y, anchor }, edge }) =>
      html`<text class="tick edge-label" x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${showCount(edge.calls)}× ${showDuration(edge.totalNs)}</text>`,
  )}</svg>`;
}

function drawNode(
  { name, x, y, height }: PlacedNode,
  byName: ReadonlyMap<string, FunctionStats>,
  selfCalls: ReadonlyMap<string, CallEdge>,
): Markup {
  const fn = name === null ? undefined : byName.get(name);
  const self = name === null ? undefined : selfCalls.get(name);
  const title = fn ? shortFunctionName(fn.name, fn.file, MAX_NAME_COLUMNS) : 'the program';
  const second = fn
    ? self
      ? `calls itself ${showCount(self.calls)}×`
      : shortenMiddle(makeVisible(splitName(fn.name, fn.file)[0]), MAX_FILE_COLUMNS)
    : 'what is not measured';
  const top = y + (height - BOX_PX.height) / 2;
  return html`<g class="node${fn ? '' : ' program'}"><rect x="${round(x)}" y="${round(y)}" width="${BOX_PX.width}" height="${height}" rx="7"/><text class="node-name" x="${round(x + 12)}" y="${round(top + 19)}">${title}</text><text class="tick" x="${round(x + 12)}" y="${round(top + 35)}">${second}</text></g>`;
}

/** How far from the middle of its callee each edge ends: in the order in which they come, so that none cross there. */
function assignPorts(edges: readonly PlacedEdge[]): Map<CallEdge, number> {
  const incoming = new Map<string, PlacedEdge[]>();
  for (const placed of edges) {
    if (placed.back) continue;
    const others = incoming.get(placed.edge.callee);
    if (others) others.push(placed);
    else incoming.set(placed.edge.callee, [placed]);
  }
  const ports = new Map<CallEdge, number>();
  for (const placed of incoming.values()) {
    placed.sort((a, b) => middleOf(a.via.at(-2)!) - middleOf(b.via.at(-2)!));
    for (const [i, { edge }] of placed.entries()) ports.set(edge, (i - (placed.length - 1) / 2) * PORT_PX);
  }
  return ports;
}

function middleOf({ y, height }: Place): number {
  return y + height / 2;
}

interface Route {
  readonly path: Markup;
  readonly label: { readonly x: number; readonly y: number; readonly anchor: 'middle' | 'end' };
}

function routeForward({ via }: PlacedEdge, port: number): Route {
  const first = via[0]!;
  const last = via.length - 1;
  // Boxes are left in their middle and entered at the edge's port.
  const height = (i: number) => middleOf(via[i]!) + (i === last ? port : 0);
  let path = `M${first.x + BOX_PX.width} ${round(height(0))}`;
  for (let i = 1; i <= last; i += 1) {
    const [startX, endX] = [via[i - 1]!.x + BOX_PX.width, via[i]!.x];
    // All of the turn is in the first half of the gap: the second half is straight, under the label.
    const turnEnd = i === last ? startX + GAP_PX.x * 0.45 : endX;
    const bend = (turnEnd - startX) / 2;
    const y = round(height(i));
    path += `C${startX + bend} ${round(height(i - 1))} ${turnEnd - bend} ${y} ${turnEnd} ${y}H${i === last ? endX : endX + BOX_PX.width}`;
  }
  return { path: trusted(path), label: { x: via[last]!.x - 6, y: height(last) - 4, anchor: 'end' } };
}

function routeBack({ via }: PlacedEdge, graphHeight: number): Route {
  const [from, to] = [via[0]!, via.at(-1)!];
  const startX = from.x + BOX_PX.width / 2 + 14;
  const endX = to.x + BOX_PX.width / 2 - 14;
  const below = graphHeight + BACK_PX;
  const [startY, endY] = [round(from.y + from.height), round(to.y + to.height)];
  // The lowest point of a curve with both control points at one height is three quarters of the way there.
  const lowest = below * 0.75 + (startY + endY) * 0.125;
  return {
    path: trusted(`M${startX} ${startY}C${startX} ${below} ${endX} ${below} ${endX} ${endY}`),
    label: { x: (startX + endX) / 2, y: lowest - 5, anchor: 'middle' },
  };
}

function describeGraph(graph: CallGraph): string {
  const functions = graph.nodes.filter((node) => node !== null).length;
  return `${showCounted(functions, 'function')} and ${showCounted(graph.edges.length, 'connection')}; the table below says the same in words.`;
}
