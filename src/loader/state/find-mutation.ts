import type { Node } from '@babel/types';
import { type Binding, lineOf, type NodePath } from './traverse.js';

/** Methods that change what they are called on: of collections, arrays, buffers. */
const MUTATING =
  /^(?:add|append|clear|copyWithin|delete|fill|pop|push|reverse|set\w*|shift|sort|splice|unshift|write\w*)$/;
/** Of `Object` and `Reflect`: they change their first argument. */
const MUTATING_FIRST = /^(?:assign|defineProperty|defineProperties|deleteProperty|set|setPrototypeOf)$/;

/**
 * Where a function changes the object that a name of its module stands for. What the module's own code does as it loads
 * is no state: each copy does it once.
 * @returns the line, or null where nothing changes it
 */
export function findMutation({ referencePaths }: Binding): number | null {
  for (const reference of referencePaths)
    if (reference.getFunctionParent() !== null && isMutated(reference)) return lineOf(reference);
  return null;
}

/**
 * Where an object that is there to be filled (a `Map`, an empty array) is handed to something that may fill it.
 * @returns the line, or null where it is only asked
 */
export function findEscape({ referencePaths }: Binding): number | null {
  for (const reference of referencePaths) {
    if (reference.getFunctionParent() === null) continue;
    const { parent, node } = reference;
    const isAsked =
      (isMember(parent) && parent.object === node) ||
      parent.type === 'SpreadElement' ||
      (parent.type === 'ForOfStatement' && parent.right === node) ||
      (parent.type === 'BinaryExpression' && parent.operator === 'in');
    if (!isAsked) return lineOf(reference);
  }
  return null;
}

function isMutated(reference: NodePath): boolean {
  let at = reference;
  let last: Node | null = null;
  for (let up = at.parentPath; up !== null; up = at.parentPath) {
    if (!isMember(up.node) || up.node.object !== at.node) break;
    last = up.node.property;
    at = up;
  }
  const { parent, node } = at;
  if (last !== null) {
    if (parent.type === 'AssignmentExpression' && parent.left === node) return true;
    if (parent.type === 'UpdateExpression') return true;
    if (parent.type === 'UnaryExpression' && parent.operator === 'delete') return true;
    if (/^For(?:In|Of)Statement$/.test(parent.type) && 'left' in parent && parent.left === node) return true;
    if (parent.type === 'ArrayPattern' || parent.type === 'RestElement') return true;
    if (
      parent.type === 'ObjectProperty' &&
      parent.value === node &&
      at.parentPath?.parentPath?.isObjectPattern()
    )
      return true;
    if (isCall(parent) && parent.callee === node)
      return last.type === 'Identifier' ? MUTATING.test(last.name) : last.type !== 'NumericLiteral';
  }
  return isCall(parent) && parent.arguments[0] === node && changesFirst(parent.callee);
}

function changesFirst(callee: Node): boolean {
  return (
    callee.type === 'MemberExpression' &&
    callee.object.type === 'Identifier' &&
    /^(?:Object|Reflect)$/.test(callee.object.name) &&
    callee.property.type === 'Identifier' &&
    MUTATING_FIRST.test(callee.property.name)
  );
}

function isMember(node: Node): node is Node & { readonly object: Node; readonly property: Node } {
  return node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression';
}

function isCall(node: Node): node is Node & { readonly callee: Node; readonly arguments: readonly Node[] } {
  return node.type === 'CallExpression' || node.type === 'OptionalCallExpression';
}
