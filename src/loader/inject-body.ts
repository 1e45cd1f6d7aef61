import type {
  BlockStatement,
  Class,
  ForOfStatement,
  Node,
  Statement,
  TryStatement,
  YieldExpression,
} from '@babel/types';
import type { FunctionKind } from '../runtime/contract.js';
import { skipBlanks } from './find-functions-visit.js';
import type { InjectedNames } from './injected-names.js';
import type { Insertions } from './insertions.js';
import { forEachChild } from './syntax-tree.js';

const RETURN = 'return'.length;
const AWAIT = 'await'.length;
const YIELD = 'yield'.length;

/**
 * Rewrites what a measured function's own code does: returns, waiting, `catch` and `finally`. Functions inside it are
 * left alone.
 */
export function injectBody(
  root: Node,
  kind: FunctionKind,
  names: InjectedNames,
  source: string,
  insertions: Insertions,
): void {
  const { value, saved, call } = names;
  const pauses = kind !== 'sync';
  const isGenerator = kind === 'generator' || kind === 'async-generator';
  /** What `value` is while the call has neither returned nor reached its end. */
  const unfinished = pauses ? call : names.handle;

  visit(root);

  function visit(node: Node): void {
    switch (node.type) {
      case 'ReturnStatement':
        visitReturn(node.argument, node.start!);
        return;
      case 'AwaitExpression':
        insertions.open(node.start!, `${call}.resume(`);
        insertions.open(node.start! + AWAIT, ` ${call}.pause(`);
        visit(node.argument);
        insertions.close(node.end!, '))');
        return;
      case 'YieldExpression':
        visitYield(node);
        return;
      case 'TryStatement':
        visitTry(node);
        return;
      case 'ForOfStatement':
        if (node.await) visitForAwait(node, node.start!);
        else forEachChild(node, visit);
        return;
      case 'LabeledStatement': {
        let body: Statement = node.body;
        while (body.type === 'LabeledStatement') body = body.body;
        if (body.type === 'ForOfStatement' && body.await) visitForAwait(body, node.start!);
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

  function visitReturn(argument: Node | null | undefined, start: number): void {
    if (!argument) {
      insertions.close(start + RETURN, ` ${value}=void 0`);
      return;
    }
    // `return X` of an async generator waits for X
    const waits = kind === 'async-generator';
    // minified code: `return[x]`, `return"x"`
    const gap = argument.start === start + RETURN ? ' ' : '';
    insertions.open(argument.start!, `${gap}${value}=${waits ? `${call}.pause(` : ''}(0,`);
    visit(argument);
    insertions.close(argument.end!, waits ? '))' : ')');
  }

  /** A generator that is closed at a `yield` did not throw. */
  function visitYield(node: YieldExpression): void {
    const ending = `,${value}=void 0),${value}=${call})`;
    insertions.open(node.start!, `${call}.resume(`);
    if (!node.argument) {
      insertions.close(node.start! + YIELD, ` ${call}.pause(void 0${ending}`);
      return;
    }
    const keyword = node.start! + YIELD;
    insertions.open(node.delegate ? skipBlanks(source, keyword) + 1 : keyword, ` ${call}.pause(`);
    visit(node.argument);
    insertions.close(node.end!, ending);
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
      insertions.open(finalizer.start! + 1, `const ${saved}=${value};${value}=${unfinished};${resuming}`);
      visit(finalizer);
      insertions.close(finalizer.end! - 1, `;${value}=${saved}`);
    } else visit(finalizer);
  }

  /**
   * `{ C.pause(); for await (x of X) { C.resume(); try { … } finally { C.pause() } } C.resume() }`: the loop waits for
   * each value, and for the iterator's end however it is left.
   * @param start of the loop with its labels, which must stay together
   */
  function visitForAwait(node: ForOfStatement, start: number): void {
    const { left, right, body } = node;
    const isAwaited = right.type === 'AwaitExpression';
    const waits = canWait(right);
    // `C.pause(X)` would be named in the message where X cannot be iterated: only where nothing else will do
    insertions.open(start, waits ? '{' : `{${call}.pause();`);
    visit(left);
    if (isAwaited) {
      insertions.open(right.start! + AWAIT, ` ${call}.pause(`);
      visit(right.argument);
      insertions.close(right.end!, ')');
    } else if (waits) {
      insertions.open(right.start!, `${call}.pause((0,`);
      visit(right);
      insertions.close(right.end!, '))');
    } else visit(right);
    visitLoopBody(body);
    insertions.close(node.end!, `${call}.resume()}`);
  }

  function visitLoopBody(body: Statement): void {
    const opening = `${call}.resume();try{`;
    const ending = `}finally{${call}.pause()}`;
    if (body.type === 'EmptyStatement' || (body.type === 'BlockStatement' && body.body.length === 0)) return;
    if (body.type === 'BlockStatement') {
      insertions.open(body.start! + 1, opening);
      for (const statement of body.body) visit(statement);
      insertions.close(body.end! - 1, ending);
    } else {
      insertions.open(body.start!, `{${opening}`);
      visit(body);
      insertions.close(body.end!, `${ending}}`);
    }
  }
}

/** What of a class is evaluated where the class stands: not its methods, fields and static blocks. */
export function partsOfClass(node: Class): Node[] {
  const parts: Node[] = [...(node.decorators ?? [])];
  if (node.superClass) parts.push(node.superClass);
  for (const member of node.body.body) {
    if ('decorators' in member) parts.push(...(member.decorators ?? []));
    if ('computed' in member && member.computed) parts.push(member.key);
  }
  return parts;
}

function canReturn(block: BlockStatement): boolean {
  return contains(block, ({ type }) => type === 'ReturnStatement');
}

function canWait(node: Node): boolean {
  return contains(node, ({ type }) => type === 'AwaitExpression' || type === 'YieldExpression');
}

/** Whether a node of the function's own code answers to a question. */
function contains(root: Node, test: (node: Node) => boolean): boolean {
  let found = false;
  walkOwnCode(root, (node) => {
    found ||= test(node);
  });
  return found;
}

/** Visits a node and all below it that belong to the same function. */
export function walkOwnCode(node: Node, visit: (node: Node) => void): void {
  visit(node);
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return;
    case 'ObjectMethod':
      if (node.computed) walkOwnCode(node.key, visit);
      return;
    case 'ClassDeclaration':
    case 'ClassExpression':
      for (const part of partsOfClass(node)) walkOwnCode(part, visit);
      return;
  }
  forEachChild(node, (child) => walkOwnCode(child, visit));
}
