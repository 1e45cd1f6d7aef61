import type { CallExpression, Node } from '@babel/types';
import { findEscape, findMutation } from './find-mutation.js';
import type { Refusal } from './refusal.js';
import { type Binding, lineOf, type NodePath } from './traverse.js';

/** What a name of a module means for the functions that use it. */
export type BindingMeaning =
  | { readonly kind: 'refusal'; readonly refusal: Refusal }
  /** Another module. */
  | { readonly kind: 'import'; readonly specifier: string; readonly line: number }
  /** Code that runs when it is used. */
  | { readonly kind: 'code'; readonly path: NodePath }
  | { readonly kind: 'plain' };

const COLLECTIONS = new Set(['Map', 'Set', 'WeakMap', 'WeakSet', 'Array']);
/** Made of these, an object has no state that its methods change, but for those that are known to. */
const KNOWN = new Set([
  ...COLLECTIONS,
  'Date',
  'RegExp',
  'TextDecoder',
  'TextEncoder',
  'URL',
  'Uint8Array',
  'Int8Array',
  'Uint8ClampedArray',
  'Uint16Array',
  'Int16Array',
  'Uint32Array',
  'Int32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
  'DataView',
  'ArrayBuffer',
]);
/** Calls of these give what has no state of its own. */
const PURE_CALL =
  /^(?:Object\.(?:freeze|keys|values|entries|fromEntries|create)|JSON\.(?:parse|stringify)|Symbol\.for|String\.raw|Math\.\w+|Array\.(?:from|of)|Number|String|BigInt|Boolean|parse(?:Int|Float)|Buffer\.(?:from|alloc)|process\.\w+(?:\.\w+)*)$/;

/** @param reference where a function uses it */
export function examineBinding(binding: Binding, reference: NodePath): BindingMeaning {
  const { name } = binding.identifier;
  const refusal = (reason: string, line = lineOf(reference)): BindingMeaning => ({
    kind: 'refusal',
    refusal: { reason, line },
  });
  if (binding.kind === 'module') {
    const declaration = binding.path.parent;
    if (declaration.type !== 'ImportDeclaration') return refusal(`uses ${name}`);
    return { kind: 'import', specifier: declaration.source.value, line: lineOf(reference) };
  }
  const [violation] = binding.constantViolations;
  if (violation !== undefined) {
    const verb = violation.findParent((path) => path === reference.getFunctionParent()) ? 'writes' : 'reads';
    return refusal(`${verb} ${name}, which is reassigned in line ${lineOf(violation)}`);
  }
  const mutation = findMutation(binding);
  if (mutation !== null) return refusal(`uses ${name}, which is changed in line ${mutation}`);
  const { path } = binding;
  if (path.isFunctionDeclaration() || path.isClassDeclaration()) return { kind: 'code', path };
  if (!path.isVariableDeclarator()) return { kind: 'plain' };
  const init = path.get('init') as NodePath;
  if (!init.node) return { kind: 'plain' };
  const required = requiredOf(init.node);
  if (required !== null) return { kind: 'import', specifier: required, line: lineOf(reference) };
  return examineValue(name, binding, init, reference, refusal);
}

function examineValue(
  name: string,
  binding: Binding,
  init: NodePath,
  reference: NodePath,
  refusal: (reason: string, line?: number) => BindingMeaning,
): BindingMeaning {
  const node = init.node;
  if (node.type === 'CallExpression' && nameOf(node.callee) === 'Symbol')
    return refusal(`uses ${name}, a symbol that each version has of its own`);
  if (node.type === 'RegExpLiteral') {
    const keeps = /[gy]/.test(node.flags) && /^(?:exec|test)$/.test(calledMethod(reference) ?? '');
    return keeps
      ? refusal(`calls ${name}.${calledMethod(reference)}, which keeps lastIndex`)
      : { kind: 'plain' };
  }
  if (isToBeFilled(node)) {
    const handedOn = findEscape(binding);
    return handedOn === null
      ? { kind: 'plain' }
      : refusal(`uses ${name}, which is handed on in line ${handedOn}`);
  }
  const isMade =
    (node.type === 'CallExpression' && !isPlainCall(node)) ||
    (node.type === 'NewExpression' &&
      !KNOWN.has(nameOf(node.callee) ?? '') &&
      !/^Intl\./.test(nameOf(node.callee) ?? ''));
  if (isMade)
    return isCalled(reference)
      ? refusal(
          `calls ${name}, which is made by a call in line ${lineOf(init)}: what it keeps cannot be told`,
        )
      : { kind: 'plain' };
  return { kind: 'code', path: init };
}

/** The module that is loaded by `require('…')`, `require('…').x`. */
function requiredOf(node: Node): string | null {
  if (node.type === 'MemberExpression') return requiredOf(node.object);
  // TypeScript and Babel wrap it: `__importDefault(require('…'))`
  if (node.type !== 'CallExpression') return null;
  const [argument] = node.arguments;
  if (nameOf(node.callee) === 'require') return argument?.type === 'StringLiteral' ? argument.value : null;
  const isInterop = /^(?:_?_?importDefault|__importStar|_interopRequire\w+)$/.test(nameOf(node.callee) ?? '');
  return isInterop && argument ? requiredOf(argument as Node) : null;
}

function isToBeFilled(node: Node): boolean {
  if (node.type === 'NewExpression')
    return COLLECTIONS.has(nameOf(node.callee) ?? '') && node.arguments.length === 0;
  if (node.type === 'CallExpression') return nameOf(node.callee) === 'Object.create';
  if (node.type === 'ArrayExpression') return node.elements.length === 0;
  return node.type === 'ObjectExpression' && node.properties.length === 0;
}

/** A call whose result keeps no state: of a function of the language, or of a method of a text or array in the source. */
function isPlainCall({ callee }: CallExpression): boolean {
  if (PURE_CALL.test(nameOf(callee) ?? '')) return true;
  if (callee.type !== 'MemberExpression') return false;
  const { object } = callee;
  return (
    /^(?:StringLiteral|TemplateLiteral|ArrayExpression)$/.test(object.type) ||
    (object.type === 'CallExpression' && isPlainCall(object))
  );
}

/** Is it called itself, or a method of it? */
function isCalled(reference: NodePath): boolean {
  let at = reference;
  while (at.parentPath?.isMemberExpression() && at.parentPath.node.object === at.node) at = at.parentPath;
  const { parent, node } = at;
  return 'callee' in parent && parent.callee === node;
}

function calledMethod(reference: NodePath): string | null {
  const member = reference.parentPath;
  if (!member?.isMemberExpression() || member.node.object !== reference.node) return null;
  const { property } = member.node;
  const call = member.parent;
  return call.type === 'CallExpression' && call.callee === member.node && property.type === 'Identifier'
    ? property.name
    : null;
}

/** `a.b.c` of plain names. */
function nameOf(node: Node): string | null {
  if (node.type === 'Identifier') return node.name;
  if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') return null;
  const outer = nameOf(node.object);
  return outer === null ? null : `${outer}.${node.property.name}`;
}
