import type { Delta, FunctionStats } from '../../../model.js';
import { html, type Markup } from '../markup.js';
import { showRow, splitName } from '../name.js';
import { showCounted, showPercent } from '../numbers.js';
import { showChange, showVerdict } from '../verdict.js';
import { anchor, percent } from './chart.js';

/** More rows would be a second table; those left out are the least changed, of those without a clear change first. */
const MAX_ROWS = 40;

const ROW_PX = 28;

/**
 * Ratios of medians above 1 where ticks may stand, from fine to coarse; each has its inverse on the other side, as far
 * from the middle. Labels are percent.
 */
const TICK_CHOICES: readonly (readonly number[])[] = [
  [1.02, 1.05],
  [1.05, 1.1],
  [1.1, 1.25],
  [1.25, 1.5, 2],
  [1.5, 2, 3],
  [2, 4, 8],
  [10, 100, 1000],
];

/** A ratio that is 0 has no logarithm: it is drawn at the edge of this. */
const MIN_RATIO = 0.001;

/**
 * The intervals of the deltas as whiskers on one axis, the ratio of medians on a logarithmic scale (twice as fast is as
 * far from the middle as twice as slow), the margin shaded. Greatest gain first.
 * @param marginPercent what counts as the same; null: unknown, nothing is shaded
 * @returns null where nothing was compared
 */
export function drawDeltas(functions: readonly FunctionStats[], marginPercent: number | null): Markup | null {
  const compared = functions.filter((fn): fn is FunctionStats & { delta: Delta } => fn.delta !== null);
  if (compared.length === 0) return null;
  const rows = [...compared]
    .sort((a, b) => rank(b.delta) - rank(a.delta))
    .slice(0, MAX_ROWS)
    .sort((a, b) => a.delta.percent - b.delta.percent);
  const reach = findReach(
    rows.map((row) => row.delta),
    marginPercent ?? 0,
  );
  const x = (percentChange: number) =>
    Math.min(1, Math.max(0, (place(percentChange) + reach.down) / (reach.down + reach.up)));
  const ticks = chooseTicks(reach).map((ratio) => (ratio - 1) * 100);

  const left = compared.length - rows.length;
  const namesakes = new Set(rows.map(ownName).filter((name, i, all) => all.indexOf(name) !== i));
  return html`<div class="deltas"><ol>${rows.map(
    (row) =>
      html`<li><span class="who${namesakes.has(ownName(row)) ? ' namesake' : ''}">${showRow(row)}</span>${drawWhisker(row.delta, x, ticks, marginPercent)}<span class="change">${showVerdict(row.delta.verdict)} ${showChange(row.delta)}</span></li>`,
  )}</ol><div class="deltas-axis" aria-hidden="true"><svg width="100%" height="36">${ticks.map(
    (tick) =>
      html`<text class="tick" x="${percent(x(tick))}" y="13" text-anchor="${anchor(x(tick))}">${tick === 0 ? 'equal' : showTickPercent(tick)}</text>`,
  )}<text class="tick" x="0" y="31">◂ faster</text><text class="tick" x="100%" y="31" text-anchor="end">slower ▸</text></svg></div></div>${
    left > 0
      ? html`<p class="quiet">${showCounted(left, 'other')} with less of a change ${left === 1 ? 'is' : 'are'} only in the table.</p>`
      : null
  }`;
}

const ownName = ({ name, file }: FunctionStats) => splitName(name, file)[1];

function drawWhisker(
  delta: Delta,
  x: (percentChange: number) => number,
  ticks: readonly number[],
  marginPercent: number | null,
): Markup {
  const y = ROW_PX / 2;
  const className = delta.verdict ?? 'none';
  return html`<svg class="whisker" width="100%" height="${ROW_PX}" aria-hidden="true">${
    marginPercent === null || marginPercent === 0
      ? null
      : html`<rect class="margin" x="${percent(x(-marginPercent))}" width="${percent(x(marginPercent) - x(-marginPercent))}" y="0" height="${ROW_PX}"/>`
  }${ticks.map((tick) => html`<line class="${tick === 0 ? 'equal' : 'grid'}" x1="${percent(x(tick))}" x2="${percent(x(tick))}" y1="0" y2="${ROW_PX}"/>`)}${
    delta.low === null || delta.high === null
      ? null
      : html`<g class="interval ${className}"><line x1="${percent(x(delta.low))}" x2="${percent(x(delta.high))}" y1="${y}" y2="${y}"/>${[
          delta.low,
          delta.high,
        ].map(
          (end) => html`<line x1="${percent(x(end))}" x2="${percent(x(end))}" y1="${y - 5}" y2="${y + 5}"/>`,
        )}</g>`
  }<circle class="point ${className}" cx="${percent(x(delta.percent))}" cy="${y}" r="4.5"/></svg>`;
}

/** Signed distance from equality: the logarithm of the ratio. */
function place(percentChange: number): number {
  return Math.log(Math.max(MIN_RATIO, 1 + percentChange / 100));
}

/** Clear changes before all others, then by size. */
function rank({ percent: change, verdict }: Delta): number {
  return (
    Math.abs(place(change)) + (verdict === 'faster' || verdict === 'slower' ? Math.log(1 / MIN_RATIO) : 0)
  );
}

/** How far the axis reaches from equality to either side, in logarithms of ratios. */
interface Reach {
  readonly down: number;
  readonly up: number;
}

/** The shorter side keeps this share of the longer one, so that one can see how far it is from there to equality. */
const SHORTER_SIDE = 0.3;

/** Over all intervals, and at least three margins to either side. */
function findReach(deltas: readonly Delta[], marginPercent: number): Reach {
  const ends = deltas.flatMap((delta) => [delta.percent, delta.low ?? 0, delta.high ?? 0]).map(place);
  const least = 3 * Math.max(place(marginPercent), place(0.5));
  const down = Math.max(-Math.min(...ends), least);
  const up = Math.max(Math.max(...ends), least);
  const longer = Math.max(down, up) * SHORTER_SIDE;
  return { down: Math.max(down, longer) * 1.1, up: Math.max(up, longer) * 1.1 };
}

/** Ratios for ticks: as far out as there are some, and so far apart that labels have room in a narrow window. */
function chooseTicks(reach: Reach): number[] {
  const fits = (ratio: number) => Math.log(ratio) <= reach.up * 0.97 && -Math.log(ratio) <= reach.down * 0.97;
  const choices = TICK_CHOICES.map((choice) => choice.flatMap((ratio) => [ratio, 1 / ratio]).filter(fits));
  const found = choices.findLast((ratios) => ratios.length > 1) ?? choices[0]!;
  const apart = (reach.down + reach.up) * 0.13;
  const kept = [1];
  for (const ratio of found.sort((a, b) => Math.abs(Math.log(b)) - Math.abs(Math.log(a)))) {
    if (kept.every((other) => Math.abs(Math.log(ratio / other)) >= apart)) kept.push(ratio);
  }
  return kept.sort((a, b) => a - b);
}

function showTickPercent(tick: number): string {
  return showPercent(Math.abs(tick) < 5 ? tick : Math.round(tick)).replace('.0%', '%');
}
