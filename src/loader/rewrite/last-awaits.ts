import type { Node } from '@babel/types';
import type { FunctionNode } from '../find/found-function.js';
import { contains, walkFunctionBody } from '../find/walk-function-body.js';

/*
 * After the last `await` of many an async function nothing runs that could call anything or take time: `return await f()`,
 * `const row = await f(); return row`. Such a call need not be resumed: it ends as soon as it goes on. That saves a reading
 * of the clock and a frame; own time and total lose what returning a variable takes.
 */

/**
 * The awaits of an async function after which it does nothing before it ends that calls, loops or could run somebody's code
 * (getters, `valueOf`): it reads its own variables, declares some, makes literals of them, branches and returns.
 * @param roots the statements of its body, or the expression that is its body
 */
export function findLastAwaits({ params }: FunctionNode, roots: readonly Node[]): ReadonlySet<Node> {
  const found = new Set<Node>();
  // what `using` declares is disposed of at the end
  if (roots.some((root) => contains(root, isUsing))) return found;
  const names = ownNames(params, roots);
  visitStatements(roots, true);
  return found;

  /** @param idle whether nothing runs after them */
  function visitStatements(statements: readonly Node[], idle: boolean): void {
    let rest = idle;
    for (const statement of statements.toReversed()) {
      visit(statement, rest);
      rest = isIdle(statement) && (rest || statement.type === 'ReturnStatement');
    }
  }

  function visit(node: Node | null | undefined, idle: boolean): void {
    switch (node?.type) {
      case 'ReturnStatement':
        visit(node.argument, true);
        return;
      case 'BlockStatement':
        visitStatements(node.body, idle);
        return;
      case 'IfStatement':
        visit(node.consequent, idle);
        visit(node.alternate, idle);
        return;
      case 'VariableDeclaration': {
        const last = node.declarations.at(-1)!;
        if (last.id.type === 'Identifier') visit(last.init, idle);
        return;
      }
      case 'ExpressionStatement':
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
        visit(node.expression, idle);
        return;
      case 'AwaitExpression':
        if (idle) found.add(node);
    }
  }

  function isIdle(node: Node | null | undefined): boolean {
    switch (node?.type) {
      case undefined:
      case 'EmptyStatement':
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
      case 'ThisExpression':
      case 'StringLiteral':
      case 'NumericLiteral':
      case 'BooleanLiteral':
      case 'NullLiteral':
        return true;
      case 'Identifier':
        // others could be getters of the global object
        return names.has(node.name) || node.name === 'undefined';
      case 'ReturnStatement':
        return isIdle(node.argument);
      case 'BlockStatement':
        return node.body.every(isIdle);
      case 'IfStatement':
      case 'ConditionalExpression':
        return isIdle(node.test) && isIdle(node.consequent) && isIdle(node.alternate);
      case 'VariableDeclaration':
        return node.declarations.every(({ id, init }) => id.type === 'Identifier' && isIdle(init));
      case 'ExpressionStatement':
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
        return isIdle(node.expression);
      case 'UnaryExpression':
        return ['!', 'void', 'typeof'].includes(node.operator) && isIdle(node.argument);
      case 'BinaryExpression':
        return ['===', '!=='].includes(node.operator) && isIdle(node.left) && isIdle(node.right);
      case 'LogicalExpression':
        return isIdle(node.left) && isIdle(node.right);
      case 'ArrayExpression':
        return node.elements.every((element) => element === null || isIdle(element));
      case 'ObjectExpression':
        return node.properties.every(
          (property) => property.type === 'ObjectProperty' && !property.computed && isIdle(property.value),
        );
    }
    return false;
  }
}

function isUsing(node: Node): boolean {
  return node.type === 'VariableDeclaration' && /using$/.test(node.kind);
}

/** What its parameters and variables are called. */
function ownNames(params: readonly Node[], roots: readonly Node[]): ReadonlySet<string> {
  const names = new Set<string>();
  params.forEach(add);
  for (const root of roots)
    walkFunctionBody(root, (node) => {
      if (node.type === 'VariableDeclarator') add(node.id);
    });
  return names;

  function add(pattern: Node | null): void {
    switch (pattern?.type) {
      case 'Identifier':
        names.add(pattern.name);
        return;
      case 'AssignmentPattern':
        add(pattern.left);
        return;
      case 'RestElement':
        add(pattern.argument);
        return;
      case 'ArrayPattern':
        pattern.elements.forEach(add);
        return;
      case 'ObjectPattern':
        for (const property of pattern.properties)
          add(property.type === 'ObjectProperty' ? property.value : property);
    }
  }
}
