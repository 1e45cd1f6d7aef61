import { formatCount } from '../../../shared/text/format-count.js';
import { sum } from '../../aggregate/sums.js';
import type { FunctionStats, Report } from '../../model.js';
import { explainReport } from '../../notes.js';
import { type CallEdge, listCalls, PROGRAM } from './call-lists.js';
import { paint, type Style } from './color.js';
import { RANKS } from './column-list.js';
import { type Cell, type Column, ESSENTIAL_RANK, makeColumns, type Piece } from './columns.js';
import { displayName, makeVisible, shortenName } from './display-name.js';
import { describeChange, describeTree, selectDrilled } from './drill-tree.js';
import { formatTime } from './format-time.js';
import { describeHiddenGroups, withGroups } from './group-rows.js';
import { describePerfTree } from './perf-tree.js';
import { selectFunctions } from './select-functions.js';
import type { TableView } from './table-view.js';
import { graphemes, shortenMiddle, textWidth, wrapWords } from './text-width.js';

export interface TableOptions extends TableView {
  /** The terminal's width; `Infinity` where the output is no terminal. */
  readonly columns: number;
  readonly color: boolean;
}

/** Names are shortened to this before a column is given up for them. */
const COMFORTABLE_NAME_WIDTH = 24;
const MIN_NAME_WIDTH = 8;

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
  const { sort = null, top = null, chosen = null } = options;
  const { functions, leftOut, neverCalled } = selectFunctions(report, sort, top);
  const rows = withGroups(functions);
  const columns = makeColumns(report, rows, { columns: chosen, sort }).map((column) =>
    leftOut.length > 0 ? { ...column, cells: [...column.cells, totalCell(column, leftOut)] } : column,
  );
  const lines = renderColumns(columns, rows.length + (leftOut.length > 0 ? 1 : 0), options);
  if (neverCalled.length > 0) lines.push(...renderText(describeNeverCalled(neverCalled), options));
  for (const line of describeHiddenGroups(functions)) lines.push(...renderText(line, options));
  return [...lines, ...renderCalls(report, functions, options), ...renderTrees(report, functions, options)];
}

export function describeNeverCalled({ length }: readonly FunctionStats[]): string {
  const were = length === 1 ? 'function was' : 'functions were';
  return `${formatCount(length)} ${were} never called (--top 0 lists ${length === 1 ? 'it' : 'them'})`;
}

/** Who called each function, and whom it called. */
function renderCalls(report: Report, functions: readonly FunctionStats[], options: TableOptions): string[] {
  const { callers = null, callees = null } = options;
  return listCalls(functions, report.functions, { callers, callees }).flatMap(({ title, edges }) => {
    const cells = (show: (edge: CallEdge) => string) =>
      edges.map((edge): Cell => [{ text: show(edge), styles: [] }]);
    const column = (
      header: string,
      align: Column['align'],
      rank: number | null,
      show: (edge: CallEdge) => string,
    ) => ({
      id: header,
      header,
      headerStyles: [],
      align,
      rank,
      cells: cells(show),
    });
    const [callersOf, name] = [
      title.slice(0, title.indexOf(' of ') + 4),
      title.slice(title.indexOf(' of ') + 4),
    ];
    const columns = [
      column(`${callersOf}${displayName(name)}`, 'left', null, (edge) =>
        edge.name === PROGRAM ? `  ${PROGRAM}` : `  ${displayName(edge.name)}`,
      ),
      column('calls', 'right', RANKS.calls, (edge) => formatCount(edge.calls)),
      column('total', 'right', RANKS.total, (edge) => formatTime(edge.totalNs)),
      column('share', 'right', RANKS.self, (edge) =>
        edge.share === null ? '' : `${edge.share.toFixed(1)}%`,
      ),
    ];
    const none = edges.length === 0 ? ['   none among the targets'] : [];
    return ['', ...renderColumns(columns, edges.length, options), ...none];
  });
}

/** What ran inside each function, under `--drill` and `--perf`. */
function renderTrees(
  report: Report,
  functions: readonly FunctionStats[],
  { columns, color }: TableOptions,
): string[] {
  const outside = functions.map(describePerfTree);
  const inside = selectDrilled(functions).flatMap((f) => {
    const before =
      f.baseline ?? (f.delta && report.functions.find(({ name }) => name === f.delta?.against)) ?? null;
    return [describeTree(f), ...(before === null ? [] : [describeChange(before, f)])];
  });
  return [...inside, ...outside].flatMap((text) => {
    const [title, ...lines] = text.map(
      (line) => ` ${clip([{ text: line, styles: [] }], columns - 1)[0]!.text}`,
    );
    return title === undefined ? [] : ['', paint(title, ['bold'], color), ...lines];
  });
}

/** Columns with their headers, as wide as there is room. */
export function renderColumns(columns: readonly Column[], rowCount: number, options: TableOptions): string[] {
  const shown = fitColumns(columns, options.columns);
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

function renderText(text: string, { columns, color }: TableOptions): string[] {
  return wrapWords(text, columns - 1).map((line) => paint(` ${line}`, ['dim'], color));
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
    if (room() >= (rank >= ESSENTIAL_RANK ? MIN_NAME_WIDTH : wanted)) break;
    kept = kept.filter((column) => column.rank !== rank);
  }
  const width = Math.max(MIN_NAME_WIDTH, Math.min(nameWidth, room()));
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
