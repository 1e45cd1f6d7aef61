import type { Cell, Column } from '../report/formats/table/columns.js';
import { formatPercent, formatSigned, formatTime } from '../report/formats/table/format-time.js';
import { renderColumns } from '../report/formats/table/table.js';
import { formatCount, formatCounted } from '../shared/text/format-count.js';
import type { TimeitResult } from './judge-timings.js';

/**
 * One line for one expression, a table for several, and the notes. Ends with a line feed.
 * @param kind what is in the first column
 */
export function renderTimings(
  results: readonly TimeitResult[],
  columns: number,
  kind: 'expression' | 'benchmark' = 'expression',
): string {
  const [first] = results;
  const lines = results.length === 1 ? [renderLine(first!)] : renderTable(results, columns, kind);
  return [...lines, ...explain(results).map((note) => ` note: ${note}`), ''].join('\n');
}

function renderLine({ loops, rounds, runs, bestNs, medianNs, stdevNs }: TimeitResult): string {
  const spread = stdevNs === null ? '' : ` ± ${formatTime(stdevNs)}`;
  const of = runs === 1 ? `${rounds}` : `${rounds} in ${runs} runs`;
  return `${formatCounted(loops, 'loop')}, best of ${of}: ${formatTime(bestNs)} per loop (median ${formatTime(medianNs)}${spread})`;
}

function renderTable(results: readonly TimeitResult[], columns: number, kind: string): string[] {
  const cells = (show: (result: TimeitResult) => string): Cell[] =>
    results.map((result) => [{ text: show(result), styles: [] }]);
  const column = (
    header: string,
    align: Column['align'],
    rank: number | null,
    show: (result: TimeitResult) => string,
  ): Column => ({ id: header, header, headerStyles: [], align, rank, cells: cells(show) });
  return renderColumns(
    [
      column(kind, 'left', null, ({ name }) => name.replace(/\s+/g, ' ')),
      column('loops', 'right', 1, ({ loops }) => formatCount(loops)),
      column('median', 'right', 3, ({ medianNs }) => formatTime(medianNs)),
      column('± σ', 'left', 2, ({ stdevNs }) => (stdevNs === null ? '' : `± ${formatTime(stdevNs)}`)),
      column('best', 'right', 4, ({ bestNs }) => formatTime(bestNs)),
      column('delta', 'left', 5, showDelta),
    ],
    results.length,
    { columns, color: false },
  );
}

function showDelta({ delta }: TimeitResult): string {
  if (delta === null) return '-';
  const { percent, low, high, verdict } = delta;
  const interval = low === null || high === null ? '' : ` [${formatSigned(low)}, ${formatSigned(high)}]`;
  return `${formatPercent(percent)}${interval}${verdict === null ? '' : ` ${verdict}`}`;
}

function explain(results: readonly TimeitResult[]): string[] {
  const empty = results.filter(({ isEmpty }) => isEmpty);
  return [
    ...empty.map(
      ({ name }) =>
        `${name.trim() || '(nothing)'}: its time is that of an empty loop; V8 has nothing to do for it, or has found out that it need not`,
    ),
    ...results.flatMap(({ name, delta }) => (delta?.reason ? [`${name}: ${delta.reason}`] : [])),
  ];
}
