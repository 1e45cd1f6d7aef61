import { types } from 'node:util';
import type { FunctionKind } from '../../runtime/contract.js';
import type { AnyFunction } from './gate.js';

/** How calls of a function that cannot be rewritten are timed. */
export function kindOf(callee: AnyFunction): FunctionKind {
  if (types.isGeneratorFunction(callee))
    return types.isAsyncFunction(callee) ? 'async-generator' : 'generator';
  return types.isAsyncFunction(callee) ? 'async' : 'sync';
}

/** Can it be called with `new`? Finds out without running it: only its `prototype` is read. */
export function isConstructor(callee: object): boolean {
  try {
    Reflect.construct(Object, [], callee as AnyFunction);
    return true;
  } catch {
    return false;
  }
}

/** Written as `class`, so that it cannot be called without `new`. */
export function isClass(callee: AnyFunction): boolean {
  const prototype = Object.getOwnPropertyDescriptor(callee, 'prototype');
  return (
    prototype !== undefined &&
    !prototype.writable &&
    isConstructor(callee) &&
    /^class\b/.test(sourceOf(callee))
  );
}

/** Part of Node or V8, or of an addon. Bound functions and proxies look alike but are the program's. */
export function isNative(callee: AnyFunction): boolean {
  if (types.isProxy(callee) || (callee.name.startsWith('bound ') && !Object.hasOwn(callee, 'prototype')))
    return false;
  return /\{\s*\[native code\]\s*\}$/.test(sourceOf(callee));
}

export function sourceOf(callee: AnyFunction): string {
  return Function.prototype.toString.call(callee);
}
