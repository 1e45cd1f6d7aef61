import { sum } from '../../aggregate/sums.js';
import type { Delta, FunctionStats, Report } from '../../model.js';
import { explainReport } from '../../notes.js';
import { hasComparison, isReference } from '../table/columns.js';
import { displayName, makeVisible } from '../table/display-name.js';
import { formatCount, formatPercent, formatSigned, formatTime } from '../table/format-time.js';
import { selectFunctions } from '../table/sort-functions.js';

export interface MarkdownOptions {
  readonly sort?: string | null;
  readonly top?: number | null;
}

/** The report as GitHub Markdown: heading, table, environment, notes. Ends with a line feed. */
export function toMarkdown(report: Report, options: MarkdownOptions = {}): string {
  const label = report.label ? ` @ ${escapeText(report.label)}` : '';
  const blocks = [`### 🎯 ttprof results${label}`];
  if (report.functions.length > 0) blocks.push(makeTable(report, options));
  const environment = describeEnvironment(report);
  if (environment !== '') blocks.push(`<sub>${environment}</sub>`);
  const notes = explainReport(report);
  if (notes.length > 0) blocks.push(notes.map((note) => `- ${escapeText(note)}`).join('\n'));
  return `${blocks.join('\n\n')}\n`;
}

function makeTable(report: Report, options: MarkdownOptions): string {
  const { functions, leftOut } = selectFunctions(report.functions, options.sort ?? null, options.top ?? null);
  const compared = hasComparison(report);
  const headers = ['function', 'calls', 'total', 'median ± σ', 'min … max', ...(compared ? ['delta'] : [])];
  const aligns = [':--', '--:', '--:', '--:', '--:', ...(compared ? [':--'] : [])];
  const rows = functions.map((f) => [
    codeSpan(displayName(f.name)),
    formatCount(f.calls),
    formatTime(f.totalNs),
    describeMedian(f),
    f.minNs === null || f.maxNs === null ? 'n/a' : `${formatTime(f.minNs)} … ${formatTime(f.maxNs)}`,
    ...(compared ? [f.delta ? describeDelta(f.delta) : isReference(f, report) ? '-' : 'n/a'] : []),
  ]);
  if (leftOut.length > 0) {
    const totals = [
      `${formatCount(leftOut.length)} more`,
      formatCount(sum(leftOut, (f) => f.calls)),
      formatTime(sum(leftOut, (f) => f.selfNs ?? f.totalNs)),
    ];
    rows.push([...totals, ...headers.slice(totals.length).map(() => '')]);
  }
  return [headers, aligns, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function describeMedian({ medianNs, stdevNs }: FunctionStats): string {
  if (medianNs === null) return 'n/a';
  return stdevNs === null ? formatTime(medianNs) : `${formatTime(medianNs)} ± ${formatTime(stdevNs)}`;
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
    run.cpu && `${run.cpu}${run.cores > 0 ? ` (${run.cores} cores)` : ''}`,
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
