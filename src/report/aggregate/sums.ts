import type { CallerStats, FunctionStats } from '../model.js';

/** A sum of one number of each. */
export function sum<T>(all: readonly T[], value: (one: T) => number): number {
  return all.reduce((total, one) => total + value(one), 0);
}

/** A sum of what each of them knows; null where one does not, or where there are none. */
export function sumKnown<T>(all: readonly T[], value: (one: T) => number | null): number | null {
  if (all.length === 0) return null;
  let total = 0;
  for (const one of all) {
    const known = value(one);
    if (known === null) return null;
    total += known;
  }
  return total;
}

/** From how many calls CPU time is known; left out where all say that it was read of each of their calls. */
export function sumCpuCalls(
  all: readonly { readonly cpuCalls?: number; readonly outermostCalls: number }[],
): { readonly cpuCalls?: number } {
  if (!all.some(({ cpuCalls }) => cpuCalls !== undefined)) return {};
  return { cpuCalls: sum(all, (one) => one.cpuCalls ?? one.outermostCalls) };
}

/** Callers by name, those with the most time first. */
export function sumCallers(all: readonly CallerStats[]): CallerStats[] {
  const byName = new Map<string | null, CallerStats>();
  for (const { name, calls, totalNs } of all) {
    const before = byName.get(name) ?? { name, calls: 0, totalNs: 0 };
    byName.set(name, { name, calls: before.calls + calls, totalNs: before.totalNs + totalNs });
  }
  return [...byName.values()].sort((a, b) => b.totalNs - a.totalNs || b.calls - a.calls);
}

/** How many samples of calls are kept: not all of many calls are, and none of those that were only counted. */
export function countKept({ series }: FunctionStats): number {
  return sum(series, ({ durationNs }) => durationNs.length);
}
