import * as nodeModule from 'node:module';
import { extname } from 'node:path';
import { asOwnWork } from '../../runtime/contract.js';
import { fileOfUrl } from '../file-of-url.js';
import { isOwnModule } from '../isolation.js';
import { loadRewriter } from '../load-rewriter.js';
import type { LoadedSource, ModuleRewriter } from '../module-rewriter.js';
import { isHookedFormat } from '../rewriter.js';

type LoadResult = {
  format?: string | null | undefined;
  source?: unknown;
  shortCircuit?: boolean | undefined;
};
type NextLoad = (url: string, context: unknown) => LoadResult;
/** Newer than the type declarations that this project compiles with. */
type ResolveContext = { conditions?: readonly string[] };
type ResolveResult = { url: string };
type NextResolve = (specifier: string, context: ResolveContext) => ResolveResult;
type RegisterHooks = (hooks: {
  resolve: (specifier: string, context: ResolveContext, nextResolve: NextResolve) => ResolveResult;
  load: (url: string, context: unknown, nextLoad: NextLoad) => LoadResult;
}) => { deregister(): void };

/** What a `load` hook returns to have a file loaded as CommonJS, by the compiler that `require.extensions` has for it. */
export const TO_REQUIRE = { format: 'commonjs', source: undefined, shortCircuit: true };

const WORKER_THREADS = 'node:worker_threads';

export interface SyncHooksOptions {
  readonly compiledEntry: string | null;
  readonly isBusy: () => boolean;
  readonly beforeWorkerThreads: () => void;
  /**
   * Are modules to be rewritten as they leave the last hook, whenever that was registered? Coverage needs it: what a
   * compiler makes of rewritten code has branches that cannot be told from the program's.
   */
  readonly comesLast: boolean;
}

/** Rewrites ES modules (and TypeScript that Node strips itself) in the thread that loads them. */
export function registerSyncHooks(
  rewriter: ModuleRewriter,
  { compiledEntry, isBusy, beforeWorkerThreads, comesLast }: SyncHooksOptions,
): void {
  const { registerHooks } = nodeModule as unknown as { registerHooks: RegisterHooks };
  const hooks: Parameters<RegisterHooks>[0] = {
    resolve(specifier, context, nextResolve) {
      if (comesLast) {
        // Node builds the chain of `load` hooks once a module is resolved; those registered last are the outermost
        registered.deregister();
        registered = registerHooks(hooks);
      }
      const result = nextResolve(specifier, context);
      const isOurs = isBusy() && context.conditions?.includes('import') && result.url.startsWith('file:');
      // our dependencies are instances of our own, apart from the program's, as `isolated` sees to for CommonJS
      return isOurs && !isOwnModule(result.url) ? { ...result, url: `${result.url}?ttprof` } : result;
    },
    load(url, context, nextLoad) {
      if (url === WORKER_THREADS) beforeWorkerThreads();
      if (compiledEntry !== null && fileOfUrl(url) === compiledEntry) return TO_REQUIRE;
      const result = nextLoad(url, context);
      const code = asOwnWork(() => rewrite(url, context, result));
      return code === null ? result : { ...result, source: code };
    },
  };
  const rewrite = (url: string, context: unknown, result: LoadResult): string | null => {
    if (isBusy() || isOwnModule(url) || goesToCompiler(url, context, result.format)) return null;
    const loaded = sourceOf(url, result);
    const begun = loaded && rewriter.begin(loaded);
    return typeof begun === 'function' ? begun(loadRewriter) : begun;
  };
  let registered = registerHooks(hooks);
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

/**
 * The source that a `load` hook returned; null where it is not to be rewritten here. The same for hooks of both kinds.
 * CommonJS is rewritten here only where Yarn's Plug'n'Play reads it from a zip file, because that bypasses `_compile`.
 */
export function sourceOf(url: string, { format, source }: LoadResult): LoadedSource | null {
  const { pnp } = process.versions;
  const isFromZip = format === 'commonjs' && pnp !== undefined;
  if (!isHookedFormat(format) && !isFromZip) return null;
  const file = fileOfUrl(url);
  if (file === null) return null;
  if (source instanceof ArrayBuffer) return { file, source: new Uint8Array(source), format };
  return typeof source === 'string' || source instanceof Uint8Array ? { file, source, format } : null;
}
