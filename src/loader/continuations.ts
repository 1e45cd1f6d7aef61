import type { Node } from '@babel/types';
import { skipBlanks } from './source-text.js';
import { forEachChild } from './syntax-tree.js';

/** In the place of an offset: V8 counts nothing there, because an enclosing statement that comes last ends there, too. */
export const NOT_COUNTED = -1;

/** Behind these V8 counts how often they were left. */
const COUNTED_BEHIND = /^(?:Return|Throw|If|For|ForIn|ForOf|While)Statement$/;

/**
 * For coverage: where V8 begins to count what follows an `await` or `yield`. That is behind the semicolon that follows;
 * and where several such places coincide, only the outermost counts (V8's `SourceRangeAstVisitor`).
 * @param roots the statements of a function's body, or the expression that is its body
 * @returns by node: an offset in the source, or {@link NOT_COUNTED}
 */
export function findContinuations(roots: readonly Node[], source: string): Map<Node, number> {
  const found = new Map<Node, number>();
  visitStatements(roots);
  return found;

  function visitStatements(statements: readonly Node[]): void {
    statements.forEach((statement, index) => {
      visit(statement, [], index === statements.length - 1);
    });
  }

  /**
   * @param outerEnds where the statements end that stand in the same block as one statement around the node, or are it
   * @param isLast is that one the last of its block?
   */
  function visit(node: Node, outerEnds: readonly number[], isLast: boolean): void {
    switch (node.type) {
      case 'BlockStatement':
        visitStatements(node.body);
        return;
      case 'SwitchCase':
        if (node.test) visit(node.test, [], false);
        visitStatements(node.consequent);
        return;
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        return;
      case 'AwaitExpression':
      case 'YieldExpression': {
        const next = skipBlanks(source, node.end!);
        const offset = source[next] === ';' ? next + 1 : node.end!;
        found.set(node, isLast && outerEnds.includes(offset) ? NOT_COUNTED : offset);
      }
    }
    const ends = COUNTED_BEHIND.test(node.type) ? [...outerEnds, node.end!] : outerEnds;
    forEachChild(node, (child) => visit(child, ends, isLast));
  }
}
