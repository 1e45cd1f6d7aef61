import { html, type Markup, trusted } from '../markup.js';

/**
 * The frame of all pictures of one function. Pictures are as wide as their place on the page, with text at its own
 * size: lines and areas are drawn in a box of {@link BOX_WIDTH} units that is stretched to the width, labels stand at
 * percentages. No script takes part, and no `style` attribute, which the page's Content-Security-Policy forbids.
 */
export interface Chart {
  /** What a screen reader says of the picture; the caption beside it says the same in words. */
  readonly title: string;
  /** In CSS pixels, without the axis below. */
  readonly heightPx: number;
  /** Drawn in the stretched box: {@link BOX_WIDTH} wide, `heightPx` high. */
  readonly body: Markup;
  /** Drawn over it, unstretched, horizontal places in percent. */
  readonly labels?: Markup;
  readonly xTicks: readonly Tick[];
  readonly yTicks?: readonly Tick[];
  /** Where their labels stand: where the picture is emptier. Left where not given. */
  readonly yTicksAt?: 'left' | 'right';
}

export interface Tick {
  /** 0 … 1, from the left or from the bottom. */
  readonly place: number;
  readonly label: string;
}

export const BOX_WIDTH = 1000;

const AXIS_PX = 22;

/** What the label of a mark may take of the width, in a narrow window. */
const LABEL_ROOM = 0.4;

/** Labels stand under the middle of their ticks, except so near to an edge that they would leave a narrow page. */
const EDGE = 0.02;

export function drawChart(chart: Chart): Markup {
  const { heightPx } = chart;
  const atRight = chart.yTicksAt === 'right';
  return html`<svg class="chart" role="img" width="100%" height="${heightPx + AXIS_PX}"><title>${chart.title}</title>${(
    chart.yTicks ?? []
  ).map((tick) => {
    const y = round((1 - tick.place) * heightPx);
    return html`<line class="grid" x1="0" x2="100%" y1="${y}" y2="${y}"/>`;
  })}<svg width="100%" height="${heightPx}" viewBox="0 0 ${BOX_WIDTH} ${heightPx}" preserveAspectRatio="none">${
    chart.body
  }</svg><line class="axis" x1="0" x2="100%" y1="${heightPx}" y2="${heightPx}"/>${chart.xTicks.map(
    (tick) =>
      html`<line class="axis" x1="${percent(tick.place)}" x2="${percent(tick.place)}" y1="${heightPx}" y2="${heightPx + 4}"/><text class="tick" x="${percent(tick.place)}" y="${heightPx + 17}" text-anchor="${anchor(tick.place)}">${tick.label}</text>`,
  )}${(chart.yTicks ?? []).map(
    (tick) =>
      html`<text class="tick" x="${atRight ? '100%' : 0}" y="${round((1 - tick.place) * heightPx - 4)}" text-anchor="${atRight ? 'end' : 'start'}">${tick.label}</text>`,
  )}${chart.labels ?? null}</svg>`;
}

/** A percentage for an attribute. */
export function percent(place: number): string {
  return `${round(place * 100)}%`;
}

/** How a text is anchored at a place, so that it stays inside the picture. */
export function anchor(place: number): 'start' | 'middle' | 'end' {
  return place < EDGE ? 'start' : place > 1 - EDGE ? 'end' : 'middle';
}

/** One decimal is a twentieth of a pixel: enough for any screen, and short. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** A line through points of the stretched box, as the `d` of a path; a unit across is about a pixel. */
export function linePath(points: readonly (readonly [x: number, y: number])[]): Markup {
  return trusted(points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${Math.round(x)} ${round(y)}`).join(''));
}

/** Ticks of a scale that are not crowded at its ends. */
export function labelTicks(
  scale: { ticks(count: number): number[]; place(value: number): number },
  count: number,
  show: (value: number) => string,
): Tick[] {
  return scale.ticks(count).map((value) => ({ place: scale.place(value), label: show(value) }));
}

/** A label beside a vertical mark: on the wished side while there is room for it. */
export function drawMarkLabel(
  place: number,
  y: number,
  wished: 'left' | 'right',
  className: string,
  text: string,
): Markup {
  const atLeft = wished === 'left' ? place > LABEL_ROOM : place > 1 - LABEL_ROOM;
  return html`<text class="label ${className}" x="${percent(place)}" y="${y}" dx="${atLeft ? -6 : 6}" text-anchor="${
    atLeft ? 'end' : 'start'
  }">${text}</text>`;
}
