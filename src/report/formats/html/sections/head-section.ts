import type { Report, RunInfo } from '../../../model.js';
import { explainReport } from '../../../notes.js';
import { html, type Markup, trusted } from '../markup.js';
import { showCounted, showDuration } from '../numbers.js';
import { writeVerdict } from './verdict-sentence.js';

/** A target: two rings and a centre, as the terminal's 🎯, drawn so that it looks the same everywhere. */
const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><g fill="none" stroke="#d2452d" stroke-width="2.4"><circle cx="12" cy="12" r="10"/><circle cx="12" cy="12" r="5.4"/></g><circle cx="12" cy="12" r="1.9" fill="#d2452d"/></svg>';

/** The page's icon: without one of its own a browser would ask the server for one. */
export const ICON_URL = `data:image/svg+xml,${encodeURIComponent(LOGO)}`;

/** Verdict, circumstances and notes: what a reader needs before any number. */
export function renderHeadSection(report: Report): Markup {
  const notes = explainReport(report);
  return html`<header><div class="bar"><span class="brand">${trusted(LOGO)} ttprof</span><button class="button" type="button" id="theme" data-scripted hidden>Dark</button><button class="button" type="button" id="copy" data-scripted hidden>Copy as Markdown</button></div><h1>${
    report.label === null ? 'Timing report' : html`<bdi>${report.label}</bdi>`
  }</h1><p class="sentence">${writeVerdict(report)}</p><dl class="environment">${listEnvironment(report).map(
    ([name, value, detail]) =>
      html`<div><dt>${name}</dt><dd>${value}${detail === '' ? null : html`<small>${detail}</small>`}</dd></div>`,
  )}</dl></header>${
    notes.length === 0
      ? null
      : html`<section class="notes" aria-labelledby="notes-heading"><h2 id="notes-heading">Please note</h2><ul>${notes.map((note) => html`<li><bdi>${note}</bdi></li>`)}</ul></section>`
  }`;
}

type Row = readonly [name: string, value: string, detail: string];

function listEnvironment(report: Report): Row[] {
  const { run } = report;
  // files of Python's tprof do not say how they were measured
  const rows = run.ttprof === '' ? [] : listCircumstances(run);
  if (report.comparison?.source) {
    rows.push([
      'Compared with',
      report.comparison.source,
      report.comparison.run === null
        ? ''
        : `Node.js ${report.comparison.run.node}, ${showDate(report.comparison.run.startedAt)}`,
    ]);
  }
  if (report.marginPercent !== undefined && report.functions.some((fn) => fn.delta !== null)) {
    rows.push(['Counts as the same', `±${report.marginPercent}%`, 'the margin of the verdicts']);
  }
  if (run.flags.length > 0) rows.push(['Options', run.flags.join(' '), 'that change what is measured']);
  return rows;
}

function listCircumstances(run: RunInfo): Row[] {
  return [
    [
      'Measured',
      showDate(run.startedAt),
      `${showDuration(run.durationNs)}${run.runs > 1 ? ` in ${showCounted(run.runs, 'run')}` : ''}`,
    ],
    ['Node.js', run.node, `V8 ${run.v8}, ${run.platform} ${run.arch}`],
    ['Machine', run.cpu === '' ? 'unknown processor' : run.cpu, showCounted(run.cores, 'core')],
    [
      'Program',
      showCounted(run.processes, 'process', 'processes'),
      `${showCounted(run.threads, 'thread')}, ${describeEnd(run)}`,
    ],
    [
      'Cost of measuring',
      `${showDuration(run.callOverheadNs)} a call`,
      run.corrected ? 'already subtracted from all times' : 'not subtracted (--raw)',
    ],
    ['Clock', `${showDuration(run.clockNs)} a reading`, describeStep(run)],
  ];
}

function describeStep({ clockStepNs }: RunInfo): string {
  if (clockStepNs === undefined) return 'shorter differences cannot be seen';
  return `advances in steps of ${showDuration(clockStepNs)}`;
}

function describeEnd(run: RunInfo): string {
  if (run.signal !== null) return `ended by ${run.signal}`;
  return run.exitCode === null ? 'still running' : `exit code ${run.exitCode}`;
}

/** `2026-03-14 09:26 UTC`; what is no date is shown as it is. */
function showDate(iso: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(iso) ? `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC` : iso;
}
