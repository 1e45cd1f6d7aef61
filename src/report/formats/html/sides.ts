import type { Histogram } from '../../../runtime/contract.js';
import type { FunctionStats, Report } from '../../model.js';
import { shortFunctionName } from './name.js';

/** One side of a comparison, or the only one. */
export interface Side {
  readonly role: 'before' | 'now';
  /** Short enough to stand in a picture. */
  readonly label: string;
  readonly fn: FunctionStats;
  readonly histogram: Histogram;
}

/** Longer names would not fit beside a mark in a narrow window. */
const MAX_LABEL_COLUMNS = 22;

/**
 * The sides that a function's pictures lay over each other: what it is compared with first, itself last.
 * What it is compared with is its `baseline`, or (with `-x`) the row that its delta names.
 */
export function findSides(fn: FunctionStats, report: Report): Side[] {
  const before = findBefore(fn, report);
  if (before === null) return [{ role: 'now', label: 'all calls', fn, histogram: fn.histogram }];
  const [beforeLabel, nowLabel] = nameSides(before, fn, report);
  return [
    { role: 'before', label: beforeLabel, fn: before, histogram: before.histogram },
    { role: 'now', label: nowLabel, fn, histogram: fn.histogram },
  ];
}

/** What a function is compared with, as far as it is known; null where it is not compared. */
export function findBefore(fn: FunctionStats, report: Report): FunctionStats | null {
  if (fn.baseline !== undefined) return fn.baseline;
  if (fn.delta === null || fn.delta.against === fn.name) return null;
  return report.functions.find((other) => other.name === fn.delta!.against) ?? null;
}

function nameSides(before: FunctionStats, fn: FunctionStats, report: Report): [string, string] {
  if (fn.baseline !== undefined)
    return report.comparison?.kind === 'base' ? ['base', 'current'] : ['baseline', 'now'];
  const names = [before, fn].map(({ name, file }) => shortFunctionName(name, file, MAX_LABEL_COLUMNS)) as [
    string,
    string,
  ];
  return names[0] === names[1] ? ['before', 'now'] : names;
}
