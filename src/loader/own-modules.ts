import Module, { createRequire } from 'node:module';
import { ownWork } from '../runtime/contract.js';
import type { ModuleCache, openCache } from './cache.js';
import type { Rewriter } from './rewriter.js';

const require = createRequire(import.meta.url);
let depth = 0;
let modules: NodeJS.Dict<NodeModule> = Object.create(null);

/** Are modules of ttprof's own being loaded? They pass through the hooks like any other, and must not be touched. */
export function isLoadingOwnModules(): boolean {
  return depth > 0;
}

/**
 * Loads or runs something of ttprof's own with a cache of CommonJS modules apart from the program's: a program that
 * itself uses the parser gets an instance of its own, which can be measured, and ours never is.
 */
export function apart<T>(run: () => T): T {
  const holder = Module as unknown as { _cache: NodeJS.Dict<NodeModule> };
  const theirs = holder._cache;
  holder._cache = modules;
  depth++;
  ownWork.depth++;
  try {
    return run();
  } finally {
    depth--;
    ownWork.depth--;
    modules = holder._cache;
    holder._cache = theirs;
  }
}

/** `require` from here, {@link apart} from the program's modules and without a word about `require(esm)` (22.12). */
export function requireApart<T>(id: string): T {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return apart(() => require(id) as T);
  } finally {
    process.emitWarning = emitWarning;
  }
}

let rewriter: Rewriter | null = null;

/** The parser and all that belongs to it, loaded when the first module needs it. */
export function loadRewriter(): Rewriter {
  rewriter ??= requireApart<{ rewriteMatched: Rewriter }>('./rewrite-matched.js').rewriteMatched;
  const loaded = rewriter;
  // what the parser loads only when it is used belongs to us as well
  return (source, options) => apart(() => loaded(source, options));
}

/** Opens the cache of rewritten modules when the first module needs it. */
export function cacheOpener(cwd: string): () => ModuleCache | null {
  return () => requireApart<{ openCache: typeof openCache }>('./cache.js').openCache(cwd);
}
