// CommonJS, and so kept apart by `requireIsolated`; the other is an ES module, which the hooks keep apart where they can
import MagicString from 'magic-string';
import { requireIsolated } from '../isolation.js';

/**
 * What the loader is built on, in instances of its own: a program that uses the parser itself has another, which can
 * be measured.
 */
export const { parse, parseExpression } = requireIsolated<typeof import('@babel/parser')>('@babel/parser');
export { MagicString };

/** What the parser throws. The message ends with the place, ` (1:2)`; lines count from 1, columns from 0. */
export interface SyntaxProblem extends Error {
  readonly reasonCode?: string;
  readonly loc?: { readonly line: number; readonly column: number } | undefined;
}
