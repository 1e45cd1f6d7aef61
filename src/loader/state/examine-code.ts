import type { Node } from '@babel/types';
import { examineBinding } from './examine-binding.js';
import type { Refusal } from './refusal.js';
import { type Binding, isOfModule, lineOf, type NodePath } from './traverse.js';

/** What a function leads to. */
export interface Uses {
  readonly refusal: Refusal | null;
  /** Of other modules, and where the first one is named. */
  readonly imports: ReadonlyMap<string, number>;
}

/** Names that Node gives to each CommonJS module: they are another's in a second copy, or load at any time. */
const OF_MODULE = new Set(['exports', 'module', 'require', '__filename', '__dirname']);

/**
 * What code keeps from one call to the next, itself and all of its module that it uses.
 * @param isTarget whether the code is the body of a function that is to be called in place of another one: then `this`
 *   is an object that the other version made
 */
export function examineCode(path: NodePath, isTarget: boolean): Uses {
  const imports = new Map<string, number>();
  const seen = new Set<NodePath>();
  const queue: { path: NodePath; isTarget: boolean }[] = [{ path, isTarget }];
  let refusal: Refusal | null = null;

  for (let next = queue.pop(); next !== undefined && refusal === null; next = queue.pop()) {
    if (seen.has(next.path)) continue;
    seen.add(next.path);
    examine(next.path, next.isTarget);
  }
  return { refusal, imports };

  function examine(code: NodePath, ofTarget: boolean): void {
    const stop = (at: NodePath, reason: string) => {
      refusal ??= { reason, line: lineOf(at) };
      at.stop();
    };
    const useName = (at: NodePath, name: string) => {
      const binding = at.scope.getBinding(name);
      if (binding === undefined) {
        if (OF_MODULE.has(name)) stop(at, `uses ${name}`);
      } else if (binding.scope.path.isProgram()) useBinding(at, binding, stop);
    };
    if (code.isIdentifier()) useName(code, code.node.name);
    code.traverse({
      TSType: (at) => at.skip(),
      TSTypeParameterInstantiation: (at) => at.skip(),
      PrivateName: (at) => stop(at, `uses the private name #${at.node.id.name}`),
      MetaProperty: (at) => stop(at, `uses ${at.node.meta.name}.${at.node.property.name}`),
      Super: (at) => {
        if (ofTarget) stop(at, 'uses super');
      },
      BinaryExpression: (at) => {
        const { operator, right } = at.node;
        if (operator === 'instanceof' && right.type === 'Identifier' && isOfModule(at, right.name))
          stop(at, `asks instanceof ${right.name}, and each version has its own`);
      },
      CallExpression: (at) => {
        const { callee } = at.node;
        const method = ofTarget ? methodOfThis(callee) : null;
        if (method !== null) stop(at, `calls this.${method}, which is that of the object's own version`);
        else if (callee.type === 'Identifier' && callee.name === 'eval') stop(at, 'uses eval');
      },
      Identifier: (at) => {
        if (isUse(at)) useName(at, at.node.name);
      },
      JSXIdentifier: (at) => {
        if (at.isReferencedIdentifier()) useName(at as NodePath, (at.node as { name: string }).name);
      },
    });
  }

  function useBinding(at: NodePath, binding: Binding, stop: (at: NodePath, reason: string) => void): void {
    const meaning = examineBinding(binding, at);
    if (meaning.kind === 'refusal') {
      stop(at, meaning.refusal.reason);
      refusal = meaning.refusal;
    } else if (meaning.kind === 'import') {
      if (!imports.has(meaning.specifier)) imports.set(meaning.specifier, meaning.line);
    } else if (meaning.kind === 'code') queue.push({ path: meaning.path, isTarget: false });
  }
}

/** A name that is read or written, not a key or a declaration. */
function isUse(path: NodePath): boolean {
  if (path.isReferencedIdentifier()) return true;
  const { parent, node } = path;
  return (
    (parent.type === 'AssignmentExpression' && parent.left === node) ||
    (parent.type === 'UpdateExpression' && parent.argument === node) ||
    (/^For(?:In|Of)Statement$/.test(parent.type) && 'left' in parent && parent.left === node)
  );
}

function methodOfThis(callee: Node): string | null {
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'ThisExpression') return null;
  return callee.property.type === 'Identifier' && !callee.computed ? callee.property.name : '[…]';
}
