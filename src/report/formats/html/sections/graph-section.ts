import type { Report } from '../../../model.js';
import { html, type Markup } from '../markup.js';
import { showName } from '../name.js';
import { showCount, showDuration } from '../numbers.js';
import { buildCallGraph, type CallEdge } from '../pictures/call-graph.js';
import { drawCallGraph } from '../pictures/draw-call-graph.js';

/** More boxes would be a wall, not a picture. */
const MAX_NODES = 16;

/** More rows say nothing that the table of functions does not. */
const MAX_ROWS = 300;

/** Who called whom among the measured functions, as a picture and as a table; nothing where none called another. */
export function renderGraphSection(report: Report): Markup {
  const graph = buildCallGraph(report.functions, MAX_NODES);
  if (graph === null) return html``;
  const files = new Map(report.functions.map((fn) => [fn.name, fn.file]));
  const drawn = graph.edges.length < graph.all.length ? ` Shown are those with the most time.` : '';
  return html`<section aria-labelledby="graph-heading"><h2 id="graph-heading">Who calls whom</h2><p class="lead">Calls between the measured functions, with how often and how long; thicker is more time. What lies between two of them and is not measured is skipped.${drawn}</p><div class="scroll" tabindex="0" role="group" aria-label="Picture, scrolls sideways">${drawCallGraph(graph, report.functions)}</div><details class="more"><summary>The same as a table</summary><div class="scroll" tabindex="0" role="group" aria-label="Table of calls, scrolls sideways"><table class="calls"><thead><tr><th scope="col"><span>Caller</span></th><th scope="col"><span>Calls</span></th><th scope="col"><span>Total</span></th><th scope="col" class="change"><span>Function</span></th></tr></thead><tbody>${graph.all
    .slice(0, MAX_ROWS)
    .map((edge) => renderEdge(edge, files))}</tbody></table></div>${
    graph.all.length > MAX_ROWS
      ? html`<p class="quiet">And ${showCount(graph.all.length - MAX_ROWS)} more.</p>`
      : null
  }</details></section>`;
}

function renderEdge(
  { caller, callee, calls, totalNs }: CallEdge,
  files: ReadonlyMap<string, string>,
): Markup {
  const name = (of: string) => showName(of, files.get(of) ?? '');
  return html`<tr><th scope="row">${caller === null ? 'the program' : name(caller)}</th><td>${showCount(calls)}</td><td>${showDuration(totalNs)}</td><td class="change">${name(callee)}</td></tr>`;
}
