import { formatCount } from '../../../shared/text/format-count.js';
import { shownSpreadNs } from '../../aggregate/spread.js';
import type { Delta, FunctionStats, Report } from '../../model.js';
import type { Style } from './color.js';
import { COLUMNS, DELTA, RANKS } from './column-list.js';
import { displayRow } from './display-name.js';
import { formatBytes, formatPercent, formatSigned, splitTime } from './format-time.js';
import { drawSparkline } from './sparkline.js';

/** A piece of a cell in one style. */
export interface Piece {
  readonly text: string;
  readonly styles: readonly Style[];
}
export type Cell = readonly Piece[];

/** A column of the table; every exporter of rows draws these. */
export interface Column {
  readonly id: string;
  readonly header: string;
  readonly headerStyles: readonly Style[];
  readonly align: 'left' | 'right';
  /** In which order columns are given up in a narrow terminal: the lowest first; null: never. */
  readonly rank: number | null;
  readonly cells: readonly Cell[];
}

/** From this rank on a column is given up only where not even the shortest names have room. */
export const ESSENTIAL_RANK = RANKS.median;

const DIM_NA: Cell = [{ text: 'n/a', styles: ['dim'] }];
const plain = (text: string): Cell => [{ text, styles: [] }];

/** Which columns are shown. */
export interface ColumnChoice {
  /** The columns that were asked for, in this order; null: tprof's. */
  readonly columns: readonly string[] | null;
  /** The rows' order: what they are ordered by is shown. */
  readonly sort: string | null;
}

/**
 * tprof's columns in tprof's order, then those that have something to say in this report, then the delta; or those
 * that were asked for.
 * @param functions the rows in the order in which they are shown
 */
export function makeColumns(
  report: Report,
  functions: readonly FunctionStats[],
  { columns, sort }: ColumnChoice = { columns: null, sort: null },
): Column[] {
  const name: Column = {
    id: 'function',
    header: 'function',
    headerStyles: [],
    align: 'left',
    rank: null,
    cells: functions.map((f) => [
      f.group === undefined
        ? { text: displayRow(f), styles: ['bold'] }
        : { text: `  ${f.group}`, styles: [] },
    ]),
  };
  const number = (id: string, align: 'left' | 'right' = 'right', missing: Cell = DIM_NA) =>
    makeNumberColumn(id, report, functions, align, missing);
  if (columns !== null) {
    const chosen = columns.flatMap((id) => (id === DELTA ? deltaColumns(report, functions) : [number(id)]));
    return [name, ...chosen];
  }
  const { stdev, extremes } = RANKS;
  const shown = [
    name,
    number('calls'),
    number('total'),
    number('median'),
    sign('±', stdev, functions, (f) => f.stdevNs !== null),
    // where a few calls make the standard deviation, the spread of the others stands in its place
    times('sd', 'σ', ['green'], stdev, 'left', functions, shownSpreadNs, []),
    number('min'),
    sign('…', extremes, functions, () => true),
    number('max', 'left'),
    ...optionalColumns(functions, number),
  ];
  const isMissing = sort !== null && sort in COLUMNS && !shown.some(({ id }) => id === sort);
  const drawing = shown.at(-1)?.id === 'distribution' ? [shown.pop()!] : [];
  const all = [...shown, ...(isMissing ? [number(sort)] : []), ...drawing];
  return hasComparison(report) ? [...all, ...deltaColumns(report, functions)] : all;
}

/** Columns that are there only where they say more than the others. */
function optionalColumns(
  functions: readonly FunctionStats[],
  number: (id: string, align?: 'right', missing?: Cell) => Column,
): Column[] {
  const columns: Column[] = [];
  if (haveOwnTimes(functions)) columns.push(number('self'));
  if (functions.some((f) => f.kind !== 'sync' && f.activeNs !== null))
    columns.push(number('active', 'right', []));
  if (functions.some((f) => f.cpuNs !== null)) columns.push(number('cpu'));
  if (functions.some((f) => f.allocBytes !== null)) columns.push(number('alloc'));
  const sparklines = functions.map((f) => drawSparkline(f.histogram));
  if (sparklines.some((line) => line !== '')) {
    const cells = sparklines.map(plain);
    columns.push({
      id: 'distribution',
      header: '',
      headerStyles: [],
      align: 'left',
      rank: RANKS.distribution,
      cells,
    });
  }
  return columns;
}

function makeNumberColumn(
  id: string,
  report: Report,
  functions: readonly FunctionStats[],
  align: 'left' | 'right',
  missing: Cell,
): Column {
  const { header, styles, unit, rank, value } = COLUMNS[id]!;
  if (unit === 'ns')
    return times(id, header, styles, rank, align, functions, (f) => value(f, report), missing);
  const show = (f: FunctionStats): Cell => {
    const shown = value(f, report);
    if (shown === null) return missing;
    if (unit === 'bytes') return plain(formatBytes(shown));
    return plain(unit === 'percent' ? `${shown.toFixed(1)}%` : showCalls(f));
  };
  return { id, header, headerStyles: styles, align: 'right', rank, cells: functions.map(show) };
}

