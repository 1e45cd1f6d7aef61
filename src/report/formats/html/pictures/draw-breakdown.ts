import type { GroupStats } from '../../../model.js';
import { html, type Markup } from '../markup.js';
import { showCounted, showTick } from '../numbers.js';
import type { Side } from '../sides.js';
import { BOX_WIDTH, drawChart, labelTicks, linePath, percent, round } from './chart.js';
import { durationScale, linearScale, logScale, type Scale } from './scale.js';

const HEIGHT_PX = 200;
const POINTS_OF_FIT = 40;
const X_TICKS = 8;

/** A group of calls with a number as its key, at that number. */
interface Point {
  readonly value: number;
  readonly medianNs: number;
  readonly minNs: number;
  readonly p99Ns: number;
}

/**
 * Draws time against the number that a function was called with (`--by`): for each group a point at the median and a line
 * from the fastest call to the 99th percentile, and the curve `time ∝ n^exponent` that fits best.
 * @returns null where the keys are no numbers, or all the same
 */
export function drawBreakdown(sides: readonly Side[]): { picture: Markup; caption: string } | null {
  const shown = sides.flatMap(({ role, label, fn: { by } }) => {
    const points = by?.kind === 'number' ? by.groups.flatMap(toPoint) : [];
    return by !== undefined && points.length > 1 ? [{ role, label, by, points }] : [];
  });
  const all = shown.flatMap(({ points }) => points);
  if (all.length === 0) return null;
  const x = valueScale(all.map(({ value }) => value));
  const y = durationScale(
    Math.min(...all.map(({ minNs }) => minNs)),
    Math.max(...all.map(({ p99Ns }) => p99Ns)),
  );
  const top = (ns: number) => round((1 - y.place(ns)) * HEIGHT_PX);
  const curve = ({ points, by }: (typeof shown)[number]) => {
    if (by.fit === null) return null;
    const { exponent } = by.fit;
    const factor = middle(
      points.map(({ value, medianNs }) => Math.log(medianNs) - exponent * Math.log(value)),
    );
    const line = Array.from({ length: POINTS_OF_FIT + 1 }, (_, step): [number, number] => {
      const value = x.value(step / POINTS_OF_FIT);
      return [(BOX_WIDTH * step) / POINTS_OF_FIT, top(Math.exp(factor + exponent * Math.log(value)))];
    });
    return linePath(line.filter(([, at]) => Number.isFinite(at)));
  };
  const [{ by }] = shown as [(typeof shown)[number]];
  const told = shown.map(({ label, by: { fit }, points }) => {
    const growth = fit === null ? '' : `, time ∝ n^${fit.exponent.toFixed(2)}`;
    return `${shown.length > 1 ? `${label}: ` : ''}${showCounted(points.length, 'group')}${growth}`;
  });
  return {
    picture: drawChart({
      title: `Time by ${by.expression}. ${told.join('; ')}`,
      heightPx: HEIGHT_PX,
      xTicks: labelTicks(x, X_TICKS, showNumber),
      yTicks: labelTicks(y, 4, showTick),
      body: html`${shown.map((side) => html`<path class="curve ${side.role}" d="${curve(side) ?? ''}"/>`)}`,
      labels: html`${shown.map(
        ({ role, points }) =>
          html`<g class="group ${role}">${points.map(({ value, medianNs, minNs, p99Ns }) => {
            const place = percent(x.place(value));
            return html`<line x1="${place}" x2="${place}" y1="${top(minNs)}" y2="${top(p99Ns)}" opacity="0.55"/><circle cx="${place}" cy="${top(medianNs)}" r="4"/>`;
          })}</g>`,
      )}`,
    }),
    caption: `${told.join('; ')}. Points are medians; strokes reach from the fastest call of a group to what 99% of them stay below.${x.kind === 'log' ? ' Both axes are logarithmic where they span much.' : ''}`,
  };
}

function toPoint({ low, high, stats }: GroupStats): Point[] {
  const { medianNs, minNs, p99Ns, maxNs } = stats;
  if (low === null || high === null || !medianNs || minNs === null) return [];
  // in the middle of a range as it is drawn
  const value = low > 0 ? Math.sqrt(low * high) : (low + high) / 2;
  return Number.isFinite(value) ? [{ value, medianNs, minNs, p99Ns: p99Ns ?? maxNs ?? medianNs }] : [];
}

/** Logarithmic where all numbers are above 0, as their groups are powers of two. */
function valueScale(values: readonly number[]): Scale {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = 1.15;
  if (low > 0) return logScale(low / room, high * room);
  const span = high - low || 1;
  return linearScale(low - span * (room - 1), high + span * (room - 1));
}

/** The median. */
function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

function showNumber(value: number): string {
  return Math.abs(value) >= 1e4
    ? value.toExponential(0).replace('e+', 'e')
    : `${Number(value.toPrecision(3))}`;
}
