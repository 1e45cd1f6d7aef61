import type { FunctionStats } from '../../model.js';

/** Who called a function, or whom it called: what pstats calls callers and callees. */
export interface CallList {
  readonly title: string;
  readonly edges: readonly CallEdge[];
}

export interface CallEdge {
  /** Canonical name, or {@link PROGRAM}. */
  readonly name: string;
  readonly calls: number;
  readonly totalNs: number;
  /** In percent of the function's total. */
  readonly share: number | null;
}

/** What calls functions and is itself in no target. */
export const PROGRAM = '(program)';

/**
 * The callers, then the callees, of each function.
 * @param shown whose lists they are
 * @param all among which they are found
 * @param most how many of each, null for none
 */
export function listCalls(
  shown: readonly FunctionStats[],
  all: readonly FunctionStats[],
  { callers, callees }: { readonly callers: number | null; readonly callees: number | null },
): CallList[] {
  return shown.flatMap((f) => [
    ...(callers === null ? [] : [{ title: `callers of ${f.name}`, edges: findCallers(f).slice(0, callers) }]),
    ...(callees === null
      ? []
      : [{ title: `callees of ${f.name}`, edges: findCallees(f, all).slice(0, callees) }]),
  ]);
}

function findCallers(f: FunctionStats): CallEdge[] {
  return order(f.callers.map(({ name, calls, totalNs }) => toEdge(name ?? PROGRAM, calls, totalNs, f)));
}

function findCallees(f: FunctionStats, all: readonly FunctionStats[]): CallEdge[] {
  return order(
    all.flatMap((callee) =>
      callee.callers
        .filter(({ name }) => name === f.name)
        .map(({ calls, totalNs }) => toEdge(callee.name, calls, totalNs, f)),
    ),
  );
}

function toEdge(name: string, calls: number, totalNs: number, { totalNs: whole }: FunctionStats): CallEdge {
  return { name, calls, totalNs, share: whole > 0 ? (100 * totalNs) / whole : null };
}

const order = (edges: readonly CallEdge[]): CallEdge[] =>
  [...edges].sort((a, b) => b.totalNs - a.totalNs || b.calls - a.calls);
