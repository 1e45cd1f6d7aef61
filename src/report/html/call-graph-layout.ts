import type { CallEdge, CallGraph } from './call-graph.js';

/** Where a node stands: its column from the left, its row from the top (fractions centre a column). */
export interface PlacedNode {
  readonly name: string | null;
  readonly column: number;
  readonly row: number;
}

export interface PlacedEdge {
  readonly edge: CallEdge;
  /** The places it passes, from caller to callee; those between are free of nodes. */
  readonly via: readonly { readonly column: number; readonly row: number }[];
  /** It leads back to a function that leads here: drawn below the others. */
  readonly back: boolean;
}

export interface GraphLayout {
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  readonly columns: number;
  readonly rows: number;
}

interface Slot {
  /** Undefined: a bend of an edge that passes this column. */
  readonly node: string | null | undefined;
  readonly column: number;
  row: number;
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
    graph.nodes.map((node): [string | null, Slot] => [node, makeSlot(node, columnOf.get(node)!)]),
  );
  const columns: Slot[][] = [];
  const put = (slot: Slot) => {
    slot.row = (columns[slot.column] ??= []).push(slot) - 1;
  };
  for (const slot of slots.values()) put(slot);
  const bends = new Map<CallEdge, Slot[]>();
  for (const edge of forward) {
    const path = [slots.get(edge.caller)!];
    for (let column = path[0]!.column + 1; column < columnOf.get(edge.callee)!; column += 1) {
      const bend = makeSlot(undefined, column);
      put(bend);
      path.push(bend);
    }
    path.push(slots.get(edge.callee)!);
    for (const [i, slot] of path.entries()) {
      if (i > 0) slot.before.push(path[i - 1]!);
      if (i < path.length - 1) slot.after.push(path[i + 1]!);
    }
    bends.set(edge, path);
  }
  orderColumns(columns);

  const rows = Math.max(...columns.map((column) => column.length));
  for (const column of columns) for (const slot of column) slot.row += (rows - column.length) / 2;
  return {
    nodes: [...slots].map(([name, { column, row }]) => ({ name, column, row })),
    edges: edges.map((edge) => ({
      edge,
      via: (bends.get(edge) ?? [slots.get(edge.caller)!, slots.get(edge.callee)!]).map(({ column, row }) => ({
        column,
        row,
      })),
      back: back.has(edge),
    })),
    columns: columns.length,
    rows,
  };
}

function makeSlot(node: string | null | undefined, column: number): Slot {
  return { node, column, row: 0, before: [], after: [] };
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

/** Each node as far left as its callers allow. */
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

function orderColumns(columns: Slot[][]): void {
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const forth = sweep % 2 === 0;
    for (const column of forth ? columns : columns.toReversed()) {
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
