import type { Node } from '@babel/types';
import { reasonOf, TtprofError } from '../../shared/errors.js';
import { parseExpression, type SyntaxProblem } from '../find/parser.js';
import { forEachChild } from '../find/syntax-tree.js';

const PARSING = { sourceType: 'script', createParenthesizedExpressions: true } as const;

/**
 * Checks the expression of a `--by`, which becomes part of the functions that its targets name.
 * @returns its text alone, without what stands around it
 * @throws {TtprofError} where it cannot be parsed, or could not stand at the start of any function
 */
export function readByExpression(text: string): string {
  if (/[\n\r\u2028\u2029]/.test(text)) throw refuse(text, 'it must stand on one line');
  let node: Node & { readonly start?: number | null; readonly end?: number | null };
  try {
    node = parseExpression(text, PARSING);
  } catch (error) {
    throw refuse(text, `it is no JavaScript expression: ${describe(error as SyntaxProblem)}`);
  }
  visit(node, false);
  return text.slice(node.start!, node.end!);

  function visit(one: Node, inArrow: boolean): void {
    if (one.type === 'AwaitExpression' || (one.type === 'Identifier' && one.name === 'await'))
      throw refuse(text, 'it cannot wait (await)');
    if (one.type === 'YieldExpression' || (one.type === 'Identifier' && one.name === 'yield'))
      throw refuse(text, 'it cannot yield');
    if (one.type === 'Import') throw refuse(text, 'it cannot load modules (import)');
    if (inArrow && one.type === 'Identifier' && one.name === 'arguments')
      throw refuse(text, 'arguments in an arrow function is not what the call was given');
    const isArrow = one.type === 'ArrowFunctionExpression';
    forEachChild(one, (child) => visit(child, inArrow || isArrow));
  }
}

function describe(error: SyntaxProblem): string {
  const reason = reasonOf(error).replace(/ \(\d+:\d+\)$/, '');
  if (error.loc === undefined) return reason;
  const column = error.loc.column + 1;
  return error.reasonCode === 'ParseExpressionExpectsEOF'
    ? `it ends before column ${column}, where more follows`
    : `${reason} (column ${column})`;
}

/** Does an expression use the `arguments` of the function in which it stands? */
export function readsArguments(text: string): boolean {
  return text.includes('arguments') && hasOwnArguments(parseExpression(text, PARSING));
}

function hasOwnArguments(node: Node): boolean {
  if (node.type === 'Identifier') return node.name === 'arguments';
  // these have arguments of their own
  if (/^(?:Function|Class|ObjectMethod)/.test(node.type)) return false;
  if (node.type === 'MemberExpression' && !node.computed) return hasOwnArguments(node.object);
  let found = false;
  forEachChild(node, (child) => {
    found ||= hasOwnArguments(child);
  });
  return found;
}

function refuse(text: string, why: string): TtprofError {
  return new TtprofError(`--by ${JSON.stringify(text)}: ${why}`);
}
