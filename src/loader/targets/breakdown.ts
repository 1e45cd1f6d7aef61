import { requireIsolated } from '../isolation.js';
import type * as ByExpression from './by-expression.js';

/** By what the calls of a target are broken down: one `--by`. */
export interface Breakdown {
  /** Text of the target; null: of all that have none of their own. */
  readonly target: string | null;
  /** A JavaScript expression, evaluated as each call starts. */
  readonly expression: string;
}

/** The expression for a function that these targets name, or null. */
export function findBreakdown(breakdowns: readonly Breakdown[], target: string): string | null {
  const own = breakdowns.find((one) => one.target === target);
  return (own ?? breakdowns.find((one) => one.target === null))?.expression ?? null;
}

/**
 * Loads the parser to check the expression of a `--by`.
 * @returns its text alone
 * @throws {TtprofError} where it cannot be used
 */
export function checkExpression(text: string): string {
  return requireIsolated<typeof ByExpression>(
    new URL('./by-expression.js', import.meta.url),
  ).readByExpression(text);
}
