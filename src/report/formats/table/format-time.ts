import { formatCount } from '../../../shared/text/format-count.js';

/** A duration as its digits and its unit, which a table colours apart. */
export interface FormattedTime {
  readonly digits: string;
  readonly unit: 'ns' | 'μs' | 'ms' | 's';
}

const UNITS = [
  { unit: 'ns', ns: 1 },
  { unit: 'μs', ns: 1e3 },
  { unit: 'ms', ns: 1e6 },
  { unit: 's', ns: 1e9 },
] as const;

/**
 * A duration with at least three significant digits in the unit that keeps it below 1,000 (seconds may go beyond).
 * @param ns a duration in ns; small negative values come from the correction for the cost of measuring
 */
export function splitTime(ns: number): FormattedTime {
  if (ns === 0) return { digits: '0', unit: 'ns' };
  const size = Math.abs(ns);
  // Rounding decides about the unit: 999.7 ns has three digits as 1.00 μs, not as "1000ns".
  const { unit, ns: unitNs } = UNITS.find((each) => size / each.ns < 999.5) ?? UNITS[3];
  return { digits: (ns < 0 ? '-' : '') + threeDigits(size / unitNs), unit };
}

/** @param ns a duration in ns @returns for instance `2.27ms` */
export function formatTime(ns: number): string {
  const { digits, unit } = splitTime(ns);
  return digits + unit;
}

const BYTE_UNITS = [
  { unit: 'B', bytes: 1 },
  { unit: 'kB', bytes: 1e3 },
  { unit: 'MB', bytes: 1e6 },
  { unit: 'GB', bytes: 1e9 },
] as const;

/** @returns for instance `0B`, `264B`, `1.02kB` */
export function formatBytes(size: number): string {
  const { unit, bytes } = BYTE_UNITS.find((each) => size / each.bytes < 999.5) ?? BYTE_UNITS[3];
  return (unit === 'B' ? String(Math.round(size)) : threeDigits(size / bytes)) + unit;
}

function threeDigits(value: number): string {
  if (value < 9.995) return value.toFixed(2);
  if (value < 99.95) return value.toFixed(1);
  return formatCount(Math.round(value));
}

/** A change in percent with its sign: `-62.3%`, `+0.0%`, `+1,234%`. */
export function formatPercent(percent: number): string {
  return `${formatSigned(percent)}%`;
}

/** As {@link formatPercent} without the percent sign, for the bounds of an interval. */
export function formatSigned(percent: number): string {
  const size = Math.abs(percent);
  const digits = size < 999.95 ? size.toFixed(decimalsOf(percent)) : formatCount(Math.round(size));
  // "-0.0" would claim a direction
  return (percent < 0 && digits !== '0.0' ? '-' : '+') + digits;
}

/** Nothing takes no time at all: `-99.98`, where one decimal would say `-100.0`. */
function decimalsOf(percent: number): number {
  const left = 100 + percent;
  return left > 0 && left <= 0.05 ? -Math.floor(Math.log10(left)) : 1;
}
