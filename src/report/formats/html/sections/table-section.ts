import { shownSpreadNs } from '../../../aggregate/spread.js';
import type { FunctionStats, Report } from '../../../model.js';
import { haveOwnTimes, showCalls } from '../../table/columns.js';
import { html, type Markup } from '../markup.js';
import { showRow } from '../name.js';
import { showDuration } from '../numbers.js';
import { drawSparkline } from '../pictures/draw-sparkline.js';
import { showChange, showVerdict } from '../verdict.js';

/** Fewer rows than this are seen at a glance: a filter would only be in the way. */
const FILTER_FROM = 6;

/** The columns that not every report has. */
interface Shown {
  readonly delta: boolean;
  readonly self: boolean;
}

/**
 * The table of all functions, a row each, which leads to the function's section.
 * @param sortedByTotal whether the functions come in that order, which the table's head then shows
 */
export function renderTableSection(report: Report, sortedByTotal: boolean): Markup {
  if (report.functions.length === 0) return html``;
  const shown: Shown = {
    delta: report.functions.some((fn) => fn.delta !== null),
    self: haveOwnTimes(report.functions),
  };
  const by = shown.delta ? 'name or verdict' : 'name';
  const filter =
    report.functions.length < FILTER_FROM
      ? null
      : html`<label data-scripted hidden><input id="filter" type="search" placeholder="Filter by ${by}  ( / )" aria-label="Filter functions by ${by}" aria-controls="functions-table" autocomplete="off" spellcheck="false"></label>`;
  return html`<section aria-labelledby="table-heading"><h2 id="table-heading">Functions</h2><div class="tools">${filter}<span class="status" id="status" role="status"></span></div><div class="scroll" tabindex="0" role="group" aria-label="Table, scrolls sideways"><table id="functions-table" class="${shown.delta ? 'compared' : ''}"><thead><tr>${header('Function', '')}${header('Calls', 'optional')}${header('Total', '', sortedByTotal)}${shown.self ? header('Self', 'optional') : null}${header('Median', '')}<th scope="col" class="sigma"><span>± σ</span></th>${header('Fastest', 'spread')}${header('Slowest', 'spread')}<th scope="col" class="optional picture"><span>Spread</span></th>${
    shown.delta
      ? html`<th scope="col" class="change" data-first="ascending"><button type="button">Change</button></th>`
      : null
  }</tr></thead><tbody>${report.functions.map((fn, i) => renderRow(fn, i, shown))}</tbody></table></div></section>`;
}

function header(text: string, className: string, sorted = false): Markup {
  return html`<th scope="col" class="${className}"${sorted ? html` aria-sort="descending"` : null}><button type="button">${text}</button></th>`;
}

function renderRow(fn: FunctionStats, index: number, shown: Shown): Markup {
  const { delta } = fn;
  return html`<tr data-index="${index}" data-search="${fn.name} ${delta?.verdict ?? ''}"><th scope="row" data-value="${fn.name}"><a href="#f${index}">${showRow(fn)}</a></th>${cell(fn.calls, showCalls(fn), 'optional')}${cell(fn.totalNs, showDuration(fn.totalNs))}${shown.self ? cell(fn.selfNs, showDuration(fn.selfNs), 'optional') : null}${cell(fn.medianNs, showDuration(fn.medianNs))}<td class="sigma">${showSpread(fn)}</td>${cell(fn.minNs, showDuration(fn.minNs), 'spread')}${cell(fn.maxNs, showDuration(fn.maxNs), 'spread')}<td class="optional picture">${drawSparkline(fn.histogram)}</td>${
    shown.delta
      ? html`<td class="change" data-value="${delta?.percent ?? ''}">${delta === null ? '–' : html`${showVerdict(delta.verdict)} ${showChange(delta)}`}</td>`
      : null
  }</tr>`;
}

function showSpread(fn: FunctionStats): string | null {
  const spreadNs = shownSpreadNs(fn);
  return spreadNs === null ? null : `± ${showDuration(spreadNs)}`;
}

function cell(value: number | null, text: string, className = ''): Markup {
  return html`<td class="${className}" data-value="${value ?? ''}">${text}</td>`;
}
