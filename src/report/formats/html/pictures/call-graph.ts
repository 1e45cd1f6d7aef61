import type { FunctionStats } from '../../../model.js';

/** The program itself, which calls what no measured function called. */
const PROGRAM = null;

/** One function calling another, or the program calling one. */
export interface CallEdge {
  readonly caller: string | null;
  readonly callee: string;
  readonly calls: number;
  readonly totalNs: number;
}

export interface CallGraph {
  /** Canonical names of the functions drawn; the program, where it calls one of them, is null. */
  readonly nodes: readonly (string | null)[];
  /** Edges between drawn nodes, most time first. */
  readonly edges: readonly CallEdge[];
  /** All edges, those that are not drawn included. */
  readonly all: readonly CallEdge[];
}

/** Edges with less of the time of the greatest one are not drawn: they would hide the others, and tell nothing. */
const MIN_SHARE = 0.005;

/**
 * Who called whom, of the functions that call or are called by another measured one; those that only the program calls
 * would be a list of their own.
 * @param mostNodes how many functions are drawn: those of the edges with the most time
 * @returns null where no measured function called another
 */
export function buildCallGraph(functions: readonly FunctionStats[], mostNodes: number): CallGraph | null {
  const known = new Set(functions.map((fn) => fn.name));
  const all = functions
    .flatMap((fn) =>
      fn.callers
        .filter(({ name }) => name === PROGRAM || known.has(name))
        .map(({ name, calls, totalNs }): CallEdge => ({ caller: name, callee: fn.name, calls, totalNs })),
    )
    .sort((a, b) => b.totalNs - a.totalNs || b.calls - a.calls);
  const between = all.filter((edge) => edge.caller !== PROGRAM);
  if (between.length === 0) return null;

  const worthwhile = between[0]!.totalNs * MIN_SHARE;
  const drawn = new Set<string>();
  for (const { caller, callee, totalNs } of between) {
    if (totalNs < worthwhile) break;
    const missing = [caller!, callee].filter((name) => !drawn.has(name));
    if (drawn.size + new Set(missing).size > mostNodes) break;
    for (const name of missing) drawn.add(name);
  }
  const edges = all.filter(
    ({ caller, callee, totalNs }) =>
      drawn.has(callee) && (caller === PROGRAM || drawn.has(caller)) && totalNs >= worthwhile,
  );
  const program = edges.some((edge) => edge.caller === PROGRAM) ? [PROGRAM] : [];
  return { nodes: [...program, ...drawn], edges, all };
}
