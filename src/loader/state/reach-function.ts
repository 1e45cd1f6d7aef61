import type { Node } from '@babel/types';
import { isOfModule, type NodePath } from './traverse.js';

/**
 * An expression that gives a function from anywhere in its module: `f`, `C.prototype.m`, `module.exports.parse`.
 * @returns null where there is none: it is made within another function, or nothing of a name holds it
 */
export function reachFunction(path: NodePath): string | null {
  if (path.getFunctionParent() !== null) return null;
  const { node } = path;
  switch (node.type) {
    case 'ClassMethod':
    case 'ObjectMethod': {
      const holder = path.node.type === 'ClassMethod' ? path.parentPath!.parentPath! : path.parentPath!;
      const key = node.kind === 'method' && !node.computed ? accessorOf(node.key) : null;
      const isStatic = node.type === 'ClassMethod' && node.static;
      const within = node.type === 'ClassMethod' && !isStatic ? '.prototype' : '';
      const outer = key === null ? null : reachValue(holder);
      return outer === null ? null : `${outer}${within}${key}`;
    }
    default:
      return reachValue(path);
  }
}

/** A function, class or object. */
function reachValue(path: NodePath): string | null {
  const { node, parentPath } = path;
  if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration')
    return node.id && isOfModule(path, node.id.name) ? node.id.name : null;
  const parent = parentPath?.node;
  switch (parent?.type) {
    case 'VariableDeclarator':
      return parent.id.type === 'Identifier' && isOfModule(path, parent.id.name) ? parent.id.name : null;
    case 'AssignmentExpression':
      return parent.operator === '=' && parentPath!.parentPath?.isExpressionStatement()
        ? reachPlace(parent.left, path)
        : null;
    case 'ObjectProperty': {
      const key = parent.computed ? null : accessorOf(parent.key);
      const outer = key === null ? null : reachValue(parentPath!.parentPath!);
      return outer === null ? null : `${outer}${key}`;
    }
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
      return reachValue(parentPath!);
    default:
      return null;
  }
}

/** What is assigned to: `exports.f`, `C.prototype.m`. */
function reachPlace(node: Node, path: NodePath): string | null {
  if (node.type === 'Identifier') {
    const isOfNode = node.name === 'exports' || node.name === 'module';
    return isOfNode || isOfModule(path, node.name) ? node.name : null;
  }
  if (node.type !== 'MemberExpression' || node.computed) return null;
  const outer = reachPlace(node.object, path);
  const key = accessorOf(node.property);
  return outer === null || key === null ? null : `${outer}${key}`;
}

function accessorOf(key: Node): string | null {
  if (key.type === 'Identifier') return `.${key.name}`;
  return key.type === 'StringLiteral' ? `[${JSON.stringify(key.value)}]` : null;
}
