import type { Node } from '@babel/types';
import type { FunctionNode } from '../find/found-function.js';
import { contains, isWaiting, walkFunctionBody } from '../find/walk-function-body.js';

/*
 * A call consists of stretches: from its begin to the first `await` or `yield`, from one of these to the next, and from
 * the last one to its end. Timing a stretch takes two readings of the clock and a frame on the stack. Many stretches are
 * idle: all that they do is read variables, as before the `yield` in `yield tree`, and after the `await` in `return await
 * f()` or `const row = await f(); return row`. These are not timed. Total and own time are too small by that reading alone.
 */

/** Where an async function or a generator does nothing worth timing. */
export interface IdleStretches {
  /** Before its first `await` or `yield`. */
  readonly atStart: boolean;
  /** After these of its `await`s and `yield`s, until its end. */
  readonly after: ReadonlySet<Node>;
}

export const NO_IDLE_STRETCHES: IdleStretches = { atStart: false, after: new Set() };

/**
 * A stretch is idle that has no call, no loop, and nothing that could run other code (getters, `valueOf`): it reads or
 * declares its own variables, makes literals of them, branches and returns.
 * @param roots the statements of its body, or the expression that is its body
 */
export function findIdleStretches({ params }: FunctionNode, roots: readonly Node[]): IdleStretches {
  // what `using` declares is disposed of at the end
  if (roots.some((root) => contains(root, isUsing))) return NO_IDLE_STRETCHES;
  const names = ownNames(params, roots);
  const after = new Set<Node>();
  visitStatements(roots, true);
  return { atStart: beginsIdle(roots), after };

  function beginsIdle(statements: readonly Node[]): boolean {
    const first = statements.find((statement) => !isIdle(statement));
    const waits = first && firstOf(first);
    if (!waits || !isWaiting(waits)) return false;
    return !(waits.type === 'YieldExpression' && waits.delegate) && isIdle(waits.argument);
  }

  /** The expression that is evaluated first, of those that are not idle. */
  function firstOf(node: Node | null | undefined): Node | null | undefined {
    switch (node?.type) {
      case 'ExpressionStatement':
        return firstOf(node.expression);
      case 'ReturnStatement':
        return node.argument;
      case 'VariableDeclaration': {
        const declarator = node.declarations.find(({ id, init }) => !isPlain(id) || !isIdle(init));
        return declarator?.init;
      }
      case 'AssignmentExpression':
        return node.operator === '=' && node.left.type !== 'MemberExpression' ? node.right : null;
    }
    return node;
  }

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
        if (isPlain(last.id)) visit(last.init, idle);
        return;
      }
      case 'ExpressionStatement':
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
        visit(node.expression, idle);
        return;
      case 'AwaitExpression':
      case 'YieldExpression':
        if (idle) after.add(node);
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
        return node.declarations.every(({ id, init }) => isPlain(id) && isIdle(init));
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

/** A name; what patterns take apart may have getters. */
function isPlain({ type }: Node): boolean {
  return type === 'Identifier';
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
