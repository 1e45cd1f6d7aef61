import { isolated, requireIsolated } from './isolation.js';
import type * as RewriteMatched from './rewrite/rewrite-matched.js';
import type { Rewriter } from './rewriter.js';

let rewriter: Rewriter | null = null;

/** The parser and all that belongs to it, loaded when the first module needs it. */
export function loadRewriter(): Rewriter {
  rewriter ??= keepIsolated(
    requireIsolated<typeof RewriteMatched>(new URL('./rewrite/rewrite-matched.js', import.meta.url))
      .rewriteMatched,
  );
  return rewriter;
}

/** The same in the hooks thread, which cannot `require` ES modules on every version. */
export async function importRewriter(): Promise<Rewriter> {
  rewriter ??= keepIsolated((await import('./rewrite/rewrite-matched.js')).rewriteMatched);
  return rewriter;
}

/** Some of its modules are loaded only when it is used: they too are kept apart from the program's. */
function keepIsolated(loaded: Rewriter): Rewriter {
  return (source, options) => isolated(() => loaded(source, options));
}
