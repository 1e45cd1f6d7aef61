import type { CallEdge, CallGraph } from '../call-graph.js';

/** In CSS pixels; a box that many edges end at is higher. */
export const BOX_PX = { width: 176, height: 46 };
export const GAP_PX = { x: 132, y: 24 };

/** Edges that end at one box keep this distance, so that each has its label on it. */
export const PORT_PX = 17;

/** The room that an edge takes on its way past a column. */
const BEND_PX = 8;

/** A box, or the room of an edge that passes; `x` and `y` are its left upper corner. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

export interface PlacedNode extends Place {
  /** Null is the program itself. */
  readonly name: string | null;
}

export interface PlacedEdge {
  readonly edge: CallEdge;
  /** What it passes, one place a column: from caller to callee, those between free of nodes. */
  readonly via: readonly Place[];
  /** It leads back to a function that leads here: drawn below the others. */
  readonly back: boolean;
}

export interface GraphLayout {
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  readonly width: number;
  readonly height: number;
}

/** A place in a column: a node, or the bend of an edge that passes (`node` undefined). */
interface Slot {
  readonly node: string | null | undefined;
  readonly column: number;
  readonly height: number;
  row: number;
  y: number;
  readonly before: Slot[];
  readonly after: Slot[];
}

/** Sweeps over the columns; orders settle after a few (Sugiyama, Tagawa and Toda 1981). */
const SWEEPS = 8;

/**
 * Layers from left to right: callers stand left of what they call, edges that would lead back are set apart, edges over
 * several columns get bends, and each column is ordered by the mean row of its neighbours, so that few edges cross.
 * A function's calls of itself are no edge here.
 */
export function layOutCallGraph(graph: CallGraph): GraphLayout {
  const edges = graph.edges.filter((edge) => edge.caller !== edge.callee);
  const back = findBackEdges(graph.nodes, edges);
  const forward = edges.filter((edge) => !back.has(edge));
  const columnOf = assignColumns(graph.nodes, forward);
  const slots = new Map(
    graph.nodes.map((node) => [node, makeSlot(node, columnOf.get(node)!, boxHeight(node, forward))] as const),
  );
  const columns: Slot[][] = [];
  for (const slot of slots.values()) putSlot(columns, slot);
  const paths = new Map<CallEdge, Slot[]>();
  for (const edge of forward) {
    paths.set(edge, connect(slots.get(edge.caller)!, slots.get(edge.callee)!, columns));
  }
  orderColumns(columns);
  const height = stackColumns(columns);

  const toX = (column: number) => column * (BOX_PX.width + GAP_PX.x);
  const toPlace = ({ column, y, height }: Slot): Place => ({ x: toX(column), y, height });
  return {
    nodes: [...slots].map(([name, slot]) => ({ name, ...toPlace(slot) })),
    edges: edges.map((edge) => ({
      edge,
      via: (paths.get(edge) ?? [slots.get(edge.caller)!, slots.get(edge.callee)!]).map(toPlace),
      back: back.has(edge),
    })),
    width: toX(columns.length - 1) + BOX_PX.width,
    height,
  };
}

/** Room for the edges that end there. */
function boxHeight(node: string | null, edges: readonly CallEdge[]): number {
  return Math.max(BOX_PX.height, edges.filter(({ callee }) => callee === node).length * PORT_PX);
}

function makeSlot(node: string | null | undefined, column: number, height: number): Slot {
  return { node, column, height, row: 0, y: 0, before: [], after: [] };
}

function putSlot(columns: Slot[][], slot: Slot): void {
  slot.row = (columns[slot.column] ??= []).push(slot) - 1;
}

/** Bends in every column between the two, and the neighbourhood of all of them. */
function connect(caller: Slot, callee: Slot, columns: Slot[][]): Slot[] {
  const path = [caller];
  for (let column = caller.column + 1; column < callee.column; column += 1) {
    const bend = makeSlot(undefined, column, BEND_PX);
    putSlot(columns, bend);
    path.push(bend);
  }
  path.push(callee);
  for (const [i, slot] of path.entries()) {
    if (i > 0) slot.before.push(path[i - 1]!);
    if (i < path.length - 1) slot.after.push(path[i + 1]!);
  }
  return path;
}

/** Edges to a node that is still being visited: without them the graph has no cycles. */
function findBackEdges(nodes: readonly (string | null)[], edges: readonly CallEdge[]): Set<CallEdge> {
  const back = new Set<CallEdge>();
  const state = new Map<string | null, 'open' | 'done'>();
  const visit = (node: string | null): void => {
    state.set(node, 'open');
    for (const edge of edges) {
      if (edge.caller !== node) continue;
      const seen = state.get(edge.callee);
      if (seen === 'open') back.add(edge);
      else if (seen === undefined) visit(edge.callee);
    }
    state.set(node, 'done');
  };
  for (const node of nodes) if (!state.has(node)) visit(node);
  return back;
}

/** Each node as far left as its callers allow; the edges have no cycles. */
function assignColumns(
  nodes: readonly (string | null)[],
  edges: readonly CallEdge[],
): Map<string | null, number> {
  const columns = new Map(nodes.map((node): [string | null, number] => [node, 0]));
  for (let changed = true; changed; ) {
    changed = false;
    for (const { caller, callee } of edges) {
      const least = columns.get(caller)! + 1;
      if (columns.get(callee)! < least) {
        columns.set(callee, least);
        changed = true;
      }
    }
  }
  return columns;
}

function orderColumns(columns: readonly Slot[][]): void {
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const forth = sweep % 2 === 0;
    for (const column of forth ? columns : [...columns].reverse()) {
      const wished = new Map(
        column.map((slot) => [slot, meanRow(forth ? slot.before : slot.after, slot.row)]),
      );
      column.sort((a, b) => wished.get(a)! - wished.get(b)!);
      for (const [row, slot] of column.entries()) slot.row = row;
    }
  }
}

function meanRow(neighbours: readonly Slot[], own: number): number {
  if (neighbours.length === 0) return own;
  return neighbours.reduce((sum, slot) => sum + slot.row, 0) / neighbours.length;
}

/** Heights from the orders, each column in the middle. @returns the height of the tallest */
function stackColumns(columns: readonly Slot[][]): number {
  const heights = columns.map((column) => {
    let y = 0;
    for (const slot of column) {
      slot.y = y;
      y += slot.height + GAP_PX.y;
    }
    return y - GAP_PX.y;
  });
  const tallest = Math.max(...heights);
  for (const [i, column] of columns.entries()) {
    for (const slot of column) slot.y += (tallest - heights[i]!) / 2;
  }
  return tallest;
}
