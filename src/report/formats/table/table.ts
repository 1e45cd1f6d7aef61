import { sum } from '../../aggregate/sums.js';
import type { FunctionStats, Report } from '../../model.js';
import { explainReport } from '../../notes.js';
import { paint, type Style } from './color.js';
import { type Cell, type Column, ESSENTIAL_RANK, makeColumns, type Piece } from './columns.js';
import { makeVisible, shortenName } from './display-name.js';
import { formatCount, formatTime } from './format-time.js';
import { selectFunctions } from './sort-functions.js';
import { graphemes, shortenMiddle, textWidth, wrapWords } from './text-width.js';

export interface TableOptions {
  /** The terminal's width; `Infinity` where the output is no terminal. */
  readonly columns: number;
  readonly color: boolean;
  /** A column of `sort-functions.ts`; null or left out: the targets' order. */
  readonly sort?: string | null;
  /** How many rows at most; null or left out: all. */
  readonly top?: number | null;
}

/** Names are shortened to this before a column is given up for them. */
const COMFORTABLE_NAME_WIDTH = 24;
const SHORTEST_NAME_WIDTH = 8;

/** The report for a terminal: heading, table, notes. Ends with a line feed. */
export function renderTable(report: Report, options: TableOptions): string {
  const lines = [renderHeading(report, options)];
  if (report.functions.length > 0) lines.push(...renderRows(report, options));
  lines.push(...explainReport(report).flatMap((note) => renderNote(note, options)));
  return `${lines.join('\n')}\n`;
}

function renderHeading(report: Report, { columns, color }: TableOptions): string {
  const title = `🎯 ${paint('ttprof', ['bold', 'red'], color)} results`;
  if (!report.label) return `${title}:`;
  const room = Math.max(1, columns - textWidth('🎯 ttprof results @ :'));
  const label = shortenMiddle(makeVisible(report.label), room);
  return `${title} @ ${paint(label, ['bold', 'blue'], color)}:`;
}

/** One line; in a terminal broken between words rather than in the middle of one. */
function renderNote(note: string, { columns, color }: TableOptions): string[] {
  const mark = ' note: ';
  const [first, ...others] = wrapWords(makeVisible(note), columns - mark.length);
  const indent = ' '.repeat(mark.length);
  return [paint(mark, ['dim'], color) + first, ...others.map((line) => indent + line)];
}

function renderRows(report: Report, options: TableOptions): string[] {
  const { functions, leftOut } = selectFunctions(report.functions, options.sort ?? null, options.top ?? null);
  const columns = [...makeColumns(report, functions)].map((column) =>
    leftOut.length > 0 ? { ...column, cells: [...column.cells, totalCell(column, leftOut)] } : column,
  );
  const shown = fitColumns(columns, options.columns);
  const rowCount = functions.length + (leftOut.length > 0 ? 1 : 0);
  const header = renderRow(
    shown.map((column) => [{ text: column.header, styles: column.headerStyles }]),
    shown,
    options,
  );
  const rows = Array.from({ length: rowCount }, (_, i) =>
    renderRow(
      shown.map((column) => column.cells[i] ?? []),
      shown,
      options,
    ),
  );
  return [header, ...rows];
}

/** The last row under `--top`: how many functions were left out, their calls and their time, counted once. */
function totalCell(column: Column, leftOut: readonly FunctionStats[]): Cell {
  const styles: readonly Style[] = ['dim'];
  switch (column.id) {
    case 'function':
      return [{ text: `${formatCount(leftOut.length)} more`, styles }];
    case 'calls':
      return [{ text: formatCount(sum(leftOut, (f) => f.calls)), styles }];
    case 'total':
      // of functions that call each other, `total` would count the same time twice
      return [{ text: formatTime(sum(leftOut, (f) => f.selfNs ?? f.totalNs)), styles }];
    default:
      return [];
  }
}

interface Fitted extends Column {
  readonly width: number;
}

/** Gives up columns, the least important first, until names have room; then shortens the names. */
function fitColumns(columns: readonly Column[], available: number): Fitted[] {
  const fitted = columns.map((column) => ({ ...column, width: naturalWidth(column) }));
  const nameWidth = fitted[0]!.width;
  const wanted = Math.min(nameWidth, COMFORTABLE_NAME_WIDTH);
  const ranks = [...new Set(fitted.flatMap(({ rank }) => (rank === null ? [] : [rank])))].sort(
    (a, b) => a - b,
  );

  let kept = fitted;
  const room = () => available - kept.slice(1).reduce((sum, column) => sum + column.width + 1, 1);
  for (const rank of ranks) {
    if (room() >= (rank >= ESSENTIAL_RANK ? SHORTEST_NAME_WIDTH : wanted)) break;
    kept = kept.filter((column) => column.rank !== rank);
  }
  const width = Math.max(SHORTEST_NAME_WIDTH, Math.min(nameWidth, room()));
  const shortened = kept[0]!.cells.map((cell) =>
    cell.map((piece) => ({ ...piece, text: shortenName(piece.text, width) })),
  );
  return [{ ...kept[0]!, width, cells: shortened }, ...kept.slice(1)];
}

function naturalWidth({ header, cells }: Column): number {
  return Math.max(textWidth(header), ...cells.map(cellWidth));
}

function cellWidth(cell: Cell): number {
  return cell.reduce((sum, { text }) => sum + textWidth(text), 0);
}

function renderRow(cells: readonly Cell[], columns: readonly Fitted[], options: TableOptions): string {
  const pieces = columns.flatMap((column, i): Piece[] => {
    const cell = cells[i] ?? [];
    const padding: Piece = { text: ' '.repeat(Math.max(0, column.width - cellWidth(cell))), styles: [] };
    const space: Piece = { text: ' ', styles: [] };
    return column.align === 'right' ? [space, padding, ...cell] : [space, ...cell, padding];
  });
  return clip(pieces, options.columns)
    .map(({ text, styles }) => paint(text, styles, options.color))
    .join('')
    .trimEnd();
}

/** Whatever is still too wide ends at the terminal's edge: a line never wraps. */
function clip(pieces: readonly Piece[], width: number): Piece[] {
  let left = width;
  return pieces.map(({ text, styles }) => {
    let kept = '';
    for (const unit of textWidth(text) <= left ? [text] : graphemes(text)) {
      const unitWidth = textWidth(unit);
      if (unitWidth > left) break;
      kept += unit;
      left -= unitWidth;
    }
    return { text: kept, styles };
  });
}
