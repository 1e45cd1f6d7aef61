import type { Expression, MemberExpression, Node, OptionalMemberExpression, PrivateName } from '@babel/types';
import { type NameOf, ownName } from './found-function.js';

/** What `module.exports` is called until it is known whether a function or an object stands there. */
export const MODULE_EXPORTS = '\0module.exports';

/** The name of a function without one. */
export const ANONYMOUS = '<anonymous>';

export const NO_NAMES: readonly string[] = [];

const [BRACKET, QUOTE, ZERO, NINE] = [0x5b, 0x22, 0x30, 0x39];
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;

export function isIdentifier(text: string): boolean {
  return IDENTIFIER.test(text);
}

/** `C` and `m` make `C.m`; `o` and `["a b"]` make `o["a b"]`. */
export function joinNames(container: string, key: string): string {
  if (container === '' || container === MODULE_EXPORTS) return key;
  return isBracketed(key) ? container + key : `${container}.${key}`;
}

/** A property's key as in a qualified name: `m`, `#p`, `["a b"]`, `[1]`, `[Symbol.iterator]`. */
export function keyName(key: Expression | PrivateName, computed: boolean, source: string): string {
  if (key.type === 'PrivateName') return `#${key.id.name}`;
  if (!computed && key.type === 'Identifier') return key.name;
  if (key.type === 'StringLiteral') return quoteKey(key.value);
  if (key.type === 'NumericLiteral') return `[${key.value}]`;
  return `[${source.slice(key.start!, key.end!).replace(/\s+/g, ' ')}]`;
}

export function quoteKey(key: string): string {
  return isIdentifier(key) ? key : `[${JSON.stringify(key)}]`;
}

/**
 * What an assignment's left side names: `exports.f` and `this.f` (at top level) are `f`, `C.prototype.m` is `C.m`,
 * `module.exports` is {@link MODULE_EXPORTS}, `a.b.c` itself; null for a pattern.
 * @param self what `this` stands for, as a container
 * @param nameOf what identifiers are called; by default what the source calls them
 */
export function assignedName(
  left: Node,
  self: string,
  source: string,
  nameOf: NameOf = ownName,
): string | null {
  switch (left.type) {
    case 'Identifier':
      return left.name === 'exports' ? MODULE_EXPORTS : nameOf(left);
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'TSSatisfiesExpression':
    case 'TSTypeAssertion':
    case 'ParenthesizedExpression':
      return assignedName(left.expression, self, source, nameOf);
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return memberName(left, self, source, nameOf);
    default:
      return null;
  }
}

function memberName(
  node: MemberExpression | OptionalMemberExpression,
  self: string,
  source: string,
  nameOf: NameOf,
): string {
  const key = keyName(node.property, node.computed, source);
  const { object } = node;
  if (object.type === 'Identifier' && object.name === 'module' && key === 'exports') return MODULE_EXPORTS;
  if (object.type === 'ThisExpression') return joinNames(self, key);
  const container = assignedName(object, self, source, nameOf) ?? '';
  return key === 'prototype' && container !== '' ? container : joinNames(container, key);
}

/** `C.a#get` for the getter of `C.a`. */
export function withAccessor(names: readonly string[], kind: string): readonly string[] {
  return kind === 'get' || kind === 'set' ? names.map((name) => `${name}#${kind}`) : names;
}

/** Puts `default` (`export default`, `module.exports =`) last: what has a name of its own goes by that. */
export function defaultLast(names: readonly string[]): readonly string[] {
  const shown = names.map((name) => (name === MODULE_EXPORTS ? 'default' : name));
  return shown.length > 1 ? shown.sort((a, b) => Number(a === 'default') - Number(b === 'default')) : shown;
}

/** `[Symbol.iterator]` takes a dot before it, `["a b"]` and `[1]` take none. */
function isBracketed(key: string): boolean {
  if (key.charCodeAt(0) !== BRACKET) return false;
  const next = key.charCodeAt(1);
  return next === QUOTE || (next >= ZERO && next <= NINE);
}

/** What the value of a variable is called: that of Vite's variable for a default export is `default`. */
export function nameOfVariable(name: string): string {
  return name === '__vite_ssr_export_default__' ? 'default' : name;
}
