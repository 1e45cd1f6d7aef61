/** Between a number and its unit: narrow, and never broken over two lines. */
const UNIT_SPACE = '\u202f';

const UNITS: readonly (readonly [unit: string, ns: number])[] = [
  ['s', 1e9],
  ['ms', 1e6],
  ['μs', 1e3],
  ['ns', 1],
];

/** A duration with three significant digits: `2.27 ms`, `34.0 μs`, `212 s`; a dash where there is none. */
export function showDuration(ns: number | null): string {
  if (ns === null) return '–';
  if (ns === 0) return `0${UNIT_SPACE}ns`;
  // From 999.5 of a unit on, three digits would read 1000: that is 1.00 of the next.
  const [unit, size] = UNITS.find(([, size]) => Math.abs(ns) >= size * 0.9995) ?? (['ns', 1] as const);
  return `${threeDigits(ns / size)}${UNIT_SPACE}${unit}`;
}

/** A tick of an axis: as short as it can be without losing digits (`2 ms`, `2.25 ms`). */
export function showTick(ns: number): string {
  if (ns === 0) return '0';
  const [unit, size] = UNITS.find(([, size]) => ns >= size * 0.9995) ?? (['ns', 1] as const);
  return `${Number((ns / size).toPrecision(5))}${UNIT_SPACE}${unit}`;
}

/** A count with thin spaces between groups of three: `1 234 567`. */
export function showCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, UNIT_SPACE);
}

/** A change in percent with its sign, a real minus: `−62.3 %`; from +900 % on as a multiple: `12.4×`. */
export function showPercent(percent: number): string {
  if (percent >= 900) return `${threeDigits(1 + percent / 100)}×`;
  const digits = Math.abs(percent) >= 99.95 && percent > 0 ? 0 : 1;
  const text = Math.abs(percent).toFixed(digits);
  const sign = Number(text) === 0 ? '±' : percent < 0 ? '−' : '+';
  return `${sign}${text}${UNIT_SPACE}%`;
}

/** A share of a whole: `61 %`, `0.4 %`. */
export function showShare(share: number): string {
  const percent = share * 100;
  return `${percent >= 9.95 || percent === 0 ? percent.toFixed(0) : percent.toFixed(1)}${UNIT_SPACE}%`;
}

/** `1 call`, `1 200 calls`. */
export function showCounted(count: number, one: string, many = `${one}s`): string {
  return `${showCount(count)} ${count === 1 ? one : many}`;
}

function threeDigits(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2);
}
