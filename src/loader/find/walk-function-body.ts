import type { AwaitExpression, BlockStatement, Class, Node, YieldExpression } from '@babel/types';
import { forEachChild } from './syntax-tree.js';

// These look at a function's own code only, and not into the functions inside it.

/** Visits a node and all below it that belong to the same function. */
export function walkFunctionBody(node: Node, visit: (node: Node) => void): void {
  visit(node);
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return;
    case 'ObjectMethod':
      if (node.computed) walkFunctionBody(node.key, visit);
      return;
    case 'ClassDeclaration':
    case 'ClassExpression':
      for (const part of partsOfClass(node)) walkFunctionBody(part, visit);
      return;
  }
  forEachChild(node, (child) => walkFunctionBody(child, visit));
}

/** The parts of a class that are evaluated by the code around it: not its methods, fields and static blocks. */
export function partsOfClass(node: Class): Node[] {
  const parts: Node[] = [...(node.decorators ?? [])];
  if (node.superClass) parts.push(node.superClass);
  for (const member of node.body.body) {
    if ('decorators' in member) parts.push(...(member.decorators ?? []));
    if ('computed' in member && member.computed) parts.push(member.key);
  }
  return parts;
}

/** Does any node of the function's own code pass a test? */
export function contains(root: Node, test: (node: Node) => boolean): boolean {
  let found = false;
  walkFunctionBody(root, (node) => {
    found ||= test(node);
  });
  return found;
}

export function canReturn(block: BlockStatement): boolean {
  return contains(block, ({ type }) => type === 'ReturnStatement');
}

export function canWait(node: Node): boolean {
  return contains(node, isWaiting);
}

/** Whether an expression calls something, and so may take time before there is a value to wait for. */
export function canRun(node: Node): boolean {
  return contains(node, (inner) => isWaiting(inner) || /Call|New|Tagged/.test(inner.type));
}

export function isWaiting(node: Node): node is AwaitExpression | YieldExpression {
  return node.type === 'AwaitExpression' || node.type === 'YieldExpression';
}
