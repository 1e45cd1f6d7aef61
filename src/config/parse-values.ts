/** How the text of an option becomes its value. Each throws a TtprofError that says what was expected. */
import { TtprofError } from '../shared/errors.js';

/** Any text that is not empty. */
export function parseText(text: string): string {
  if (text === '') throw new TtprofError('expected a value');
  return text;
}

/** A file, where standard output cannot be meant. */
export function parseFile(text: string): string {
  if (text === '-') throw new TtprofError('expected a file: only --json and --markdown write to stdout');
  return parseText(text);
}

/** A target, without a pair of single quotes around it: `cmd` on Windows passes them on. */
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

/** With a shorter interval V8 would spend most of its time sampling. */
const MIN_DRILL_INTERVAL_US = 50;

export function parseDrillInterval(text: string): number {
  const value = toNumber(text);
  if (!Number.isSafeInteger(value) || value < MIN_DRILL_INTERVAL_US)
    throw new TtprofError(`expected microseconds, at least ${MIN_DRILL_INTERVAL_US}`);
  return value;
}

/** A percentage of at least 0, with or without its sign: `5`, `2.5%`. */
export function parsePercent(text: string): number {
  const value = toNumber(text.endsWith('%') ? text.slice(0, -1) : text);
  if (!Number.isFinite(value) || value < 0) throw new TtprofError('expected a percentage of at least 0');
  return value;
}

/** Node's timers take at most 2^31-1 ms (https://nodejs.org/api/timers.html#settimeoutcallback-delay-args). */
const MAX_TIMER_SECONDS = 2_147_483;

export function parseSeconds(text: string): number {
  const value = toNumber(text);
  if (!(value > 0 && value <= MAX_TIMER_SECONDS)) {
    throw new TtprofError(`expected seconds above 0 and up to ${MAX_TIMER_SECONDS}`);
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
