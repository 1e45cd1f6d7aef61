import { AsyncLocalStorage } from 'node:async_hooks';
import type { LoadHook } from 'node:module';
import { receiveMessageOnPort } from 'node:worker_threads';
import { say } from '../../shared/say.js';
import { openCache } from '../cache.js';
import { fileOfUrl } from '../file-of-url.js';
import { isOwnModule } from '../isolation.js';
import { importRewriter } from '../load-rewriter.js';
import { hasInlineMap } from '../maps/map-comment.js';
import { createModuleRewriter, type FinishRewriting, type ModuleRewriter } from '../module-rewriter.js';
import { findBreakdown } from '../targets/breakdown.js';
import { parseTarget } from '../targets/target.js';
import { sourceOf, TO_REQUIRE } from './hooks-sync.js';
import type { HooksThreadData } from './hooks-thread-data.js';

// The entry of the hooks thread. Its modules are its own: what is loaded here is not what the program loads.

let settings: HooksThreadData | null = null;
let rewriter: ModuleRewriter | null = null;
let compiledEntry: string | null = null;
/** Are these hooks registered once more, after those of others? */
let isRegisteredAgain = false;
/**
 * Set where modules pass unchanged: in the inner hooks, where these are registered twice and the outermost does the work;
 * and while the rewriter is imported, whose own modules come through here too and would wait for themselves.
 */
const passing = new AsyncLocalStorage<true>();

/** Called by Node with the data that `register` was given; without any where they are registered once more. */
export function initialize(data: HooksThreadData | undefined): void {
  if (data === undefined) {
    isRegisteredAgain = true;
    return;
  }
  data.port.unref();
  settings = data;
  compiledEntry = data.compiledEntry;
  serve(data, data.targets);
}

function serve(
  {
    cwd,
    entry,
    cache,
    debug,
    port,
    composesMaps,
    collectsCoverage,
    tellsSources,
    hasOtherLoaders,
    exchange,
    by,
  }: HooksThreadData,
  targets: readonly string[],
): void {
  rewriter = createModuleRewriter({
    targets: targets.map((text) => ({ ...parseTarget(text, { cwd }), by: findBreakdown(by, text) })),
    cwd,
    entry,
    openCache: cache ? () => openCache(cwd) : null,
    composesMaps: (source) => composesMaps || hasInlineMap(source),
    collectsCoverage,
    tellsSources,
    hasOtherLoaders,
    exchange,
    onLoad: (event) => port.postMessage(event),
    debug: debug ? say : null,
  });
}

export const load: LoadHook = async (url, context, nextLoad) => {
  if (passing.getStore()) return nextLoad(url, context);
  if (!isRegisteredAgain) return loadRewritten(url, context, nextLoad);
  return passing.run(true, () => loadRewritten(url, context, nextLoad));
};

const loadRewritten: LoadHook = async (url, context, nextLoad) => {
  // targets that were added before this module was asked for
  if (settings !== null) {
    const { port } = settings;
    for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port))
      serve(settings, next.message as string[]);
  }
  if (compiledEntry !== null && fileOfUrl(url) === compiledEntry) return TO_REQUIRE;
  const result = await nextLoad(url, context);
  const loaded = isOwnModule(url) ? null : sourceOf(url, result);
  const begun = loaded && rewriter?.begin(loaded);
  const code = typeof begun === 'function' ? await finishLater(begun) : begun;
  return typeof code === 'string' ? { ...result, source: code } : result;
};

async function finishLater(finish: FinishRewriting): Promise<string | null> {
  try {
    const loaded = await passing.run(true, importRewriter);
    return finish(() => loaded);
  } catch (error) {
    return finish(() => {
      throw error;
    });
  }
}
