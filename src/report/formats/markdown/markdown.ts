import { formatCount, formatCounted } from '../../../shared/text/format-count.js';
import { shownSpreadNs } from '../../aggregate/spread.js';
import { sum } from '../../aggregate/sums.js';
import type { Delta, FunctionStats, Report } from '../../model.js';
import { explainReport } from '../../notes.js';
import { listCalls } from '../table/call-lists.js';
import { DELTA } from '../table/column-list.js';
import { hasComparison, isReference, makeColumns, showCalls } from '../table/columns.js';
import { displayRow, makeVisible } from '../table/display-name.js';
import { formatPercent, formatSigned, formatTime } from '../table/format-time.js';
import { describeHiddenGroups, withGroups } from '../table/group-rows.js';
import { selectFunctions } from '../table/select-functions.js';
import { describeNeverCalled } from '../table/table.js';
import type { TableView } from '../table/table-view.js';

/** The report as GitHub Markdown: heading, table, environment, notes. Ends with a line feed. */
export function toMarkdown(report: Report, options: TableView = {}): string {
  const label = report.label ? ` @ ${escapeText(report.label)}` : '';
  const blocks = [`### 🎯 ttprof results${label}`];
  if (report.functions.length > 0) blocks.push(makeTable(report, options));
  const environment = describeEnvironment(report);
  if (environment !== '') blocks.push(`<sub>${environment}</sub>`);
  const notes = explainReport(report);
  if (notes.length > 0) blocks.push(notes.map((note) => `- ${escapeText(note)}`).join('\n'));
  return `${blocks.join('\n\n')}\n`;
}

function makeTable(report: Report, options: TableView): string {
  const { sort = null, top = null, chosen = null, callers = null, callees = null } = options;
  const { functions, leftOut, neverCalled } = selectFunctions(report, sort, top);
  const rows = withGroups(functions);
  const table = chosen === null ? ourColumns(report, rows) : chosenColumns(report, rows, chosen);
  if (leftOut.length > 0) {
    const totals: Record<string, string> = {
      calls: formatCount(sum(leftOut, (f) => f.calls)),
      total: formatTime(sum(leftOut, (f) => f.selfNs ?? f.totalNs)),
    };
    const cells = table.headers.slice(1).map((header) => totals[header] ?? '');
    table.rows.push([`${formatCount(leftOut.length)} more`, ...cells]);
  }
  const blocks = [drawTable(table)];
  blocks.push(...describeHiddenGroups(functions).map(escapeText));
  if (neverCalled.length > 0) blocks.push(describeNeverCalled(neverCalled));
  for (const { title, edges } of listCalls(functions, report.functions, { callers, callees }))
    blocks.push(
      drawTable({
        headers: [escapeText(title), 'calls', 'total', 'share'],
        aligns: [':--', '--:', '--:', '--:'],
        rows: edges.map((edge) => [
          codeSpan(edge.name),
          formatCount(edge.calls),
          formatTime(edge.totalNs),
          edge.share === null ? '' : `${edge.share.toFixed(1)}%`,
        ]),
      }),
    );
  return blocks.join('\n\n');
}

interface MarkdownTable {
  readonly headers: readonly string[];
  readonly aligns: readonly string[];
  readonly rows: string[][];
}

const drawTable = ({ headers, aligns, rows }: MarkdownTable): string =>
  [headers, aligns, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

function ourColumns(report: Report, functions: readonly FunctionStats[]): MarkdownTable {
  const compared = hasComparison(report);
  return {
    headers: ['function', 'calls', 'total', 'median ± σ', 'min … max', ...(compared ? ['delta'] : [])],
    aligns: [':--', '--:', '--:', '--:', '--:', ...(compared ? [':--'] : [])],
    rows: functions.map((f) => [
      showRowName(f),
      showCalls(f),
      formatTime(f.totalNs),
      describeMedian(f),
      f.minNs === null || f.maxNs === null ? 'n/a' : `${formatTime(f.minNs)} … ${formatTime(f.maxNs)}`,
      ...(compared ? [showDelta(f, report)] : []),
    ]),
  };
}

/** The terminal's columns, their pieces as text. */
function chosenColumns(
  report: Report,
  functions: readonly FunctionStats[],
  chosen: readonly string[],
): MarkdownTable {
  const columns = makeColumns(report, functions, {
    columns: chosen.filter((id) => id !== DELTA),
    sort: null,
  }).slice(1);
  const hasDelta = chosen.includes(DELTA);
  return {
    headers: ['function', ...columns.map(({ header }) => header), ...(hasDelta ? ['delta'] : [])],
    aligns: [':--', ...columns.map(() => '--:'), ...(hasDelta ? [':--'] : [])],
    rows: functions.map((f, row) => [
      showRowName(f),
      ...columns.map(({ cells }) => cells[row]!.map(({ text }) => text).join('')),
      ...(hasDelta ? [showDelta(f, report)] : []),
    ]),
  };
}

function showRowName(f: FunctionStats): string {
  return f.group === undefined ? codeSpan(displayRow(f)) : `&nbsp;&nbsp;${codeSpan(f.group)}`;
}

function showDelta(f: FunctionStats, report: Report): string {
  return f.delta ? describeDelta(f.delta) : isReference(f, report) ? '-' : 'n/a';
}

function describeMedian(f: FunctionStats): string {
  if (f.medianNs === null) return 'n/a';
  const spreadNs = shownSpreadNs(f);
  return spreadNs === null ? formatTime(f.medianNs) : `${formatTime(f.medianNs)} ± ${formatTime(spreadNs)}`;
}

function describeDelta({ percent, low, high, verdict }: Delta): string {
  const sure = verdict !== null && verdict !== 'unsure';
  const number = sure ? `**${formatPercent(percent)}**` : formatPercent(percent);
  const interval = low === null || high === null ? '' : ` [${formatSigned(low)}, ${formatSigned(high)}]`;
  return `${number}${interval}${verdict === null ? '' : ` ${sure ? `**${verdict}**` : verdict}`}`;
}

function describeEnvironment({ run }: Report): string {
  const parts = [
    run.ttprof && `ttprof ${run.ttprof}`,
    run.node && `Node ${run.node}`,
    run.platform && `${run.platform} ${run.arch}`,
    run.cpu && `${run.cpu}${run.cores > 0 ? ` (${formatCounted(run.cores, 'core')})` : ''}`,
    run.runs > 1 && `${run.runs} runs`,
    ...run.flags,
  ];
  return parts
    .filter((part): part is string => typeof part === 'string' && part !== '')
    .map(escapeText)
    .join(' · ');
}

/** Text that stays text: neither Markdown nor HTML, on one line. */
function escapeText(text: string): string {
  return makeVisible(text)
    .replace(/[\\`*_{}[\]()<>#|~!]/g, (char) => `\\${char}`)
    .replace(/&/g, '&amp;')
    .replace(/@/g, '&#64;'); // GitHub would notify a user of that name
}

/** Code that may hold anything; a `|` ends a table's cell even in code, unless it is escaped. */
function codeSpan(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${fence}${space}${text.replaceAll('|', '\\|')}${space}${fence}`;
}
