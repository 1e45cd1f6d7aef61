import { html, type Markup } from '../markup.js';
import { showCounted, showDuration, showTick } from '../numbers.js';
import type { Side } from '../sides.js';
import { drawChart, labelTicks, percent } from './chart.js';
import { durationScale } from './scale.js';

const ROW_PX = 34;

/**
 * The median of each run as a dot, one row a side: the noise between runs, which is what verdicts are made from.
 * @returns null where no side has two runs
 */
export function drawRuns(sides: readonly Side[]): { picture: Markup; caption: string } | null {
  const rows = sides.map((side) => ({
    ...side,
    medians: side.fn.runs.flatMap((run) => (run.medianNs === null ? [] : [run.medianNs])),
  }));
  if (!rows.some((row) => row.medians.length > 1)) return null;
  const all = rows.flatMap((row) => row.medians);
  const scale = durationScale(Math.min(...all), Math.max(...all));
  const describeRow = (row: (typeof rows)[number]) =>
    `${sides.length > 1 ? `${row.label}: ` : ''}${showCounted(row.medians.length, 'run')}, medians ${showDuration(Math.min(...row.medians))} to ${showDuration(Math.max(...row.medians))}`;
  const picture = drawChart({
    title: `Median of each run. ${rows.map(describeRow).join('; ')}`,
    heightPx: rows.length * ROW_PX + 8,
    xTicks: labelTicks(scale, 4, showTick), // medians differ in their last digits: long labels
    body: html``,
    labels: html`${rows.map(
      (row, i) =>
        html`<text class="label ${row.role}" x="0" y="${i * ROW_PX + 12}">${sides.length > 1 ? row.label : 'each run'}</text>${row.medians.map(
          (ns) =>
            html`<circle class="dot ${row.role}" cx="${percent(scale.place(ns))}" cy="${i * ROW_PX + 25}" r="4.5"/>`,
        )}`,
    )}`,
  });
  return {
    picture,
    caption: `${rows.map(describeRow).join('; ')}. Each dot is the median of one run, a process of its own: how far they scatter is the noise that a difference must exceed.`,
  };
}
