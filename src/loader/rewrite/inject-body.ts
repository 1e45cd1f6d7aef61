import type {
  AwaitExpression,
  ForOfStatement,
  Node,
  ReturnStatement,
  Statement,
  TryStatement,
  YieldExpression,
} from '@babel/types';
import type { FunctionKind } from '../../runtime/contract.js';
import { skipBlanks } from '../find/source-text.js';
import { forEachChild } from '../find/syntax-tree.js';
import { canReturn, canRun, canWait, contains, isWaiting, partsOfClass } from '../find/walk-function-body.js';
import { findContinuations } from './continuations.js';
import type { IdleStretches } from './idle-stretches.js';
import { withoutLabels } from './inject-obstacles.js';
import type { InjectedNames } from './injected-names.js';
import type { Insertions } from './insertions.js';

const RETURN = 'return'.length;
const AWAIT = 'await'.length;
const YIELD = 'yield'.length;

/**
 * Rewrites what a measured function's own code does: returns, waiting, `catch` and `finally`. Functions inside it are
 * left alone.
 * @param roots the statements of its body, or the expression that is its body
 */
export function injectBody(
  roots: readonly Node[],
  kind: FunctionKind,
  idle: IdleStretches,
  names: InjectedNames,
  source: string,
  insertions: Insertions,
): void {
  const { value, saved, call } = names;
  const pauses = kind !== 'sync';
  const isGenerator = kind === 'generator' || kind === 'async-generator';
  /** What `value` is while the call has neither returned nor reached its end. */
  const unfinished = pauses ? call : names.handle;
  let resumptions = 0;
  const continuations = pauses ? findContinuations(roots, source) : null;

  visitStatements(roots);

  function visitStatements(statements: readonly Node[]): void {
    for (const statement of statements) {
      visit(statement);
      // declared after it, and so disposed of first: the call pauses before the wait
      if (isAwaitUsing(statement)) insertions.close(statement.end!, `;${resource('pause', statement)}`);
    }
  }

  /** A `using` declaration whose disposal resumes or pauses the call, without a wait of its own. */
  function resource(method: 'resume' | 'pause', { start }: Node): string {
    return `using ${names.resource}${start}={[globalThis.Symbol.dispose](){${call}.${method}()}};`;
  }

  function visit(node: Node): void {
    switch (node.type) {
      case 'ReturnStatement':
        visitReturn(node);
        return;
      case 'AwaitExpression':
      case 'YieldExpression':
        visitWaiting(node, !idle.after.has(node));
        return;
      case 'VariableDeclarator':
        visit(node.id);
        if (node.init && isPattern(node.id) && isWaiting(node.init)) {
          visitWaiting(node.init, false);
          insertions.close(node.end!, `,${names.resumed}${resumptions++}=${resumption(node.init)}`);
        } else if (node.init) visit(node.init);
        return;
      case 'ExpressionStatement': {
        const { expression } = node;
        if (
          expression.type === 'AssignmentExpression' &&
          isPattern(expression.left) &&
          isWaiting(expression.right)
        ) {
          visit(expression.left);
          visitWaiting(expression.right, false);
          insertions.close(
            source[node.end! - 1] === ';' ? node.end! - 1 : node.end!,
            `,${resumption(expression.right)}`,
          );
        } else visit(expression);
        return;
      }
      case 'TryStatement':
        visitTry(node);
        return;
      case 'BlockStatement':
        if (node.body.some(isAwaitUsing)) insertions.open(node.start! + 1, resource('resume', node));
        visitStatements(node.body);
        return;
      case 'ForOfStatement':
        visitForOf(node, node.start!);
        return;
      case 'LabeledStatement': {
        const body = withoutLabels(node);
        if (body.type === 'ForOfStatement') visitForOf(body, node.start!);
        else visit(node.body);
        return;
      }
      case 'ObjectMethod':
        if (node.computed) visit(node.key);
        return;
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        return;
      case 'ClassDeclaration':
      case 'ClassExpression':
        for (const part of partsOfClass(node)) visit(part);
        return;
    }
    forEachChild(node, visit);
  }

  function visitReturn({ argument, start, end }: ReturnStatement): void {
    // `return X` of an async generator waits for X, and so would one of the bare `return`
    const waits = kind === 'async-generator';
    if (!argument) {
      if (waits) {
        insertions.open(start!, `{${value}=void 0;`);
        insertions.close(end!, '}');
      } else insertions.close(start! + RETURN, ` ${value}=void 0`);
      return;
    }
    // minified code: `return[x]`, `return"x"`
    const gap = argument.start === start! + RETURN ? ' ' : '';
    const [opening, closing] = waits
      ? [`${value}=${call}.pause((void 0,`, '))']
      : assignReturned(argument, value);
    insertions.open(argument.start!, gap + opening);
    visit(argument);
    insertions.close(argument.end!, closing);
  }

  /**
   * `await X` becomes `C.resume(await C.pause(X))`, `yield X` likewise, and in an async generator with `leave`.
   *
   * Where V8 would quote the expression in a message (`const { a } = await X` with an X of nothing says "Cannot
   * destructure property 'a' of '(intermediate value)'") the call is resumed after it instead; and not at all where
   * nothing runs until its end.
   */
  function visitWaiting(node: AwaitExpression | YieldExpression, resumes: boolean): void {
    const isYield = node.type === 'YieldExpression';
    const pause = isYield && kind === 'async-generator' ? 'leave' : 'pause';
    // a generator that is closed at a `yield` did not throw
    const pausing = isYield ? `,${value}=void 0)` : ')';
    const resuming = resumes ? `${isYield ? `,${value}=${call}` : ''})` : '';
    const continuation = continuations!.get(node);
    if (resumes) insertions.open(node.start!, `${call}.resume(`);
    let operand = node.start! + (isYield ? YIELD : AWAIT);
    if (!node.argument) {
      insertions.close(operand, ` ${call}.${pause}(void 0${pausing}`, continuation);
      insertions.close(operand, resuming);
      return;
    }
    if (isYield && node.delegate) {
      if (!canRun(node.argument)) {
        // V8 quotes what it delegates to as well
        insertions.open(node.start!, `(${call}.${pause}(void 0${pausing},`);
        visit(node.argument);
        insertions.close(node.end!, '', continuation);
        insertions.close(node.end!, `)${resuming}`);
        return;
      }
      operand = skipBlanks(source, operand) + 1;
    }
    insertions.open(operand, ` ${call}.${pause}(`);
    visit(node.argument);
    insertions.close(node.end!, pausing, continuation);
    insertions.close(node.end!, resuming);
  }

  /** What belongs after a waiting expression that was not resumed in place. */
  function resumption(node: AwaitExpression | YieldExpression): string {
    return node.type === 'YieldExpression' ? `${call}.resume(${value}=${call})` : `${call}.resume()`;
  }

  function visitTry({ block, handler, finalizer }: TryStatement): void {
    visit(block);
    if (handler) {
      if (handler.param) visit(handler.param);
      if (pauses)
        insertions.open(
          handler.body.start! + 1,
          `${call}.resume();${isGenerator ? `${value}=${call};` : ''}`,
        );
      visit(handler.body);
    }
    if (!finalizer || finalizer.body.length === 0) return;
    if (pauses || canReturn(block) || (handler && canReturn(handler.body))) {
      const resuming = pauses ? `${call}.resume();` : '';
      insertions.open(finalizer.start! + 1, `const ${saved}=${value};${value}=${unfinished};${resuming}{`);
      visit(finalizer);
      insertions.close(finalizer.end! - 1, `}${value}=${saved}`, { offset: finalizer.end! });
    } else visit(finalizer);
  }

  /** @param start of the loop with its labels, which must stay together */
  function visitForOf(node: ForOfStatement, start: number): void {
    const { left, right, body } = node;
    if (node.await) visitForAwait(node, start);
    else if (isWaiting(right)) {
      insertions.open(start, '{');
      visit(left);
      visitWaiting(right, false);
      visitLoopBody(body, `${resumption(right)};`, '');
      insertions.close(node.end!, `${resumption(right)}}`);
    } else forEachChild(node, visit);
  }

  /**
   * `{ C.pause(); for await (x of X) { C.resume(); try { … } finally { C.pause() } } C.resume() }`: the loop waits for
   * each value, and for the iterator's end however it is left.
   */
  function visitForAwait({ left, right, body, end }: ForOfStatement, start: number): void {
    const waits = canWait(right);
    // where X cannot be iterated, V8 would quote `C.pause(X)` in its message: so only where X itself waits
    insertions.open(start, waits ? '{' : `{${call}.pause();`);
    visit(left);
    if (right.type === 'AwaitExpression') visitWaiting(right, false);
    else if (waits) {
      insertions.open(right.start!, ` ${call}.pause((void 0,`);
      visit(right);
      insertions.close(right.end!, '))');
    } else visit(right);
    visitLoopBody(body, `${call}.resume();try{`, `}finally{${call}.pause()}`);
    insertions.close(end!, `${call}.resume()}`);
  }

  function visitLoopBody(body: Statement, opening: string, ending: string): void {
    if (body.type === 'EmptyStatement' || (body.type === 'BlockStatement' && body.body.length === 0)) return;
    if (body.type === 'BlockStatement') {
      insertions.open(body.start! + 1, opening);
      visitStatements(body.body);
      insertions.close(body.end! - 1, ending, { offset: body.end! });
    } else {
      insertions.open(body.start!, `{${opening}`);
      visit(body);
      insertions.close(body.end!, `${ending}}`);
    }
  }
}

/** Waits at the end of its block. */
function isAwaitUsing(node: Node): boolean {
  return node.type === 'VariableDeclaration' && node.kind === 'await using';
}

function isPattern({ type }: Node): boolean {
  return type === 'ObjectPattern' || type === 'ArrayPattern';
}

/**
 * What stands before and after X where `return X` keeps its value. `(0, X)` would be refused where TypeScript checks what
 * comes out (TS2695); `void` says that nothing is meant. V8 names the anonymous functions in an expression
 * after what it is assigned to, for stack traces (`at V`, though their `name` stays empty); not after a pattern.
 */
export function assignReturned(argument: Node, value: string): [opening: string, closing: string] {
  const holdsFunction = contains(argument, ({ type }) =>
    /^(?:Function|ArrowFunction|Class)Expression$/.test(type),
  );
  return holdsFunction ? [`{0:${value}}=[(void 0,`, `)],${value}`] : [`${value}=(`, ')'];
}
