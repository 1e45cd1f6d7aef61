import * as nodeModule from 'node:module';
import { extname } from 'node:path';
import { fileOfUrl } from './file-of-url.js';
import type { ModuleRewriter } from './module-rewriter.js';
import { isHookedFormat } from './rewriter.js';

type LoadResult = {
  format?: string | null | undefined;
  source?: unknown;
  shortCircuit?: boolean | undefined;
};
type NextLoad = (url: string, context: unknown) => LoadResult;
/** Newer than the type declarations that this project compiles with. */
type RegisterHooks = (hooks: {
  load: (url: string, context: unknown, nextLoad: NextLoad) => LoadResult;
}) => unknown;

/** What makes Node load a file as CommonJS, by whatever `require.extensions` has for it. */
export const TO_REQUIRE = { format: 'commonjs', source: undefined, shortCircuit: true };

/** Rewrites ES modules (and TypeScript that Node strips itself) in the thread that loads them. */
export function registerSyncHooks(
  rewriter: ModuleRewriter,
  compiledEntry: string | null,
  isBusy: () => boolean,
): void {
  const { registerHooks } = nodeModule as unknown as { registerHooks: RegisterHooks };
  registerHooks({
    load(url, context, nextLoad) {
      if (compiledEntry !== null && fileOfUrl(url) === compiledEntry) return TO_REQUIRE;
      const result = nextLoad(url, context);
      if (isBusy() || goesToCompiler(url, context, result.format)) return result;
      const code = rewriteLoaded(rewriter, url, result);
      return code === null ? result : { ...result, source: code };
    },
  });
}

/**
 * TypeScript that is required while a compiler in `require.extensions` waits for it: the formats of Node's own type
 * stripping mean nothing then, and the compiled code arrives where CommonJS is rewritten.
 */
function goesToCompiler(url: string, context: unknown, format: unknown): boolean {
  if (typeof format !== 'string' || !format.endsWith('-typescript')) return false;
  const { conditions } = context as { conditions?: readonly string[] };
  const { _extensions } = nodeModule.Module as unknown as { _extensions?: Record<string, unknown> };
  return (
    conditions?.includes('require') === true && _extensions?.[extname(fileOfUrl(url) ?? '')] !== undefined
  );
}

/** The rewritten source of what a `load` hook returned, or null. The same for hooks of both kinds. */
export function rewriteLoaded(rewriter: ModuleRewriter, url: string, result: LoadResult): string | null {
  const { format, source } = result;
  if (!isHookedFormat(format)) return null;
  if (typeof source !== 'string' && !(source instanceof Uint8Array) && !(source instanceof ArrayBuffer))
    return null;
  const file = fileOfUrl(url);
  if (file === null) return null;
  return rewriter.rewriteModule(
    file,
    source instanceof ArrayBuffer ? new Uint8Array(source) : source,
    format,
  );
}
