import { TtprofError } from '../../../shared/errors.js';
import type { FunctionStats } from '../../model.js';

type Key = (f: FunctionStats) => number | string | null;

/** What `--sort` accepts: the table's columns and the statistics that JSON has. */
const KEYS: Readonly<Record<string, Key>> = {
  function: (f) => f.name,
  calls: (f) => f.calls,
  total: (f) => f.totalNs,
  self: (f) => f.selfNs,
  active: (f) => f.activeNs,
  cpu: (f) => f.cpuNs,
  median: (f) => f.medianNs,
  mean: (f) => f.meanNs,
  stdev: (f) => f.stdevNs,
  min: (f) => f.minNs,
  max: (f) => f.maxNs,
  p75: (f) => f.p75Ns,
  p90: (f) => f.p90Ns,
  p99: (f) => f.p99Ns,
  p999: (f) => f.p999Ns,
  errors: (f) => f.errors,
  delta: (f) => f.delta?.percent ?? null,
};

/** The names that `--sort` accepts, beside `name` for `function` and `σ` for `stdev`. */
const SORT_COLUMNS: readonly string[] = Object.keys(KEYS);

/**
 * @param text the value of `--sort`
 * @returns one of {@link SORT_COLUMNS}
 * @throws {TtprofError} that lists them; the caller adds whose value it is
 */
export function parseSortColumn(text: string): string {
  const column = { name: 'function', σ: 'stdev' }[text] ?? text;
  if (Object.hasOwn(KEYS, column)) return column;
  throw new TtprofError(`expected one of ${SORT_COLUMNS.join(', ')}`);
}

/** Which rows are shown, and what was left out. */
export interface Selection {
  readonly functions: readonly FunctionStats[];
  readonly leftOut: readonly FunctionStats[];
}

/**
 * Orders by a column, largest first (names from A to Z, what has no number last), and keeps the first `top` rows.
 * @param sort one of {@link SORT_COLUMNS}; null: the targets' order, or by total where `top` cuts
 */
export function selectFunctions(
  functions: readonly FunctionStats[],
  sort: string | null,
  top: number | null,
): Selection {
  const column = sort ?? (top !== null && top < functions.length ? 'total' : null);
  const ordered = column === null ? functions : sortBy(functions, KEYS[parseSortColumn(column)]!);
  const end = top ?? ordered.length;
  return { functions: ordered.slice(0, end), leftOut: ordered.slice(end) };
}

function sortBy(functions: readonly FunctionStats[], key: Key): FunctionStats[] {
  return [...functions].sort((a, b) => {
    const left = key(a);
    const right = key(b);
    if (typeof left === 'string' || typeof right === 'string') {
      return String(left) < String(right) ? -1 : 1;
    }
    return (right ?? Number.NEGATIVE_INFINITY) === (left ?? Number.NEGATIVE_INFINITY)
      ? 0
      : (right ?? Number.NEGATIVE_INFINITY) - (left ?? Number.NEGATIVE_INFINITY);
  });
}