/** As pstats prints it: of a function that called itself all calls, and those that were not inside another one. */
export function showCalls({ calls, outermostCalls }: FunctionStats): string {
  return outermostCalls < calls ? `${formatCount(calls)}/${formatCount(outermostCalls)}` : formatCount(calls);
}

function times(
  id: string,
  header: string,
  styles: readonly Style[],
  rank: number | null,
  align: 'left' | 'right',
  functions: readonly FunctionStats[],
  value: (f: FunctionStats) => number | null,
  missing: Cell = DIM_NA,
): Column {
  const values = functions.map(value);
  const split = values.map((ns) => (ns === null ? null : splitTime(ns)));
  // a lone `s` is padded where it would put its digits out of line with those before `ms`
  const pad = align === 'right' && split.some((time) => time !== null && time.unit !== 's');
  const cells = split.map((time): Cell => {
    if (time === null) return missing;
    const unit = pad && time.unit === 's' ? 's ' : time.unit;
    return [
      { text: time.digits, styles },
      { text: unit, styles: [] },
    ];
  });
  return { id, header, headerStyles: styles, align, rank, cells };
}

/** `±` or `…`, which goes together with the column behind it. */
function sign(
  header: string,
  rank: number,
  functions: readonly FunctionStats[],
  shown: (f: FunctionStats) => boolean,
): Column {
  return {
    id: header,
    header,
    headerStyles: [],
    align: 'left',
    rank,
    cells: functions.map((f) => plain(shown(f) ? header : '')),
  };
}

/**
 * Whether own times tell something that totals do not: where one of the functions calls another, or where some of its
 * calls (those of a `--by` group) are all within others of it, so that their total is 0.
 */
export function haveOwnTimes(functions: readonly FunctionStats[]): boolean {
  return functions.some(
    (f) => f.selfNs !== null && (f.selfNs < f.totalNs * 0.999 || (f.calls > 0 && f.outermostCalls === 0)),
  );
}

/** Whether the report compares anything, and so has a column for it. */
export function hasComparison(report: Report): boolean {
  return Boolean(report.comparison) || report.functions.some((f) => f.delta !== null);
}

/** Whether the others are compared with this function. */
export function isReference(f: FunctionStats, report: Report): boolean {
  return report.comparison?.kind === 'first' && f.name === report.functions[0]?.name && f.delta === null;
}

/** The change, its interval and the verdict: three columns under one header, so that the interval can be given up. */
function deltaColumns(report: Report, functions: readonly FunctionStats[]): Column[] {
  const deltas = functions.map((f) => f.delta);
  const missing = (f: FunctionStats): Cell =>
    isReference(f, report) ? [{ text: '-', styles: ['dim'] }] : DIM_NA;
  const percents = alignRight(deltas.map((d) => (d === null ? '' : formatPercent(d.percent))));
  const lows = alignRight(deltas.map((d) => (d?.low == null || d.high == null ? '' : formatSigned(d.low))));
  const highs = alignRight(deltas.map((d) => (d?.low == null || d.high == null ? '' : formatSigned(d.high))));
  const shared = { headerStyles: [], align: 'left' } as const;
  return [
    {
      ...shared,
      id: 'delta',
      header: 'delta',
      rank: RANKS.delta,
      cells: functions.map((f, i) =>
        f.delta === null ? missing(f) : [{ text: percents[i]!, styles: verdictStyles(f.delta) }],
      ),
    },
    {
      ...shared,
      id: 'interval',
      header: '',
      rank: RANKS.interval,
      cells: deltas.map((d, i) => {
        if (d?.low == null || d.high == null) return [];
        const styles: readonly Style[] = verdictStyles(d).includes('dim') ? ['dim'] : [];
        return [{ text: `[${lows[i]}, ${highs[i]}]`, styles }];
      }),
    },
    {
      ...shared,
      id: 'verdict',
      header: '',
      rank: RANKS.verdict,
      cells: deltas.map((d) => (d?.verdict ? [{ text: d.verdict, styles: verdictStyles(d) }] : [])),
    },
  ].filter((column) => column.id === 'delta' || column.cells.some((cell) => cell.length > 0));
}

function alignRight(texts: readonly string[]): string[] {
  const width = Math.max(0, ...texts.map((text) => text.length));
  return texts.map((text) => text.padStart(width));
}

function verdictStyles(delta: Delta): readonly Style[] {
  switch (delta.verdict) {
    case 'faster':
      return ['bold', 'green'];
    case 'slower':
      return ['bold', 'red'];
    case 'same':
      return ['bold'];
    default:
      return ['dim']; // nobody should read a direction into what is unsure
  }
}
