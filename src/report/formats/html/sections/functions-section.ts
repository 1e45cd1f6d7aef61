import type { FunctionStats, Report } from '../../../model.js';
import { selectDrilled } from '../../table/drill-tree.js';
import { html, type Markup } from '../markup.js';
import { showName, showRow } from '../name.js';
import { showCount, showCounted, showDuration } from '../numbers.js';
import { drawDistribution } from '../pictures/draw-distribution.js';
import { drawPercentiles } from '../pictures/draw-percentiles.js';
import { drawRuns } from '../pictures/draw-runs.js';
import { drawTimeline, type TimelineOptions } from '../pictures/draw-timeline.js';
import { findSides } from '../sides.js';
import { showChange, showVerdict, withoutVerdict } from '../verdict.js';
import { renderBreakdown } from './breakdown-section.js';
import { renderFacts } from './facts.js';
import { renderInside } from './inside-section.js';

/** Up to this many functions, all sections are open at once; of more only the table is seen at first. */
const OPEN_UP_TO = 2;

/** What all timelines of a page share: with hundreds of functions each gets less, so that the page stays small. */
const DOTS_BUDGET = 24_000;
const MAX_DOTS = 700;
const MIN_DOTS = 60;

/** Pictures of more functions would make the page too large to open; the others have their numbers. */
const MAX_PICTURED = 500;

/** A section for each function, closed but for a few, in the order of the table. */
export function renderFunctionsSection(report: Report): Markup {
  const { functions } = report;
  if (functions.length === 0) return html``;
  const mostDots = Math.max(MIN_DOTS, Math.min(MAX_DOTS, Math.floor(DOTS_BUDGET / functions.length)));
  const timeline: TimelineOptions = { mostDots, columns: Math.max(MIN_DOTS, Math.floor(mostDots * 0.45)) };
  const page: PageContext = {
    report,
    timeline,
    open: functions.length <= OPEN_UP_TO,
    drilled: new Set(selectDrilled(functions)),
    files: new Map(functions.map((fn) => [fn.name, fn.file])),
  };
  return html`<section aria-labelledby="sections-heading"><h2 id="sections-heading">Each function in pictures</h2><div class="tools">${
    functions.length > OPEN_UP_TO
      ? html`<button class="button" type="button" id="open-all" data-scripted hidden>Open all</button>`
      : null
  }</div>${
    functions.length > MAX_PICTURED
      ? html`<p class="lead">Pictures are drawn of the ${showCount(MAX_PICTURED)} functions with the most time; the others have their numbers.</p>`
      : null
  }<div class="functions" id="sections">${functions.map((fn, i) =>
    renderFunction(fn, i, page),
  )}</div></section>`;
}

/** What the sections have in common. */
interface PageContext {
  readonly report: Report;
  readonly timeline: TimelineOptions;
  readonly open: boolean;
  /** Those whose insides are shown. */
  readonly drilled: ReadonlySet<FunctionStats>;
  /** The file part of each canonical name. */
  readonly files: ReadonlyMap<string, string>;
}

function renderFunction(fn: FunctionStats, index: number, page: PageContext): Markup {
  const { report, timeline, open } = page;
  const sides = findSides(fn, report);
  const { delta } = fn;
  const figures =
    index >= MAX_PICTURED
      ? []
      : [
          figure(
            sides.length > 1 ? 'Distribution, before and after' : 'Distribution',
            drawDistribution(sides),
          ),
          figure('Percentiles', drawPercentiles(sides)),
          figure('Calls in time', drawTimeline(fn, report, timeline), 'wide'),
          figure('Medians of the runs', drawRuns(sides), 'wide'),
        ];
  return html`<details class="function" id="d${index}"${open ? html` open` : null}><summary>${showRow(fn)}${
    delta === null ? null : html`<span>${showVerdict(delta.verdict)} ${showChange(delta)}</span>`
  }<span class="quiet">${describeMedian(fn)}</span></summary><div class="function-body" id="f${index}" tabindex="-1"><p class="lead">${describePlace(fn, page.files)}${
    delta?.reason ? html` ${delta.verdict ?? 'No verdict'}: ${withoutVerdict(delta.reason)}.` : null
  }</p>${renderFacts(fn)}${figures.length > 0 ? html`<div class="figures">${figures}</div>` : null}${renderBreakdown(sides)}${page.drilled.has(fn) ? renderInside(sides) : null}</div></details>`;
}

function figure(
  heading: string,
  drawn: { picture: Markup; caption: string } | null,
  className = '',
): Markup | null {
  if (drawn === null) return null;
  return html`<figure class="${className}"><h3>${heading}</h3>${drawn.picture}<figcaption>${drawn.caption}</figcaption></figure>`;
}

function describeMedian(fn: FunctionStats): string {
  if (fn.medianNs !== null) return `${showDuration(fn.medianNs)} median`;
  if (fn.calls > 0) return 'counted, not timed';
  return fn.unfinished > 0 ? 'unfinished' : 'never called';
}

const KINDS = {
  sync: 'A function',
  async: 'An async function (a call lasts until its promise settles)',
  generator: 'A generator (a call lasts from the first next() to the end, without the consumer’s time)',
  'async-generator':
    'An async generator (a call lasts from the first next() to the end, without the consumer’s time)',
} as const;

function describePlace(fn: FunctionStats, files: ReadonlyMap<string, string>): Markup {
  const callers = fn.callers.filter((caller) => caller.calls > 0);
  const named = callers
    .slice(0, 4)
    .map(
      (caller, i) =>
        html`${i > 0 ? ', ' : ''}${caller.name === null ? 'the program' : showName(caller.name, files.get(caller.name) ?? '')} (${showCounted(caller.calls, 'call')})`,
    );
  const calledBy =
    callers.length === 0
      ? null
      : html` Called by ${named}${callers.length > 4 ? ` and ${callers.length - 4} more` : ''}.`;
  // files of Python's tprof do not say where in its module a function is
  const [where, position] = fn.line > 0 ? ['at', `:${fn.line}:${fn.column}`] : ['in', ''];
  return html`${KINDS[fn.kind]} ${where} <code><bdi>${fn.file}</bdi>${position}</code>.${calledBy}`;
}
