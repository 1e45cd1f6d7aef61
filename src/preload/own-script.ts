import { requireIsolated } from '../loader/isolation.js';
import type * as Reporting from './reporting.js';

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

const loaded = new Map<string, unknown>();

/**
 * Loads a part of ttprof that is a script with compiled code in the package: as modules, the five of `--drill` made a
 * program start 10 ms later, and the thirty of the report made it end 25 ms later.
 * @param url `new URL('…', import.meta.url)` of the module; `scripts/bundle.mjs` names those that are scripts
 */
export function loadOwn<T>({ href }: URL): T {
  if (typeof evaluateAlong !== 'function' || !href.endsWith('.cjs')) return requireIsolated<T>(new URL(href));
  if (!loaded.has(href)) loaded.set(href, evaluateAlong(href));
  return loaded.get(href) as T;
}

/** What the root needs at its end, and where it is compared with a saved run also at its start. */
export function loadReporting(): typeof Reporting {
  return loadOwn<typeof Reporting>(new URL('./reporting.js', import.meta.url));
}
