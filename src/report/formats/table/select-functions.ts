import type { FunctionStats, Report } from '../../model.js';
import { sortKeyOf } from './column-list.js';
import { isReference } from './columns.js';

/** How many functions that only wildcards name are shown without `--top`. */
const DEFAULT_TOP = 20;
/** `--top` for every row, those of functions that were never called too. */
const ALL = 0;

/** Which rows are shown, and what was left out. */
export interface Selection {
  readonly functions: readonly FunctionStats[];
  readonly leftOut: readonly FunctionStats[];
  readonly neverCalled: readonly FunctionStats[];
}

/**
 * Orders and cuts the rows. Functions that only wildcards name have no row where they were never called, and where more
 * than {@link DEFAULT_TOP} were, those with the largest totals have one. What a target names without a wildcard, beside
 * others, and what others are compared with, always has its row and does not count against the limit.
 * @param sort a column; null: the targets' order, or by total where rows are left out. Largest first, names from A to Z,
 *   what has no number last
 * @param top how many of the other rows at most; 0: all; null: as said above
 */
export function selectFunctions(report: Report, sort: string | null, top: number | null): Selection {
  const { functions } = report;
  const isFree = (f: FunctionStats) => isOfWildcard(f) && !isReference(f, report);
  const isIdle = (f: FunctionStats) => top !== ALL && isFree(f) && f.calls + f.unfinished === 0;
  const neverCalled = functions.filter(isIdle);
  const candidates = functions.filter((f) => !isIdle(f));
  // where nothing else is there, `--top` is about them
  const isNamedKept = top === null || candidates.some(isOfWildcard);
  const isKept = (f: FunctionStats) => isReference(f, report) || (isNamedKept && !isOfWildcard(f));
  const limit = top === ALL ? Number.POSITIVE_INFINITY : (top ?? DEFAULT_TOP);
  const isCut = candidates.filter((f) => !isKept(f)).length > limit;
  const column = sort ?? (isCut ? 'total' : null);
  const ordered = column === null ? candidates : sortBy(candidates, column, report);
  if (!isCut) return { functions: ordered, leftOut: [], neverCalled };
  const first = new Set(ordered.filter((f) => !isKept(f)).slice(0, limit));
  const isShown = (f: FunctionStats) => first.has(f) || isKept(f);
  return {
    functions: ordered.filter(isShown),
    leftOut: ordered.filter((f) => !isShown(f)),
    neverCalled,
  };
}

/** Does no target name it in so many words? Files of other tools have no targets. */
export function isOfWildcard({ target, targets }: FunctionStats): boolean {
  const texts = targets?.length ? targets : [target];
  return texts.every((text) => /[*?{]/.test(text));
}

function sortBy(functions: readonly FunctionStats[], column: string, report: Report): FunctionStats[] {
  const key = sortKeyOf(column);
  return [...functions].sort((a, b) => {
    const left = key(a, report);
    const right = key(b, report);
    if (typeof left === 'string' || typeof right === 'string') {
      return String(left) < String(right) ? -1 : 1;
    }
    return (right ?? Number.NEGATIVE_INFINITY) === (left ?? Number.NEGATIVE_INFINITY)
      ? 0
      : (right ?? Number.NEGATIVE_INFINITY) - (left ?? Number.NEGATIVE_INFINITY);
  });
}
