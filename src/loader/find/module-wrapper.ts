import type { CallExpression, NewExpression, Node, OptionalCallExpression } from '@babel/types';

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
