import type { FunctionStats, Report, ThreadCollections, ThreadSeries } from '../../../model.js';
import { countWarmupSamples } from '../../../statistics/warm-up.js';
import { html, type Markup, trusted } from '../markup.js';
import { showCount, showCounted, showDuration, showTick } from '../numbers.js';
import { BOX_WIDTH, drawChart, labelTicks, linePath, percent, round } from './chart.js';
import { type Column, downsample, maximum, minimum } from './layout/downsample.js';
import { durationScale, linearScale, type Scale } from './scale.js';

const HEIGHT_PX = 150;

/** Room at the bottom for the marks of garbage collections. */
const COLLECTIONS_PX = 10;

export interface TimelineOptions {
  /** With more samples than this, columns are drawn instead of dots. */
  readonly mostDots: number;
  readonly columns: number;
}

/**
 * The calls in time: one dot a call, or with many calls their range and median by column; warm-up shaded, garbage
 * collections marked.
 * @returns null where fewer than two samples were kept
 */
export function drawTimeline(
  fn: FunctionStats,
  report: Report,
  options: TimelineOptions,
): { picture: Markup; caption: string } | null {
  const series = chooseSeries(fn.series);
  if (series === null) return null;
  const { startNs, durationNs } = series;
  const time = linearScale(minimum(startNs), maximum(startNs));
  const scale = durationScale(minimum(durationNs), maximum(durationNs));
  const plotPx = HEIGHT_PX - COLLECTIONS_PX;
  const x = (ns: number) => time.place(ns) * BOX_WIDTH;
  const y = (ns: number) => (1 - scale.place(ns)) * plotPx;
  const columns = downsample(startNs, durationNs, options.columns);
  const dotted = startNs.length <= options.mostDots;
  // The function's count is over all series: what is drawn is this one.
  const warmupSamples = countWarmupSamples(durationNs);
  const warmup = warmupSamples > 0 ? time.place(startNs[warmupSamples] ?? time.high) : null;
  const collections = marksOfCollections(report.collections ?? [], series, time);

  const picture = drawChart({
    title: `Durations of the calls in the order of time, over ${showDuration(time.high - time.low)}.`,
    heightPx: HEIGHT_PX,
    xTicks: labelTicks(linearScale(0, time.high - time.low), 5, showTick),
    yTicks: labelTicks(scale, 4, showTick).map((tick) => ({
      ...tick,
      place: (tick.place * plotPx + COLLECTIONS_PX) / HEIGHT_PX,
    })),
    yTicksAt: 'right', // at the left is the warm-up
    body: html`${
      warmup === null
        ? null
        : html`<rect class="warmup" x="0" y="0" width="${round(warmup * BOX_WIDTH)}" height="${HEIGHT_PX}"/>`
    }${
      dotted
        ? html`<path class="dots" d="${dots(startNs, durationNs, x, y)}"/>`
        : html`<path class="range" d="${ranges(columns, x, y)}"/><path class="curve now" d="${linePath(columns.map((column) => [x(column.atNs), y(column.medianNs)]))}"/>`
    }${collections.path}`,
    labels: html`${warmup === null ? null : html`<text class="label note" x="${percent(warmup)}" y="12" ${trusted(warmup > 0.3 ? 'dx="-6" text-anchor="end"' : 'dx="6"')}>${warmup > 0.3 ? 'warm-up' : '◂ warm-up'}</text>`}`,
  });
  return {
    picture,
    caption: describe(fn, series, scale, { dotted, warmupSamples, collections: collections.count }),
  };
}

/** The series with the most samples: pictures of several threads or runs over each other would show none of them. */
function chooseSeries(all: readonly ThreadSeries[]): ThreadSeries | null {
  let chosen: ThreadSeries | null = null;
  for (const series of all) {
    if (series.startNs.length > (chosen?.startNs.length ?? 1)) chosen = series;
  }
  return chosen;
}

function marksOfCollections(
  all: readonly ThreadCollections[],
  series: ThreadSeries,
  time: Scale,
): { path: Markup; count: number } {
  let path = '';
  let count = 0;
  for (const { run, thread, startNs, durationNs } of all) {
    if (run !== (series.run ?? 0) || thread !== (series.thread ?? 0)) continue;
    let drawnTo = -1;
    for (const [i, start] of startNs.entries()) {
      if (start < time.low || start > time.high) continue;
      count += 1;
      const from = time.place(start) * BOX_WIDTH;
      const width = Math.max(2, time.place(start + durationNs[i]!) * BOX_WIDTH - from);
      if (from + width < drawnTo + 1) continue; // hidden behind the one before
      path += `M${round(from)} ${HEIGHT_PX}v-6h${round(width)}v6z`;
      drawnTo = from + width;
    }
  }
  return { path: path === '' ? html`` : html`<path class="collections" d="${trusted(path)}"/>`, count };
}

function dots(
  startNs: ArrayLike<number>,
  durationNs: ArrayLike<number>,
  x: (ns: number) => number,
  y: (ns: number) => number,
): Markup {
  let path = '';
  // A line without length and with round caps is a dot, also in a box that is stretched.
  for (let i = 0; i < startNs.length; i += 1)
    path += `M${Math.round(x(startNs[i]!))} ${round(y(durationNs[i]!))}h0`;
  return trusted(path);
}

function ranges(columns: readonly Column[], x: (ns: number) => number, y: (ns: number) => number): Markup {
  return trusted(
    columns
      .map(({ atNs, minNs, maxNs }) => `M${Math.round(x(atNs))} ${round(y(minNs))}V${round(y(maxNs) - 0.5)}`)
      .join(''),
  );
}

function describe(
  fn: FunctionStats,
  series: ThreadSeries,
  scale: Scale,
  shown: { dotted: boolean; warmupSamples: number; collections: number },
): string {
  const which =
    fn.series.length > 1
      ? ` One of ${showCount(fn.series.length)} threads and runs is shown, the one with the most samples.`
      : '';
  const what = shown.dotted
    ? `Each dot is a call${series.stride > 1 ? ` (one in ${showCount(series.stride)} was kept)` : ''}.`
    : `${showCounted(series.startNs.length, 'call')}${series.stride > 1 ? ` (one in ${showCount(series.stride)} was kept)` : ''}: the line is the median, the strokes reach from the fastest to the slowest of their moment.`;
  const warmup =
    shown.warmupSamples > 0
      ? ` The first ${shown.warmupSamples === 1 ? 'sample looks' : `${showCounted(shown.warmupSamples, 'sample')} look`} like warm-up, which counts in the statistics unless --warmup leaves it out.`
      : '';
  const gc =
    shown.collections > 0
      ? ` Marks at the foot: ${showCounted(shown.collections, 'garbage collection')}.`
      : '';
  return `${what}${which}${warmup}${gc}${scale.kind === 'log' ? ' The upright axis is logarithmic.' : ''}`;
}
