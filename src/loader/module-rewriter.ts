import { asOwnWork, type ExchangeOptions } from '../runtime/contract.js';
import { reasonOf, TtprofError } from '../shared/errors.js';
import type { CachedModule, ModuleCache } from './cache.js';
import { describeEdits, type Wrapper } from './coverage/edited-source.js';
import type { LoadEvent } from './load-log.js';
import { hasInlineMap, hasSourceMap } from './maps/map-comment.js';
import { readOriginals } from './maps/map-file.js';
import { findFileExchange } from './rewrite/exchange-functions.js';
import { isInstrumented } from './rewrite/prologue.js';
import type { RewriteFormat, Rewriter } from './rewriter.js';
import { createFilesOnDisk } from './targets/files-on-disk.js';
import { createModuleMatcher, type FileMatch } from './targets/match-module.js';
import type { Target } from './targets/target.js';

export interface ModuleRewriterOptions {
  readonly targets: readonly Target[];
  readonly cwd: string;
  readonly entry: string | null;
  /** Opened at the first module that matches. */
  readonly openCache: (() => ModuleCache | null) | null;
  /** Are source maps on for this module? Asked late: the program may turn them on. */
  readonly composesMaps: (source: string) => boolean;
  readonly collectsCoverage: boolean;
  /** Does somebody want to know what rewritten modules were before? */
  readonly tellsSources: boolean;
  /** Are there other loaders, which may compile what was rewritten? */
  readonly hasOtherLoaders: boolean;
  readonly exchange: ExchangeOptions | null;
  readonly onLoad: (event: LoadEvent) => void;
  readonly debug: ((line: string) => void) | null;
}

/** The source of a module as it reached the loader. */
export interface LoadedSource {
  /** Absolute path. */
  readonly file: string;
  readonly source: string | Uint8Array;
  /** Null where only the syntax tells. */
  readonly format: RewriteFormat | null;
  /** What stands around it in the text that is compiled, where it is not compiled alone. */
  readonly wrapper?: Wrapper;
}

export interface ModuleRewriter {
  /**
   * Takes a module as far as it goes without the parser: most modules are named by no target, others are in the cache.
   * Never throws.
   * @returns the source to run instead; null where the module is to run as written; or a function that finishes the work,
   *   given a way to load the rewriter (it never throws either)
   */
  begin(loaded: LoadedSource): string | null | FinishRewriting;
}

export type FinishRewriting = (loadRewriter: () => Rewriter) => string | null;

const BYTE_ORDER_MARK = '\uFEFF';

/** The way of a module through the loader, the same in all hooks: match, cache, rewrite, tell. */
export function createModuleRewriter(options: ModuleRewriterOptions): ModuleRewriter {
  const { debug, cwd } = options;
  const matcher = createModuleMatcher(options.targets, { ...options, files: createFilesOnDisk() });
  let cache: ModuleCache | null | undefined;

  function begin({ file, source, format, wrapper }: LoadedSource): string | null | FinishRewriting {
    let matches = matcher.match(file);
    let text: string | null = null;
    if (matcher.mayNameOriginals(file) && hasSourceMap(source)) {
      text = decode(source);
      matches = matcher.matchCompiled(file, readOriginals(text, file));
    }
    const event = {
      file,
      searched: null,
      matched: {},
      functions: [],
      notes: [],
      warning: null,
      edited: null,
    };
    if (matches.length === 0) {
      options.onLoad(event);
      debug?.(`loaded ${file}: no target names it`);
      return null;
    }
    const searched = matches.filter(({ target }) => !target.exclude).map(({ target }) => target.text);
    if (isExcludedWhole(matches)) {
      options.onLoad({ ...event, searched });
      debug?.(`skipped ${file}: excluded`);
      return null;
    }
    text ??= decode(source);
    if (isInstrumented(text)) {
      debug?.(`skipped ${file}: it is rewritten already`);
      return null;
    }

    const code = text;
    const maps = composesMaps(options, file, code) ? 'compose' : 'none';
    const targets = JSON.stringify(matches.map(({ target, originals }) => [target, originals]));
    const exchange = options.exchange && findFileExchange(file, options.exchange);
    const key = { file, format, maps, cwd, targets: exchange ? targets + JSON.stringify(exchange) : targets };
    cache ??= options.openCache?.() ?? null;
    const tell = (module: CachedModule | null, how: string) => {
      const { matched = {}, functions = [], notes = [] } = module ?? {};
      const edited = module !== null && options.tellsSources ? describeEdits(code, module, wrapper) : null;
      options.onLoad({ ...event, searched, matched, functions, notes, edited });
      debug?.(`${how} ${file}: ${countFunctions(module)}`);
      return module === null ? null : module.code;
    };
    const kept = cache?.read(key, code);
    if (kept !== undefined) return tell(kept, 'took from the cache');
    return (loadRewriter) => {
      try {
        const module = loadRewriter()(code, { file, format, matches, maps, exchange });
        cache?.write(key, code, module);
        return tell(module, 'rewrote');
      } catch (error) {
        const why = reasonOf(error);
        // our own errors name the file
        const warning =
          error instanceof TtprofError ? `${why}; it runs as written` : `${file} runs unmeasured: ${why}`;
        options.onLoad({ ...event, searched, warning });
        debug?.(`skipped ${file}: ${why}`);
        return null;
      }
    };
  }

  return {
    begin(loaded) {
      const begun = failOpen(() => begin(loaded));
      return typeof begun === 'function' ? (loadRewriter) => failOpen(() => begun(loadRewriter)) : begun;
    },
  };
}

/** Null where something throws: the program may have replaced any method that is used here, and its modules must run. */
function failOpen<T>(work: () => T): T | null {
  try {
    return asOwnWork(work);
  } catch {
    return null;
  }
}

/**
 * Coverage is given in terms of the code before it was rewritten, so it needs no map; except where a compiler may still
 * come after us, because its map must lead to the source as it was.
 */
function composesMaps(options: ModuleRewriterOptions, file: string, code: string): boolean {
  const { collectsCoverage, hasOtherLoaders } = options;
  const isCompiledLater = hasOtherLoaders && /\.[cm]?tsx?$/.test(file) && !hasInlineMap(code);
  return options.composesMaps(code) || (collectsCoverage && isCompiledLater);
}

function isExcludedWhole(matches: readonly FileMatch[]): boolean {
  return matches.some(
    ({ target, originals }) =>
      target.exclude &&
      originals === null &&
      target.function.kind === 'name' &&
      target.function.pattern === '*',
  );
}

function countFunctions(module: CachedModule | null): string {
  const count = Object.values(module?.matched ?? {}).reduce((sum, functions) => sum + functions, 0);
  return `${count} function${count === 1 ? '' : 's'}`;
}

/** As Node decodes modules: UTF-8, without its byte order mark. */
function decode(source: string | Uint8Array): string {
  const text =
    typeof source === 'string'
      ? source
      : Buffer.from(source.buffer, source.byteOffset, source.byteLength).toString('utf8');
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}
