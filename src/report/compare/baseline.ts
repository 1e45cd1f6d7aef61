import type { FunctionStats } from '../model.js';

/** Which function of one report is which of another. */
export interface Counterparts {
  /** For each function here its counterpart there, where it has one. */
  readonly found: ReadonlyMap<FunctionStats, FunctionStats>;
  readonly onlyHere: readonly FunctionStats[];
  readonly onlyThere: readonly FunctionStats[];
}

/**
 * Finds each function's counterpart: the one of exactly the same name, else the one with the same function part where
 * that occurs once on each side (a moved file, or a file of Python's tprof).
 */
export function findCounterparts(
  here: readonly FunctionStats[],
  there: readonly FunctionStats[],
): Counterparts {
  const byName = groupBy(there, (row) => row.name);
  const partsHere = groupBy(here, functionPart);
  const partsThere = groupBy(there, functionPart);
  const namesHere = new Set(here.map((row) => row.name));
  const found = new Map<FunctionStats, FunctionStats>();
  for (const row of here) {
    // copies of a package share a name: the first is the first's counterpart, and so on
    const same = byName.get(row.name)?.shift();
    if (same) {
      found.set(row, same);
      continue;
    }
    const part = functionPart(row);
    const [candidate, another] = partsThere.get(part) ?? [];
    const unique = another === undefined && partsHere.get(part)?.length === 1;
    if (candidate && unique && !namesHere.has(candidate.name)) found.set(row, candidate);
  }
  const taken = new Set(found.values());
  return {
    found,
    onlyHere: here.filter((row) => !found.has(row)),
    onlyThere: there.filter((row) => !taken.has(row)),
  };
}

/** `C.m` of `src/lib.js:C.m`; the name itself may hold colons (`o["a:b"]`), the file is known. */
function functionPart({ name, file }: FunctionStats): string {
  if (file !== '' && name.startsWith(`${file}:`)) return name.slice(file.length + 1);
  return name.slice(name.lastIndexOf(':') + 1);
}

function groupBy(
  rows: readonly FunctionStats[],
  key: (row: FunctionStats) => string,
): Map<string, FunctionStats[]> {
  const groups = new Map<string, FunctionStats[]>();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return groups;
}
