import type { FunctionStats } from '../../../model.js';
import { haveOwnTimes } from '../../table/columns.js';
import { describeHiddenGroups, selectGroups } from '../../table/group-rows.js';
import { html, type Markup } from '../markup.js';
import { showCount, showDuration } from '../numbers.js';
import { percent } from '../pictures/chart.js';
import { drawBreakdown } from '../pictures/draw-breakdown.js';
import type { Side } from '../sides.js';
import { showChange, showVerdict } from '../verdict.js';

const BAR_PX = 8;

/**
 * The calls of a function by what it was called with (`--by`): a picture of time against the number, where keys are
 * numbers, and a row with a bar for each group. Null where they are not broken down.
 */
export function renderBreakdown(sides: readonly Side[]): Markup | null {
  const { fn } = sides.at(-1)!;
  if (fn.by === undefined) return null;
  const groups = selectGroups(fn.by);
  // where calls are within others of the function, own times say what totals do not
  const own = haveOwnTimes(groups.map(({ stats }) => stats));
  const lengthNs = (stats: FunctionStats) => (own ? (stats.selfNs ?? 0) : stats.totalNs);
  const mostNs = Math.max(1, ...groups.map(({ stats }) => lengthNs(stats)));
  const compared = groups.some(({ stats }) => stats.delta !== null);
  const drawn = drawBreakdown(sides);
  const rows = groups.map(
    ({ label, stats }) =>
      html`<tr><th scope="row"><code><bdi>${label === '' ? "''" : label}</bdi></code></th><td>${showCount(stats.calls)}</td><td>${showDuration(stats.totalNs)}</td>${own ? html`<td>${showDuration(stats.selfNs)}</td>` : null}<td class="length"><svg width="100%" height="${BAR_PX}" aria-hidden="true"><rect width="${percent(lengthNs(stats) / mostNs)}" height="${BAR_PX}" fill="currentColor"/></svg></td><td>${showDuration(stats.medianNs)}</td><td>${showDuration(stats.p99Ns)}</td>${
        compared
          ? html`<td class="change">${stats.delta === null ? null : html`${showVerdict(stats.delta.verdict)} ${showChange(stats.delta)}`}</td>`
          : null
      }</tr>`,
  );
  return html`<div class="breakdown"><h3>By <code><bdi>${fn.by.expression}</bdi></code></h3>${
    drawn === null
      ? null
      : html`<figure class="wide">${drawn.picture}<figcaption>${drawn.caption}</figcaption></figure>`
  }<div class="scroll" tabindex="0" role="group" aria-label="Table of the groups of calls, scrolls sideways"><table class="calls"><thead><tr><th scope="col"><span>Called with</span></th><th scope="col"><span>Calls</span></th><th scope="col"><span>Total</span></th>${own ? html`<th scope="col"><span>Own</span></th>` : null}<th scope="col"><span class="quiet">of the largest</span></th><th scope="col"><span>Median</span></th><th scope="col"><span>p99</span></th>${
    compared ? html`<th scope="col"><span>Change</span></th>` : null
  }</tr></thead><tbody>${rows}</tbody></table></div>${describeHiddenGroups([fn]).map(
    (line) => html`<p class="quiet">${line}</p>`,
  )}</div>`;
}
