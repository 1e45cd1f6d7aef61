import type { Directive, Node } from '@babel/types';
import type { FunctionKind } from '../../runtime/contract.js';
import type { FunctionNode } from './found-function.js';
import { assignedName, MODULE_EXPORTS } from './qualified-name.js';
import { skipBlanks } from './source-text.js';

export function kindOf(node: FunctionNode): FunctionKind {
  if (node.generator) return node.async ? 'async-generator' : 'generator';
  return node.async ? 'async' : 'sync';
}

/** Where a function starts, its decorators aside. */
export function startOf(node: FunctionNode, source: string): number {
  const decorators = 'decorators' in node ? node.decorators : null;
  const last = decorators?.at(-1);
  if (!last || last.end! > nameStartOf(node)!) return node.start!;
  return skipBlanks(source, last.end!);
}

export function nameStartOf(node: FunctionNode): number | null {
  if ('key' in node) return node.key.start!;
  return ('id' in node && node.id?.start) || null;
}

export function hasDirective(directives: readonly Directive[], text: string): boolean {
  return directives.some(({ value }) => value.value === text);
}

/** `this`, `this.a` and `this.a.b`. */
export function startsWithThis(node: Node): boolean {
  let at = node;
  while (at.type === 'MemberExpression') at = at.object;
  return at.type === 'ThisExpression';
}

/** `exports.f` or `module.exports.f`. */
export function isExportsMember(node: Node): boolean {
  return (
    node.type === 'MemberExpression' &&
    (assignedName(node.object, '', '') === MODULE_EXPORTS || node.object.type === 'ThisExpression')
  );
}

/** `assign` for `Object.assign`; null for any other callee. */
export function objectMethodOf(callee: Node): string | null {
  return callee.type === 'MemberExpression' &&
    callee.object.type === 'Identifier' &&
    (callee.object.name === 'Object' || callee.object.name === 'Reflect') &&
    callee.property.type === 'Identifier' &&
    !callee.computed
    ? callee.property.name
    : null;
}

/** `f` for `() => f`; null for a function that does anything else. */
export function returnedIdentifier(node: Node): string | null {
  const returned = returnedNode(node);
  return returned?.type === 'Identifier' ? returned.name : null;
}

/** Does a function only hand on a value: `() => f`, `() => a.f`? */
export function isForward(node: Node): boolean {
  const returned = returnedNode(node);
  return returned?.type === 'Identifier' || returned?.type === 'MemberExpression';
}

/** What `() => f` or `function () { return f }` returns. */
function returnedNode(node: Node): Node | null {
  if (
    node.type !== 'ArrowFunctionExpression' &&
    node.type !== 'FunctionExpression' &&
    node.type !== 'ObjectMethod'
  )
    return null;
  if (node.body.type !== 'BlockStatement') return node.body;
  const [only, ...rest] = node.body.body;
  return rest.length === 0 && only?.type === 'ReturnStatement' ? (only.argument ?? null) : null;
}
