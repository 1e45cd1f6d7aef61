import type { Node } from '@babel/types';
import { skipBlanks } from '../find/source-text.js';
import { forEachChild } from '../find/syntax-tree.js';

/** Stands for an offset at which V8 counts nothing, because something around it begins or ends there too. */
export const NOT_COUNTED = -1;

/** For coverage: what V8 counts after an `await` or `yield`; offsets in the source. */
export interface Continuation {
  /** Where it begins: after the semicolon that follows; or {@link NOT_COUNTED}. */
  readonly offset: number;
  /**
   * Only where it begins behind the operand or `case` that the `await` or `yield` stands in, as with `a && await b;`. It
   * goes on up to the next place that V8 counts, which this is (a number beyond any source where there is none).
   */
  readonly next?: number;
}

/** After these V8 counts how often they were left. */
const COUNTED_AFTER =
  /^(?:Return|Throw|Break|Continue|If|For|ForIn|ForOf|While|DoWhile|Switch|Try|Block)Statement$/;

const LEAVES = /^(?:Return|Throw|Break|Continue)Statement$/;

/** What surrounds a node. */
interface Surroundings {
  /** The ends of the counted statements around the node, out to the one that stands in the innermost block. */
  readonly ends: readonly number[];
  /** Where the continuations of the waiting expressions around it begin. */
  readonly resumed: readonly number[];
  /** Is the statement that stands in the innermost block the last one there? Then V8 does not count after it. */
  readonly isLast: boolean;
  /** The ends of the counted parts around it: operands, branches, loop bodies, `case`s. */
  readonly limits: readonly number[];
}

/**
 * The places where V8 begins to count what follows an `await` or `yield`. Where several places coincide, only the
 * outermost counts (see `SourceRangeAstVisitor` in V8, and `RewritePositionSingletonsToRanges` for how far they go).
 * @param roots the statements of a function's body, or the expression that is its body
 */
export function findContinuations(roots: readonly Node[], source: string): Map<Node, Continuation> {
  const found = new Map<Node, Continuation>();
  const escaping = new Map<Node, { offset: number; limits: readonly number[] }>();
  /** Where V8 begins to count, after waiting expressions and elsewhere. */
  const resumed: number[] = [];
  const starts: number[] = [];
  visitStatements(roots, []);
  const taken = new Set(starts);
  let next = Number.MAX_SAFE_INTEGER;
  const places = [...starts, ...resumed].sort((a, b) => a - b);
  for (const [node, { offset, limits }] of [...escaping].sort(([, a], [, b]) => b.offset - a.offset)) {
    while (places.length > 0 && places.at(-1)! > offset) next = places.pop()!;
    const end = Math.min(next, ...limits.filter((limit) => limit > offset));
    found.set(node, taken.has(offset) ? { offset: NOT_COUNTED } : { offset, next: end });
  }
  return found;

  function visitStatements(statements: readonly Node[], limits: readonly number[]): void {
    for (const statement of statements) {
      visit(statement, { ends: [], resumed: [], isLast: statement === statements.at(-1), limits });
      // what follows is not compiled
      if (LEAVES.test(statement.type)) return;
    }
  }

  /** @param end where the node ends, together with the TypeScript types behind it */
  function visit(node: Node, place: Surroundings, end = node.end!): void {
    let inner = place;
    if (COUNTED_AFTER.test(node.type)) {
      const isCounted = place.ends.length === 0 ? !place.isLast : !place.ends.includes(node.end!);
      if (isCounted) starts.push(node.end!);
      inner = { ...place, ends: [...place.ends, node.end!] };
    }
    const visitPart = (part: Node, end = part.end!) =>
      visit(part, { ...inner, limits: [...place.limits, end] });
    switch (node.type) {
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
      case 'StaticBlock':
      case 'ClassPrivateMethod':
      case 'ClassPrivateProperty':
        return;
      case 'ObjectMethod':
      case 'ClassMethod':
      case 'ClassProperty':
      case 'ClassAccessorProperty':
        if (node.computed) visit(node.key, inner);
        return;
      case 'BlockStatement':
        visitStatements(node.body, place.limits);
        return;
      case 'SwitchCase':
        starts.push(node.start!);
        if (node.test) visit(node.test, { ...place, ends: [], isLast: false });
        visitStatements(node.consequent, [...place.limits, node.end!]);
        return;
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
        visit(node.expression, place, end);
        return;
      case 'LogicalExpression':
        visit(node.left, inner);
        starts.push(skipParentheses(node.left.end!));
        visitPart(node.right, node.end!);
        return;
      case 'ConditionalExpression': {
        visit(node.test, inner);
        const colon = skipParentheses(node.consequent.end!);
        starts.push(skipParentheses(node.test.end!), colon);
        visitPart(node.consequent, endInParentheses(node.consequent.end!));
        visitPart(node.alternate, node.end!);
        return;
      }
      case 'IfStatement':
        starts.push(node.consequent.start!);
        visit(node.test, inner);
        visitPart(node.consequent);
        if (node.alternate) {
          starts.push(node.consequent.end!);
          visitPart(node.alternate);
        }
        return;
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
        starts.push(node.body.start!);
        forEachChild(node, (child) => {
          if (child === node.body) visitPart(child);
          else visit(child, inner);
        });
        return;
      case 'OptionalMemberExpression':
      case 'OptionalCallExpression': {
        const callee = node.type === 'OptionalCallExpression' ? node.callee : node.object;
        if (node.optional) starts.push(skipParentheses(callee.end!));
        break;
      }
      case 'TryStatement': {
        visitStatements(node.block.body, place.limits);
        if (node.handler) {
          starts.push(node.handler.start!);
          visitPart(node.handler);
        }
        if (node.finalizer) {
          starts.push(skipBlanks(source, (node.handler ?? node.block).end!));
          visitPart(node.finalizer);
        }
        return;
      }
      case 'AwaitExpression':
      case 'YieldExpression': {
        const semicolon = skipBlanks(source, end);
        const offset = source[semicolon] === ';' ? semicolon + 1 : node.end!;
        const isStatementsEnd = place.ends.includes(offset);
        found.set(node, { offset: place.isLast && isStatementsEnd ? NOT_COUNTED : offset });
        if (!isStatementsEnd && !place.resumed.includes(offset)) {
          resumed.push(offset);
          if (place.limits.some((limit) => limit <= offset))
            escaping.set(node, { offset, limits: place.limits });
        }
        inner = { ...place, resumed: [...place.resumed, offset] };
      }
    }
    forEachChild(node, (child) => visit(child, inner));
  }

  /** The end of an expression that ends at an offset, with the parentheses around it. */
  function endInParentheses(from: number): number {
    let end = from;
    for (let at = skipBlanks(source, end); source[at] === ')'; at = skipBlanks(source, end)) end = at + 1;
    return end;
  }

  /** The next offset at which neither white space, a comment nor a closing parenthesis stands. */
  function skipParentheses(from: number): number {
    return skipBlanks(source, endInParentheses(from));
  }
}
