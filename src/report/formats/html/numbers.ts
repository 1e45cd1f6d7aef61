import { formatCount } from '../../../shared/text/format-count.js';
import { formatSigned, splitTime } from '../table/format-time.js';

/** Between a number and its unit: narrow, and never broken over two lines. */
const UNIT_SPACE = '\u202f';

/** A duration as in the table on the terminal, with a space before its unit and a real minus; a dash for none. */
export function showDuration(ns: number | null): string {
  if (ns === null) return '–';
  const { digits, unit } = splitTime(ns);
  return `${withMinus(digits)}${UNIT_SPACE}${unit}`;
}

/** A tick of an axis: as short as it can be without losing digits (`2 ms`, `2.25 ms`). */
export function showTick(ns: number): string {
  if (ns === 0) return '0';
  const { unit } = splitTime(ns);
  const size = { ns: 1, μs: 1e3, ms: 1e6, s: 1e9 }[unit];
  return `${Number((ns / size).toPrecision(5))}${UNIT_SPACE}${unit}`;
}

/** A whole number with its thousands apart: `1,234,567`. */
export function showCount(count: number): string {
  return formatCount(count);
}

/** A change in percent with its sign, a real minus: `−62.3%`. */
export function showPercent(percent: number): string {
  return `${showSigned(percent)}%`;
}

/** As {@link showPercent} without the percent sign, for the bounds of an interval. */
export function showSigned(percent: number): string {
  return withMinus(formatSigned(percent));
}

/** A share of a whole: `61%`, `0.4%`. */
export function showShare(share: number): string {
  const percent = share * 100;
  return `${percent >= 9.95 || percent === 0 ? percent.toFixed(0) : percent.toFixed(1)}%`;
}

/** `1 call`, `1,200 calls`. */
export function showCounted(count: number, one: string, many = `${one}s`): string {
  return `${showCount(count)} ${count === 1 ? one : many}`;
}

function withMinus(text: string): string {
  return text.replace('-', '−');
}
