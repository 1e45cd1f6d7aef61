import type { Node, Statement } from '@babel/types';
import type { FoundFunction } from '../find/found-function.js';
import { walkFunctionBody } from '../find/walk-function-body.js';

const WAITING = new Set(['ReturnStatement', 'AwaitExpression', 'YieldExpression', 'TryStatement']);

/**
 * Why a function cannot be measured without changing what it does, or null. Its body becomes a block, in which
 * declarations of functions are block-scoped: mostly that makes no difference, and these are the cases where it does.
 */
export function findObstacle(found: FoundFunction): string | null {
  if (found.obstacle !== null) return found.obstacle;
  const { body, params } = found.node;
  if (body.type !== 'BlockStatement') return null;
  const declared = body.body.map(declaredFunction).filter((name) => name !== null);
  const own = new Set(declared);
  if (own.size < declared.length) return 'it declares a function twice';

  const conflicts = new Set<string>();
  let hasDirectEval = false;
  let editsInsideWith = false;
  for (const statement of body.body) {
    walkFunctionBody(statement, (node) => {
      switch (node.type) {
        case 'VariableDeclaration':
          if (node.kind === 'var' && own.size > 0)
            for (const { id } of node.declarations) addBoundNames(id, own, conflicts);
          break;
        case 'FunctionDeclaration':
          // sloppy code declares it as a variable of the function, too
          if (
            node !== statement &&
            !found.isStrict &&
            node.id &&
            own.has(node.id.name) &&
            withoutLabels(statement) !== node
          )
            conflicts.add(node.id.name);
          break;
        case 'CallExpression':
          if (node.callee.type === 'Identifier' && node.callee.name === 'eval') hasDirectEval = true;
          break;
        case 'WithStatement':
          walkFunctionBody(node.body, (inner) => {
            if (WAITING.has(inner.type) || (inner.type === 'ForOfStatement' && inner.await))
              editsInsideWith = true;
          });
          break;
      }
    });
  }
  if (editsInsideWith) return 'it contains a `with` statement';
  if (own.size === 0) return null;
  if (!found.isStrict) {
    if (hasDirectEval) return 'it declares functions and calls `eval`';
    for (const param of params) addBoundNames(param, own, conflicts);
    if (own.has('arguments')) conflicts.add('arguments');
  }
  const [name] = conflicts;
  return name === undefined ? null : `it declares \`${name}\` both as a function and otherwise`;
}

function declaredFunction(statement: Statement): string | null {
  const declaration = withoutLabels(statement);
  return declaration.type === 'FunctionDeclaration' ? (declaration.id?.name ?? null) : null;
}

/** What stands behind a statement's labels. */
export function withoutLabels(statement: Statement): Statement {
  let at = statement;
  while (at.type === 'LabeledStatement') at = at.body;
  return at;
}

/** Adds the names that a pattern binds and that are among `wanted`. */
function addBoundNames(pattern: Node, wanted: ReadonlySet<string>, names: Set<string>): void {
  switch (pattern.type) {
    case 'Identifier':
      if (wanted.has(pattern.name)) names.add(pattern.name);
      return;
    case 'ObjectPattern':
      for (const property of pattern.properties)
        addBoundNames(property.type === 'RestElement' ? property.argument : property.value, wanted, names);
      return;
    case 'ArrayPattern':
      for (const element of pattern.elements) if (element) addBoundNames(element, wanted, names);
      return;
    case 'AssignmentPattern':
      addBoundNames(pattern.left, wanted, names);
      return;
    case 'RestElement':
      addBoundNames(pattern.argument, wanted, names);
      return;
    case 'TSParameterProperty':
      addBoundNames(pattern.parameter, wanted, names);
      return;
  }
}
