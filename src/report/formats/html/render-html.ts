import type { Report } from '../../model.js';
import { toMarkdown } from '../markdown/markdown.js';
import { selectFunctions } from '../table/select-functions.js';
import { CONTENT_SECURITY_POLICY, PAGE_SCRIPT, PAGE_STYLE } from './assets.js';
import { html, type Markup, trusted } from './markup.js';
import { drawDeltas } from './pictures/draw-deltas.js';
import { renderFunctionsSection } from './sections/functions-section.js';
import { renderGlossarySection } from './sections/glossary-section.js';
import { renderGraphSection } from './sections/graph-section.js';
import { ICON_URL, renderHeadSection } from './sections/head-section.js';
import { renderTableSection } from './sections/table-section.js';

/**
 * The report as one page that needs nothing else: no network, and no script either, which only adds comfort (sorting,
 * filtering, copying). Pictures are drawn here as SVG. Whatever was recorded is escaped by `html`.
 */
export function renderHtml(recorded: Report): string {
  const ordered = recorded.functions.length >= ORDER_FROM;
  const report = ordered ? orderByTotal(recorded) : recorded;
  const title = report.label === null ? 'ttprof report' : `${report.label} – ttprof`;
  const version = report.run.ttprof === '' ? '' : ` ${report.run.ttprof}`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="ttprof${version}">
<title>${title}</title>
<link rel="icon" href="${ICON_URL}">
<style>${trusted(PAGE_STYLE)}</style>
</head>
<body>
<a class="skip" href="#table-heading">Skip to the table</a>
<div class="page">
${renderHeadSection(recorded)}
<main>
${renderDeltasSection(report)}
${renderTableSection(report, ordered)}
${renderGraphSection(report)}
${renderFunctionsSection(report)}
${renderGlossarySection()}
<section aria-labelledby="markdown-heading"><h2 id="markdown-heading">As Markdown</h2><details class="more"><summary>For an issue, a pull request or a chat</summary><pre id="markdown" tabindex="0">
${toMarkdown(recorded)}</pre></details></section>
</main>
<footer>Made by ttprof${version}. This page is one file and loads nothing: keep it, send it, attach it.</footer>
</div>
<script type="module">${trusted(PAGE_SCRIPT)}</script>
</body>
</html>
`;
  return page.text;
}

/** A wildcard's many functions have no order of their own worth keeping: the ones with the most time come first. */
const ORDER_FROM = 12;

function orderByTotal(report: Report): Report {
  return { ...report, functions: selectFunctions(report, 'total', 0).functions };
}

function renderDeltasSection(report: Report): Markup | null {
  const margin = report.marginPercent ?? null;
  const picture = drawDeltas(report.functions, margin);
  if (picture === null) return null;
  return html`<section aria-labelledby="deltas-heading"><h2 id="deltas-heading">How much changed</h2><p class="lead">Each point is the change of a median, its whisker the 95% interval. Twice as fast is as far from the middle as twice as slow.${margin === null ? '' : ` The shaded band is the margin of ±${margin}% that counts as the same: faster or slower is only what lies beyond it with its whole whisker.`}</p>${picture}</section>`;
}
