import { requireIsolated } from '../loader/isolation.js';

// In the package this file is part of a script, and these are its parameters (`compiled-code.ts`). In `dist` it is not.
declare const keepCompiledCode: (() => void) | undefined;
declare const evaluateAlong: ((url: string) => unknown) | undefined;

/**
 * Keeps what V8 has compiled of the preload so far, so that the next process need not compile it.
 * Not under coverage: then the compiled code counts its blocks, which would slow down the next program.
 */
export function keepCode(): void {
  const { NODE_V8_COVERAGE } = process.env;
  if (NODE_V8_COVERAGE !== undefined) return;
  if (typeof keepCompiledCode === 'function') keepCompiledCode();
}

/**
 * Loads a part of ttprof that is a script with compiled code in the package. As five modules it made a program start 10 ms
 * later.
 * @param url `new URL('…', import.meta.url)` of the module; `scripts/bundle.mjs` names those that are scripts
 */
export function loadOwn<T>({ href }: URL): T {
  if (typeof evaluateAlong === 'function' && href.endsWith('.cjs')) return evaluateAlong(href) as T;
  return requireIsolated<T>(new URL(href));
}
