import { requireIsolated } from '../loader/isolation.js';

/** In the package: a parameter of the script that all this is part of (`compiled-code.ts`). In `dist` there is none. */
declare const evaluateAlong: ((url: string) => unknown) | undefined;

/**
 * Loads something of ttprof's own that the package may have as a script with compiled code: with five modules in its place a
 * program started 10 ms later.
 * @param url `new URL('…', import.meta.url)` of the module; `scripts/bundle.mjs` names those that are scripts
 */
export function loadOwn<T>({ href }: URL): T {
  if (typeof evaluateAlong === 'function' && href.endsWith('.cjs')) return evaluateAlong(href) as T;
  return requireIsolated<T>(new URL(href));
}
