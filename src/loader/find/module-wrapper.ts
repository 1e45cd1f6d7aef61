import type { CallExpression, NewExpression, Node, OptionalCallExpression } from '@babel/types';
import { objectMethodOf, returnedIdentifier } from './ast-queries.js';

const NO_NODES: readonly Node[] = [];

/** Bundlers' helpers that run a module's function later. */
const MODULE_HELPERS = new Set(['__commonJS', '__commonJSMin', '__esm', '__esmMin']);

/** esbuild's and SWC's helpers that define exports by getters. */
export function isExportHelper(name: string): boolean {
  return name === '__export' || name === '_export';
}

/**
 * The functions that only wrap a module around their code, so that what they contain counts as top level:
 * immediately invoked functions, the factories of UMD and AMD, the modules in a bundle.
 */
export function findWrappers(node: CallExpression | OptionalCallExpression | NewExpression): readonly Node[] {
  const callee = unwrap(node.callee);
  const invoked = isFunction(callee) ? callee : invokedThroughMember(callee);
  if (invoked !== null) return [invoked, ...node.arguments.map(unwrap).filter(isFunction)];
  if (callee.type !== 'Identifier') return NO_NODES;
  if (callee.name === 'define') return node.arguments.map(unwrap).filter(isFunction);
  if (MODULE_HELPERS.has(callee.name)) return node.arguments.flatMap(modulesOf);
  return NO_NODES;
}

/** `(function () {}).call(this)` and `.apply`. */
function invokedThroughMember(callee: Node): Node | null {
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier')
    return null;
  if (callee.property.name !== 'call' && callee.property.name !== 'apply') return null;
  const object = unwrap(callee.object);
  return isFunction(object) ? object : null;
}

function modulesOf(argument: Node): readonly Node[] {
  if (isFunction(argument)) return [argument];
  if (argument.type !== 'ObjectExpression') return NO_NODES;
  return argument.properties.flatMap((property): readonly Node[] => {
    if (property.type === 'ObjectMethod') return [property];
    return property.type === 'ObjectProperty' && isFunction(property.value) ? [property.value] : NO_NODES;
  });
}

function unwrap(node: Node): Node {
  let at = node;
  while (
    at.type === 'ParenthesizedExpression' ||
    at.type === 'TSAsExpression' ||
    at.type === 'TSNonNullExpression'
  )
    at = at.expression;
  return at;
}

function isFunction(node: Node): boolean {
  return node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression';
}

/** An export as Vite writes it for its module runner (`ssrTransform`): the name, and what is called so in the module. */
export interface ViteExport {
  readonly exported: string;
  /** Null where it is none of the module's own. */
  readonly local: string | null;
}

/**
 * `__vite_ssr_exportName__("f", () => { try { return f } catch {} })`, and before Vite 7
 * `Object.defineProperty(__vite_ssr_exports__, "f", { …, get(){ return f } })`.
 * @returns null for every other call
 */
export function readViteExport({
  callee,
  arguments: args,
}: CallExpression | OptionalCallExpression | NewExpression): ViteExport | null {
  const [first, second, third] = args;
  if (callee.type === 'Identifier' && callee.name === '__vite_ssr_exportName__')
    return first?.type === 'StringLiteral' && second
      ? { exported: first.value, local: returnedIdentifier(withoutTry(second)) }
      : null;
  if (
    objectMethodOf(callee) !== 'defineProperty' ||
    first?.type !== 'Identifier' ||
    first.name !== '__vite_ssr_exports__' ||
    second?.type !== 'StringLiteral' ||
    third?.type !== 'ObjectExpression'
  )
    return null;
  const getter = third.properties.find((each) => each.type === 'ObjectMethod');
  return { exported: second.value, local: getter ? returnedIdentifier(getter) : null };
}

/** The arrow function with what its `try` does as its body. */
function withoutTry(node: Node): Node {
  if (node.type !== 'ArrowFunctionExpression' || node.body.type !== 'BlockStatement') return node;
  const [only] = node.body.body;
  return only?.type === 'TryStatement' ? { ...node, body: only.block } : node;
}
