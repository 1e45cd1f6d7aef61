import type { FunctionStats } from '../model.js';

/** What it cost to measure the calls inside the calls of a function. */
export interface NestedCost {
  /** Of all its calls together, in ns; an estimate. */
  readonly totalNs: number;
  /** The measured functions that it called itself. */
  readonly callees: readonly FunctionStats[];
}

/**
 * What measuring added to the functions that called measured ones, at any depth; recursion is followed once.
 * @param callNs what a measured call adds to its caller
 * @returns nothing for those that called none
 */
export function findNestedCosts(
  functions: readonly FunctionStats[],
  callNs: number,
): Map<FunctionStats, NestedCost> {
  const edges = new Map<string, { readonly callee: FunctionStats; readonly calls: number }[]>();
  for (const callee of functions) {
    for (const { name, calls } of callee.callers) {
      if (name === null || name === callee.name) continue;
      edges.set(name, [...(edges.get(name) ?? []), { callee, calls }]);
    }
  }
  const known = new Map<string, number>();
  /** Per call of a function. */
  const costOf = (f: FunctionStats): number => {
    const cost = known.get(f.name);
    if (cost !== undefined || f.calls === 0) return cost ?? 0;
    known.set(f.name, 0); // for callees that lead back here
    const total = (edges.get(f.name) ?? []).reduce(
      // under --sample the others are only counted
      (sum, { callee, calls }) =>
        sum + calls * ((callNs * callee.timedCalls) / callee.calls + costOf(callee)),
      0,
    );
    known.set(f.name, total / f.calls);
    return total / f.calls;
  };
  return new Map(
    functions.flatMap((f) => {
      const callees = edges.get(f.name)?.map(({ callee }) => callee) ?? [];
      return callees.length === 0 ? [] : [[f, { totalNs: costOf(f) * f.calls, callees }] as const];
    }),
  );
}
