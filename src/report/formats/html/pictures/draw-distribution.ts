import { countSamples } from '../../../statistics/quantiles.js';
import { html, type Markup, trusted } from '../markup.js';
import { showCount, showCounted, showDuration, showTick } from '../numbers.js';
import type { Side } from '../sides.js';
import { BOX_WIDTH, drawChart, drawMarkLabel, labelTicks, percent, round } from './chart.js';
import { countBeyond, findHillEnd, histogramQuantile, rebin } from './layout/rebin.js';
import { durationScale, type Scale } from './scale.js';

const HEIGHT_PX = 150;

/** Room above the highest bin for the labels of the medians. */
const LABELS_PX = 34;

const MIN_BINS = 24;
const MAX_BINS = 160;

/**
 * The distributions of the sides laid over each other, each with the same area, medians marked.
 * @returns null where no side has samples
 */
export function drawDistribution(sides: readonly Side[]): { picture: Markup; caption: string } | null {
  const shown = sides.filter((side) => countSamples(side.histogram) > 0);
  if (shown.length === 0) return null;
  const scale = durationScale(
    Math.min(...shown.map((side) => histogramQuantile(side.histogram, 0)!)),
    Math.max(...shown.map((side) => findHillEnd(side.histogram))),
  );
  const bins = chooseBins(shown, scale);
  const shares = shown.map((side) => rebin(side.histogram, scale, bins));
  const highest = Math.max(...shares.flat());
  const medians = shown.map((side) => side.fn.medianNs ?? histogramQuantile(side.histogram, 0.5)!);

  const picture = drawChart({
    title: `Distribution of durations. ${describeMedians(shown, medians)}`,
    heightPx: HEIGHT_PX,
    xTicks: labelTicks(scale, 5, showTick),
    body: html`${shown.map((side, i) => html`<path class="area ${side.role}" d="${outline(shares[i]!, highest)}"/>`)}`,
    labels: html`${shown.map((side, i) => {
      const place = scale.place(medians[i]!);
      const top = 12 + i * 15;
      // Away from the other median, whose line would run through it.
      const wished = medians.some((other) => other > medians[i]!) ? 'left' : 'right';
      return html`<line class="mark ${side.role}" x1="${percent(place)}" x2="${percent(place)}" y1="${top - 9}" y2="${HEIGHT_PX}"/>${drawMarkLabel(place, top, wished, side.role, `${sides.length > 1 ? side.label : 'median'} ${showDuration(medians[i]!)}`)}`;
    })}`,
  });
  return { picture, caption: describe(shown, scale) };
}

/** Freedman and Diaconis' width, 2 · IQR · n^(-1/3), on the scale of the picture, of the side that needs the finest. */
export function chooseBins(sides: readonly Side[], scale: Scale): number {
  const widths = sides.map(({ histogram }) => {
    const low = scale.place(histogramQuantile(histogram, 0.25)!);
    const high = scale.place(histogramQuantile(histogram, 0.75)!);
    return (2 * (high - low)) / Math.cbrt(countSamples(histogram));
  });
  const finest = Math.min(...widths);
  return finest > 0 ? Math.round(Math.min(MAX_BINS, Math.max(MIN_BINS, 1 / finest))) : MAX_BINS;
}

/** Steps along the tops of the bins; runs of equal height become one step. */
function outline(shares: readonly number[], highest: number): Markup {
  const width = BOX_WIDTH / shares.length;
  let path = `M0 ${HEIGHT_PX}`;
  let last = HEIGHT_PX;
  for (const [i, share] of shares.entries()) {
    const y = round(HEIGHT_PX - (share / highest) * (HEIGHT_PX - LABELS_PX));
    if (y === last) continue;
    path += `H${round(i * width)}V${y}`;
    last = y;
  }
  return trusted(`${path}H${BOX_WIDTH}V${HEIGHT_PX}Z`);
}

function describeMedians(sides: readonly Side[], medians: readonly number[]): string {
  return sides.map((side, i) => `${side.label}: median ${showDuration(medians[i]!)}`).join('; ');
}

function describe(sides: readonly Side[], scale: Scale): string {
  const beyond = sides.map((side) => countBeyond(side.histogram, scale.high));
  const left = beyond.some((count) => count > 0)
    ? ` Not shown: ${sides.map((side, i) => (sides.length > 1 ? `${showCount(beyond[i]!)} of ${side.label}` : showCounted(beyond[i]!, 'call'))).join(' and ')} beyond ${showDuration(scale.high)}.`
    : '';
  const how =
    sides.length > 1
      ? 'The higher the hill, the more calls took that long; both hills have the same area.'
      : 'The higher the hill, the more calls took that long; the line is the median, half of the calls were faster.';
  return `${how}${scale.kind === 'log' ? ' The axis is logarithmic.' : ''}${left}`;
}
