/** Maps values onto 0 … 1, linearly or by their logarithms. */
export interface Scale {
  readonly kind: 'linear' | 'log';
  readonly low: number;
  readonly high: number;
  /** The place of a value, clamped to 0 … 1. */
  place(value: number): number;
  /** The value at a place: the inverse of `place`. */
  value(place: number): number;
  /** Round values within the scale, about `count` of them, ascending. */
  ticks(count: number): number[];
}

/** Values that span more than this ratio are shown on a logarithmic scale: on a linear one the low end would vanish. */
const LOG_FROM_RATIO = 8;

/** The lowest duration on a logarithmic scale, in ns; below the resolution of any clock. */
const LOG_FLOOR_NS = 0.5;

/** A scale for durations in ns: logarithmic where they span more than a factor of eight, with a little room around. */
export function durationScale(lowNs: number, highNs: number): Scale {
  const low = Math.max(0, lowNs);
  const high = Math.max(highNs, low);
  if (high > LOG_FROM_RATIO * Math.max(low, LOG_FLOOR_NS)) {
    const floor = Math.max(low, LOG_FLOOR_NS);
    const room = (high / floor) ** 0.04;
    return logScale(floor / room, high * room);
  }
  // Durations that hardly differ would fill the picture with what is below any clock's resolution.
  const room = Math.max((high - low) * 0.06, high * 1e-3, 0.5);
  return linearScale(Math.max(0, low - room), high + room);
}

/** A linear scale; `high` is above `low`. */
export function linearScale(low: number, high: number): Scale {
  const span = high - low || 1;
  return {
    kind: 'linear',
    low,
    high,
    place: (value) => clamp((value - low) / span),
    value: (place) => low + place * span,
    ticks: (count) => linearTicks(low, high, count),
  };
}

/** A logarithmic scale; `low` is above 0, `high` above `low`. */
export function logScale(low: number, high: number): Scale {
  const span = Math.log(high / low) || 1;
  return {
    kind: 'log',
    low,
    high,
    place: (value) => clamp(value > 0 ? Math.log(value / low) / span : 0),
    value: (place) => low * Math.exp(place * span),
    ticks: (count) => logTicks(low, high, count),
  };
}

/** Multiples of 1, 2 or 5 times a power of ten between `low` and `high`, about `count` of them. */
export function linearTicks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / Math.max(1, count);
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  // The nearest of 1, 2, 5 and 10 on a logarithmic scale: its boundaries are their geometric means.
  const digit = rough / power;
  const step =
    power * (digit >= Math.sqrt(50) ? 10 : digit >= Math.sqrt(10) ? 5 : digit >= Math.SQRT2 ? 2 : 1);
  const ticks: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high * (1 + 1e-12); i += 1) {
    ticks.push(Number((i * step).toPrecision(12)));
  }
  return ticks;
}

function logTicks(low: number, high: number, count: number): number[] {
  // From the finest to the coarsest choice of digits, the first that does not crowd.
  for (const digits of [[1, 2, 5], [1, 3], [1]]) {
    const ticks = decades(low, high, 1).flatMap((decade) => digits.map((digit) => digit * decade));
    const inside = ticks.filter((tick) => tick >= low && tick <= high);
    if (inside.length <= count && inside.length >= 2) return inside;
  }
  for (const stride of [2, 3, 4, 6]) {
    const inside = decades(low, high, stride).filter((tick) => tick >= low && tick <= high);
    if (inside.length <= count) return inside;
  }
  return linearTicks(low, high, count);
}

function decades(low: number, high: number, stride: number): number[] {
  const all: number[] = [];
  const first = Math.floor(Math.log10(low));
  for (let power = first - (((first % stride) + stride) % stride); 10 ** power <= high; power += stride) {
    all.push(10 ** power);
  }
  return all;
}

function clamp(place: number): number {
  return place < 0 ? 0 : place > 1 ? 1 : place;
}
