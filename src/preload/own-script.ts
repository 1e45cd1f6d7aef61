import { requireIsolated } from '../loader/isolation.js';

// What the script that all this is part of in the package is handed (`compiled-code.ts`). In `dist` there is none.
declare const keepCompiledCode: (() => void) | undefined;
declare const evaluateAlong: ((url: string) => unknown) | undefined;

/**
 * Keeps what V8 has compiled of the preload so far, so that the next process need not compile it.
 * Code compiled for coverage counts its blocks: no other program should run that.
 */
export function keepCode(): void {
  const { NODE_V8_COVERAGE } = process.env;
  if (NODE_V8_COVERAGE !== undefined) return;
  if (typeof keepCompiledCode === 'function') keepCompiledCode();
}

/**
 * Loads something of ttprof's own that the package may have as a script with compiled code: with five modules in its place
 * a program started 10 ms later.
 * @param url `new URL('…', import.meta.url)` of the module; `scripts/bundle.mjs` names those that are scripts
 */
export function loadOwn<T>({ href }: URL): T {
  if (typeof evaluateAlong === 'function' && href.endsWith('.cjs')) return evaluateAlong(href) as T;
  return requireIsolated<T>(new URL(href));
}
