import { countSamples } from '../../../statistics/quantiles.js';
import { html, type Markup } from '../markup.js';
import { showDuration, showTick } from '../numbers.js';
import type { Side } from '../sides.js';
import { BOX_WIDTH, drawChart, labelTicks, linePath, percent, round } from './chart.js';
import { histogramQuantile } from './layout/rebin.js';
import { durationScale } from './scale.js';

const HEIGHT_PX = 150;

/** Room above the curves for their labels. */
const LABELS_PX = 18;

/** Points of a curve: enough for it to look smooth at the width of the page. */
const POINTS = 56;

/** Fewer calls have no slowest tenth. */
const MIN_SAMPLES = 10;

/** Curves end at 99.999 % at the latest, and where the number of calls tells no more. */
const MAX_NINES = 5;

const NAMED: readonly (readonly [share: number, label: string])[] = [
  [0.5, '50%'],
  [0.9, '90%'],
  [0.99, '99%'],
  [0.999, '99.9%'],
  [0.9999, '99.99%'],
];

/**
 * Duration by percentile, one curve a side. The horizontal axis gives each further nine the same room (as HdrHistogram's
 * plots do), because the slow calls are what it is about.
 * @returns null where every side has fewer than ten samples
 */
export function drawPercentiles(sides: readonly Side[]): { picture: Markup; caption: string } | null {
  const shown = sides.filter((side) => countSamples(side.histogram) >= MIN_SAMPLES);
  if (shown.length === 0) return null;
  const nines = shown.map((side) => Math.min(MAX_NINES, Math.log10(countSamples(side.histogram))));
  const mostNines = Math.max(1, ...nines);
  const scale = durationScale(
    Math.min(...shown.map((side) => histogramQuantile(side.histogram, 0)!)),
    Math.max(...shown.map((side) => histogramQuantile(side.histogram, 1)!)),
  );
  const top = shown.length > 1 ? LABELS_PX : 0;
  const y = (ns: number) => top + (1 - scale.place(ns)) * (HEIGHT_PX - top);
  const curves = shown.map((side, i) =>
    Array.from({ length: POINTS + 1 }, (_, step): [number, number] => {
      const nine = (nines[i]! * step) / POINTS;
      return [(nine / mostNines) * BOX_WIDTH, y(histogramQuantile(side.histogram, 1 - 10 ** -nine)!)];
    }),
  );
  const ends = curves.map((curve) => curve.at(-1)!);
  const picture = drawChart({
    title: `Percentiles of durations. ${describePercentiles(shown)}`,
    heightPx: HEIGHT_PX,
    xTicks: NAMED.filter(([share]) => -Math.log10(1 - share) <= mostNines).map(([share, label]) => ({
      place: -Math.log10(1 - share) / mostNines,
      label,
    })),
    yTicks: labelTicks(scale, 4, showTick).map((tick) => ({
      ...tick,
      place: (tick.place * (HEIGHT_PX - top)) / HEIGHT_PX,
    })),
    body: html`${curves.map((curve, i) => html`<path class="curve ${shown[i]!.role}" d="${linePath(curve)}"/>`)}`,
    labels:
      shown.length < 2
        ? html``
        : html`${shown.map((side, i) => {
            // Two ends that meet would print one label over the other: the higher one goes up, the lower one down.
            const [endX, end] = ends[i]!;
            const above = end <= Math.min(...ends.map(([, other]) => other));
            return html`<text class="label ${side.role}" x="${percent(endX / BOX_WIDTH)}" y="${round(above ? Math.max(11, end - 7) : Math.min(HEIGHT_PX - 5, end + 17))}" dx="-4" text-anchor="end">${side.label}</text>`;
          })}`,
  });
  return {
    picture,
    caption: `${describePercentiles(shown)}. To the right are the rare slow calls; a curve that rises there has a long tail.${scale.kind === 'log' ? ' The upright axis is logarithmic.' : ''}`,
  };
}

function describePercentiles(sides: readonly Side[]): string {
  return sides
    .map(({ label, fn, histogram }) => {
      // as the function's numbers beside the picture say, as far as there are calls beyond
      const p90 = showDuration(fn.p90Ns ?? histogramQuantile(histogram, 0.9));
      const p99 = showDuration(fn.p99Ns ?? histogramQuantile(histogram, 0.99));
      const slowest = countSamples(histogram) < 100 ? '' : `, 99% at most ${p99}`;
      return `${sides.length > 1 ? `${label}: ` : ''}90% of calls took at most ${p90}${slowest}`;
    })
    .join('; ');
}
