import { TtprofError } from '../../../shared/errors.js';
import { durationQuantile, robustSpreadNs } from '../../aggregate/spread.js';
import type { FunctionStats, Report } from '../../model.js';
import type { Style } from './color.js';

/** One column of numbers: what `--columns` and `--sort` name. A new column is one new entry in {@link COLUMNS}. */
export interface NumberColumn {
  readonly header: string;
  readonly styles: readonly Style[];
  readonly unit: 'count' | 'ns' | 'percent' | 'bytes';
  /** In which order columns are given up in a narrow terminal: the lowest first. */
  readonly rank: number;
  /** Null where there is nothing to say. */
  readonly value: (f: FunctionStats, report: Report) => number | null;
}

/** The order in which columns are given up where the terminal is too narrow; the others stay. */
export const RANKS = {
  distribution: 1,
  self: 2,
  active: 3,
  cpu: 4,
  alloc: 4.5,
  extremes: 5,
  interval: 6,
  stdev: 7,
  asked: 7.5,
  total: 8,
  calls: 9,
  median: 10,
  verdict: 11,
  delta: 12,
} as const;

const time = (
  header: string,
  value: NumberColumn['value'],
  rank: number = RANKS.asked,
  styles: readonly Style[] = [],
): NumberColumn => ({ header, styles, unit: 'ns', rank, value });

export const COLUMNS: Readonly<Record<string, NumberColumn>> = {
  calls: { header: 'calls', styles: [], unit: 'count', rank: RANKS.calls, value: (f) => f.calls },
  total: time('total', (f) => f.totalNs, RANKS.total),
  share: {
    header: 'share',
    styles: [],
    unit: 'percent',
    rank: RANKS.asked,
    value: (f, { run }) => (run.durationNs > 0 ? (100 * f.totalNs) / run.durationNs : null),
  },
  self: time('self', (f) => f.selfNs, RANKS.self),
  mean: time('mean', (f) => f.meanNs),
  median: time('median', (f) => f.medianNs, RANKS.median, ['green']),
  sd: time('σ', (f) => f.stdevNs, RANKS.stdev, ['green']),
  min: time('min', (f) => f.minNs, RANKS.extremes, ['cyan']),
  max: time('max', (f) => f.maxNs, RANKS.extremes, ['magenta']),
  p75: time('p75', (f) => f.p75Ns),
  p90: time('p90', (f) => f.p90Ns),
  p95: time('p95', (f) => durationQuantile(f, 0.95)),
  p99: time('p99', (f) => f.p99Ns),
  p999: time('p999', (f) => f.p999Ns),
  active: time('active', (f) => (f.kind === 'sync' ? null : f.activeNs), RANKS.active),
  cpu: time('cpu', (f) => f.cpuNs, RANKS.cpu),
  gc: time('gc', (f) => f.gcNs),
  alloc: {
    header: 'alloc',
    styles: [],
    unit: 'bytes',
    rank: RANKS.alloc,
    value: (f) => f.allocMedianBytes ?? f.allocBytes,
  },
  spread: time('spread', robustSpreadNs),
};

/** The change of what was compared is more than a number: its columns are made in `columns.ts`. */
export const DELTA = 'delta';

/** What else the rows can be ordered by. */
const ONLY_SORTED: Readonly<Record<string, (f: FunctionStats, report: Report) => number | string | null>> = {
  function: (f) => f.name,
  errors: (f) => f.errors,
  [DELTA]: (f) => f.delta?.percent ?? null,
};

/** Other names that people type. */
const ALIASES: Readonly<Record<string, string>> = { name: 'function', σ: 'sd', stdev: 'sd' };

/**
 * @param text the value of `--sort`
 * @returns the column's name
 * @throws {TtprofError} that lists all of them; the caller adds whose value it is
 */
export function parseSortColumn(text: string): string {
  const column = ALIASES[text] ?? text;
  const names = ['function', ...Object.keys(COLUMNS), 'errors', DELTA];
  if (names.includes(column)) return column;
  throw new TtprofError(`expected one of ${names.join(', ')}`);
}

/**
 * @param text the value of `--columns`
 * @returns the columns' names, in this order
 * @throws {TtprofError} that lists all of them; the caller adds whose value it is
 */
export function parseColumns(text: string): readonly string[] {
  const names = [...Object.keys(COLUMNS), DELTA];
  const columns = text.split(',').map((name) => ALIASES[name.trim()] ?? name.trim());
  if (columns.every((column) => names.includes(column))) return columns;
  throw new TtprofError(`expected names from ${names.join(', ')}, separated by commas`);
}

/** By what a column orders rows. */
export function sortKeyOf(column: string): (f: FunctionStats, report: Report) => number | string | null {
  const known = parseSortColumn(column);
  return ONLY_SORTED[known] ?? COLUMNS[known]!.value;
}
