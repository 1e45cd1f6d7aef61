import { compareTrees, pairNodes } from '../../../inside/compare-trees.js';
import { type FoldedNode, type FoldedTree, foldRecursion } from '../../../inside/fold-recursion.js';
import type { FunctionStats } from '../../../model.js';
import { html, type Markup } from '../markup.js';
import { showCounted, showDuration, showPercent, showShare } from '../numbers.js';
import { describePlace, drawFlame, showNodeName } from '../pictures/draw-flame.js';
import type { Side } from '../sides.js';

/** Rows of a smaller share of the target's time say nothing, and more rows nobody reads. */
const MIN_SHARE = 0.005;
const MAX_ROWS = 120;

/**
 * What ran inside a function (`--drill`): a flame graph of each side, one of what changed, and the same as tables. Null
 * where nothing was sampled.
 */
export function renderInside(sides: readonly Side[]): Markup | null {
  const drilled = sides.filter(({ fn }) => (fn.drill?.samples ?? 0) > 0);
  const [before, now] = drilled.length > 1 ? drilled : [null, drilled[0]];
  if (now === undefined || now === null) return null;
  const pictures = drilled.map((side) => renderFlame(side, drilled.length > 1 ? '' : 'wide'));
  return html`<div class="inside"><h3>Inside</h3><div class="tools" data-scripted hidden><label><input type="search" class="flame-search" placeholder="Find functions by name or file" aria-label="Find functions in the flame graphs" autocomplete="off" spellcheck="false"></label><button class="button flame-whole" type="button">Whole picture</button><span class="status flame-status" role="status"></span></div><div class="figures">${pictures}${
    before === null ? null : renderDifference(before!.fn, now.fn)
  }</div><details class="more"><summary>The same as a table</summary>${renderTable(now.fn)}</details></div>`;
}

function renderFlame({ fn, label }: Side, className: string): Markup {
  const tree = foldRecursion(fn.drill!);
  const { samples } = tree;
  const sampleNs = (fn.activeNs ?? fn.totalNs) / samples;
  const title = `Flame graph: ${describeBusiest(tree)}`;
  const heading = className === '' ? html`<h4>${label}</h4>` : null;
  return html`<figure class="${className}">${heading}${drawFlame(tree, title, sampleNs, null)}<figcaption>${showCounted(samples, 'sample')} of ${showDuration(samples * sampleNs)}. Wider is more time; below a function stands what it called. Blue is your code, yellow that of packages, grey Node and V8.<span data-scripted hidden> Arrow keys move, Enter or a click zooms in, Escape out.</span></figcaption></figure>`;
}

function renderDifference(before: FunctionStats, now: FunctionStats): Markup | null {
  const paired = pairNodes(before, now);
  const change = compareTrees(before, now);
  if (paired === null || change === null) return null;
  const { beforeNs, afterNs, branches } = change;
  const named = branches.map(
    ({ node, share, beforeNs: from, afterNs: to }) =>
      `${node.name} ${showDuration(from)} → ${showDuration(to)}${share === null ? '' : ` (${showPercent(100 * share)} of the change)`}`,
  );
  const told = named.length === 0 ? 'no branch by more than the noise of the samples' : named.join(', ');
  const sampleNs = (now.activeNs ?? now.totalNs) / paired.tree.samples;
  return html`<figure class="wide"><h4>What changed</h4>${drawFlame(paired.tree, `Difference of two flame graphs: ${told}`, sampleNs, paired)}<figcaption>A call took ${showDuration(beforeNs)} before and takes ${showDuration(afterNs)} now. Changed most: ${told}. As wide as it is now; orange takes more time than before, green less, in percent of a call before.</figcaption></figure>`;
}

/** The functions that themselves took most. */
function describeBusiest({ nodes, samples }: FoldedTree): string {
  const selves = new Map<string, number>();
  for (const node of nodes) selves.set(showNodeName(node), (selves.get(showNodeName(node)) ?? 0) + node.self);
  return [...selves]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 3)
    .map(([name, self]) => `${name} itself ${showShare(self / samples)}`)
    .join(', ');
}

function renderTable(fn: FunctionStats): Markup {
  const tree = foldRecursion(fn.drill!);
  const sampleNs = (fn.activeNs ?? fn.totalNs) / tree.samples;
  const rows: Markup[] = [];
  const visit = (node: FoldedNode, depth: number): void => {
    if (node.total < MIN_SHARE * tree.samples || rows.length >= MAX_ROWS) return;
    const hot =
      node.hotLine === undefined || node.hotLine === node.line ? '' : ` (most in line ${node.hotLine})`;
    rows.push(
      html`<tr><th scope="row">${'\u00a0\u00a0'.repeat(depth)}<code><bdi>${showNodeName(node)}</bdi></code> <span class="quiet"><bdi>${describePlace(node).slice(2)}</bdi>${hot}</span></th><td>${showDuration(node.total * sampleNs)}</td><td>${showShare(node.total / tree.samples)}</td><td>${showShare(node.self / tree.samples)}</td></tr>`,
    );
    for (const child of node.children) visit(tree.nodes[child]!, depth + 1);
  };
  visit(tree.nodes[0]!, 0);
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Table of what ran inside, scrolls sideways"><table class="calls"><thead><tr><th scope="col"><span>Function</span></th><th scope="col"><span>Time</span></th><th scope="col"><span>Share</span></th><th scope="col"><span>Itself</span></th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
