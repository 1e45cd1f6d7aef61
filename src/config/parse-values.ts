/** How the text of an option becomes its value. Each throws a TtprofError that says what was expected. */
import { TtprofError } from '../shared/errors.js';

/** Any text but none. */
export function parseText(text: string): string {
  if (text === '') throw new TtprofError('expected a value');
  return text;
}

/** A target; a pair of single quotes around it, which `cmd` does not take away, is none of it. */
export function parseTargetText(text: string): string {
  return parseText(/^'(.*)'$/s.exec(text)?.[1] ?? text);
}

/** `1` and `true`; `0`, `false` and nothing. */
export function parseBoolean(text: string): boolean {
  if (text === '1' || text === 'true') return true;
  if (text === '0' || text === 'false' || text === '') return false;
  throw new TtprofError('expected 1 or 0');
}

export function parsePositiveInteger(text: string): number {
  const value = toNumber(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new TtprofError('expected a whole number of at least 1');
  return value;
}

export function parseNonNegativeInteger(text: string): number {
  const value = toNumber(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new TtprofError('expected a whole number of at least 0');
  return value;
}

/** More often V8 would do little else. */
const SHORTEST_DRILL_INTERVAL_US = 50;

export function parseDrillInterval(text: string): number {
  const value = toNumber(text);
  if (!Number.isSafeInteger(value) || value < SHORTEST_DRILL_INTERVAL_US)
    throw new TtprofError(`expected microseconds, at least ${SHORTEST_DRILL_INTERVAL_US}`);
  return value;
}

/** A percentage of at least 0, with or without its sign: `5`, `2.5%`. */
export function parsePercent(text: string): number {
  const value = toNumber(text.endsWith('%') ? text.slice(0, -1) : text);
  if (!Number.isFinite(value) || value < 0) throw new TtprofError('expected a percentage of at least 0');
  return value;
}

/** What a timer can wait for: above 0, at most 2^31-1 ms. */
const LONGEST_TIMER_SECONDS = 2_147_483;

export function parseSeconds(text: string): number {
  const value = toNumber(text);
  if (!(value > 0 && value <= LONGEST_TIMER_SECONDS)) {
    throw new TtprofError(`expected seconds above 0 and up to ${LONGEST_TIMER_SECONDS}`);
  }
  return value;
}

/** How the two versions of `ttprof ab` share the machine. */
export const TURNS = ['process', 'module', 'off'] as const;
export type TurnsSetting = (typeof TURNS)[number];

export function parseTurns(text: string): TurnsSetting {
  const found = TURNS.find((way) => way === text);
  if (found === undefined)
    throw new TtprofError(`expected ${TURNS.slice(0, -1).join(', ')} or ${TURNS.at(-1)}`);
  return found;
}

/** Decimal notation only: `Number` alone would take `0x10`, `1e3` and blanks. */
function toNumber(text: string): number {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
}
