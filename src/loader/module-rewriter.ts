import { TtprofError } from '../errors.js';
import { ownWork } from '../runtime/contract.js';
import type { CachedModule, ModuleCache } from './cache.js';
import type { LoadEvent } from './ledger.js';
import { createModuleMatcher, type FileMatch } from './match-module.js';
import { hasSourceMap, readOriginals } from './original-sources.js';
import type { RewriteFormat, Rewriter } from './rewriter.js';
import type { Target } from './target.js';

export interface ModuleRewriterOptions {
  readonly targets: readonly Target[];
  readonly cwd: string;
  readonly entry: string | null;
  /** Opened at the first module that matches. */
  readonly openCache: (() => ModuleCache | null) | null;
  /** Loads the parser and what belongs to it: called at the first module that matches and is not in the cache. */
  readonly loadRewriter: () => Rewriter;
  /** Are source maps on for this module? Asked late: the program may turn them on. */
  readonly composesMaps: (source: string) => boolean;
  readonly onLoad: (event: LoadEvent) => void;
  readonly debug: ((line: string) => void) | null;
}

export interface ModuleRewriter {
  /**
   * The rewritten source of a module, or null where it is to run as written. Never throws.
   * @param file absolute path
   * @param format null where only the syntax tells
   */
  rewriteModule(file: string, source: string | Uint8Array, format: RewriteFormat | null): string | null;
}

const BYTE_ORDER_MARK = '\uFEFF';
/** In every rewritten module, so that none is rewritten twice. */
const MARK = 'globalThis.Symbol.for("ttprof.runtime")';

/** The way of a module through the loader, the same in all hooks: match, cache, rewrite, tell. */
export function createModuleRewriter(options: ModuleRewriterOptions): ModuleRewriter {
  const { debug, cwd } = options;
  const matcher = createModuleMatcher(options.targets, options);
  let cache: ModuleCache | null | undefined;

  function rewriteModule(
    file: string,
    source: string | Uint8Array,
    format: RewriteFormat | null,
  ): string | null {
    let matches = matcher.match(file);
    let text: string | null = null;
    if (matcher.mayNameOriginals(file) && hasSourceMap(source)) {
      text = decode(source);
      matches = matcher.matchCompiled(file, readOriginals(file, text));
    }
    if (matches.length === 0) {
      options.onLoad({ file, searched: null, matched: {}, functions: [], notes: [], warning: null });
      debug?.(`loaded ${file}: no target names it`);
      return null;
    }
    text ??= decode(source);
    if (text.includes(MARK)) {
      debug?.(`skipped ${file}: it is rewritten already`);
      return null;
    }
    const searched = matches.filter(({ target }) => !target.exclude).map(({ target }) => target.text);
    const event = { file, searched, matched: {}, functions: [], notes: [], warning: null };
    try {
      const module = rewriteMatched(file, text, format, matches);
      const { matched = {}, functions = [], notes = [] } = module ?? {};
      options.onLoad({ ...event, matched, functions, notes });
      return module === null ? null : module.code;
    } catch (error) {
      const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
      // our own errors are whole sentences that name the file
      const warning = error instanceof TtprofError ? error.message : `${file} runs unmeasured: ${why}`;
      options.onLoad({ ...event, warning });
      debug?.(`skipped ${file}: ${why}`);
      return null;
    }
  }

  function rewriteMatched(
    file: string,
    text: string,
    format: RewriteFormat | null,
    matches: readonly FileMatch[],
  ): CachedModule | null {
    if (isExcludedWhole(matches)) {
      debug?.(`skipped ${file}: excluded`);
      return null;
    }
    const maps = options.composesMaps(text) ? 'compose' : 'none';
    const targets = JSON.stringify(matches.map(({ target, originals }) => [target, originals]));
    const key = { file, format, maps, cwd, targets };
    cache ??= options.openCache?.() ?? null;
    const kept = cache?.read(key, text);
    if (kept !== undefined) {
      debug?.(`took ${file} from the cache: ${describe(kept)}`);
      return kept;
    }
    const module = options.loadRewriter()(text, { file, format, matches, maps, cwd });
    cache?.write(key, text, module);
    debug?.(`rewrote ${file}: ${describe(module)}`);
    return module;
  }

  return {
    rewriteModule(file, source, format) {
      ownWork.depth++;
      try {
        return rewriteModule(file, source, format);
      } finally {
        ownWork.depth--;
      }
    },
  };
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

function describe(module: CachedModule | null): string {
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
