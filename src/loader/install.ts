import type { ExchangeOptions, TargetFacts } from '../runtime/contract.js';
import { reasonOf } from '../shared/errors.js';
import { openCache } from './cache.js';
import { translatePreciseCoverage } from './coverage/precise-coverage.js';
import { patchCommonJs } from './hooks/commonjs.js';
import { hasOtherLoaders, isCompiledByRequire, readCircumstances } from './hooks/compiled-entry.js';
import { patchEvaluation } from './hooks/evaluation.js';
import { type HooksThread, registerAsyncHooks } from './hooks/hooks-async.js';
import { registerSyncHooks } from './hooks/hooks-sync.js';
import { hasFeature, SOUND_SYNC_HOOKS } from './hooks/node-features.js';
import { keepProgramsOfLaunchersInCommonJs } from './hooks/run-main.js';
import { isLoadingOwnModules, requireIsolated } from './isolation.js';
import { createLoadLog, type EditedSource, type LoadEvent, type LoadLog } from './load-log.js';
import { createModuleRewriter, type ModuleRewriter, type ModuleRewriterOptions } from './module-rewriter.js';
import { type Breakdown, findBreakdown } from './targets/breakdown.js';
import { isOfNode, parseTarget, type Target } from './targets/target.js';

export interface LoaderOptions {
  readonly targets: readonly string[];
  /** Absolute path of the root process's working directory. */
  readonly cwd: string;
  /** Absolute path of this process's or worker's script, links resolved. */
  readonly entry: string | null;
  /** Reuse rewritten modules across processes. */
  readonly cache: boolean;
  readonly exchange?: ExchangeOptions | null;
  readonly by?: readonly Breakdown[];
  /** Keep the sources of rewritten modules, for {@link Loader.sourceOf}. */
  readonly keepsSources?: boolean;
  readonly debug: ((line: string) => void) | null;
  /** One line for stderr: a module runs unmeasured, and why. */
  readonly warn: (line: string) => void;
  /** Called before the program gets `node:worker_threads` from Node's loaders, where {@link Loader.seesBuiltins}. */
  readonly beforeWorkerThreads?: () => void;
  /** Only for tests: by default the version of Node decides. */
  readonly hooks?: 'sync' | 'async';
  /** Only for tests: the URL of the preload that calls this. */
  readonly preload?: string;
}

/** What the loader saw of some targets. Both can be called in an `exit` handler, and more than once. */
export interface LoaderView {
  facts(): TargetFacts[];
  notes(): string[];
}

/** Shows what was seen of the targets that it was installed with. */
export interface Loader extends LoaderView {
  /**
   * Rewrites what further targets name as well, in modules that are loaded from now on.
   * @param targets without excludes
   * @returns what is seen of these targets
   * @throws {TtprofError} where one cannot be parsed
   */
  add(targets: readonly string[]): LoaderView;
  /** Records what happened to a module elsewhere in this thread: in a bundler's plugin. */
  tell(event: LoadEvent): void;
  /** Do hooks in this thread see which of Node's own modules are loaded? */
  readonly seesBuiltins: boolean;
  /**
   * For the end of this thread, after all that its coverage should contain: where coverage is collected, it is written
   * now, in terms of the modules as they were before they were rewritten.
   */
  finish(): void;
  /**
   * What a module was before it was rewritten, where sources are kept; null where it was not.
   * @param file absolute path
   */
  sourceOf(file: string): EditedSource | null;
}

let current: Loader | null = null;

/** This thread's loader; null before {@link installLoader}. */
export function currentLoader(): Loader | null {
  return current;
}

/**
 * Makes this thread rewrite the modules that targets name, as they are loaded from now on. Called once per thread.
 * Where Node refuses hooks, CommonJS is measured all the same, and a line says what is not.
 * @throws {TtprofError} where a target cannot be parsed
 */
export function installLoader(options: LoaderOptions): Loader {
  const { cwd, entry, debug, warn, exchange = null, by = [] } = options;
  const targets: Target[] = [];
  const loadLogs: LoadLog[] = [];
  let rewriter: ModuleRewriter | null = null;
  let evaluatedRewriter: ModuleRewriter | null = null;
  let hooksThread: HooksThread | null = null;
  let seesBuiltins = false;
  const { NODE_V8_COVERAGE: coverageFolder } = process.env;
  const collectsCoverage = Boolean(coverageFolder);
  const tellsSources = collectsCoverage || options.keepsSources === true;
  const edited = new Map<string, EditedSource[]>();
  const isOwnPreload = isPreload(options.preload ?? OWN_PRELOAD);
  const otherLoaders = hasOtherLoaders(process.execArgv, isOwnPreload);

  const onLoad = (event: LoadEvent) => {
    for (const loadLog of loadLogs) loadLog.add(event);
    if (event.warning !== null) warn(event.warning);
    if (event.edited === null) return;
    const { rewrittenLength } = event.edited;
    const others = edited.get(event.file)?.filter((each) => each.rewrittenLength !== rewrittenLength) ?? [];
    edited.set(event.file, [...others, event.edited]);
  };
  const createRewriter = (
    own: Pick<
      ModuleRewriterOptions,
      'composesMaps' | 'collectsCoverage' | 'tellsSources' | 'hasOtherLoaders'
    >,
  ) =>
    createModuleRewriter({
      ...own,
      targets,
      cwd,
      entry,
      openCache: options.cache ? () => openCache(cwd) : null,
      exchange,
      onLoad,
      debug,
    });
  // Hooks cannot be taken back and are run in a chain, so they are installed once, and ask the latest rewriter.
  const latest: ModuleRewriter = {
    begin: (loaded) => rewriter?.begin(loaded) ?? null,
  };
  const latestOfEvaluated: ModuleRewriter = {
    begin: (loaded) => {
      evaluatedRewriter ??= createRewriter({
        composesMaps: () => false,
        collectsCoverage: false,
        tellsSources: true,
        hasOtherLoaders: false,
      });
      return evaluatedRewriter.begin(loaded);
    },
  };
  const compiledEntry = findCompiledEntry(entry, isOwnPreload);
  const installHooks = () => {
    const hooks = options.hooks ?? (hasFeature(SOUND_SYNC_HOOKS) ? 'sync' : 'async');
    patchEvaluation(latestOfEvaluated, {
      isBusy: isLoadingOwnModules,
      beforeFirst: () => translatePreciseCoverage(edited),
    });
    patchCommonJs(latest, isLoadingOwnModules, hooks === 'sync');
    try {
      if (hooks === 'sync') {
        registerSyncHooks(latest, {
          compiledEntry,
          isBusy: isLoadingOwnModules,
          beforeWorkerThreads: options.beforeWorkerThreads ?? (() => {}),
          comesLast: collectsCoverage,
        });
        seesBuiltins = true;
      } else
        hooksThread = registerAsyncHooks({
          targets: targets.map(({ text }) => text),
          cwd,
          entry,
          compiledEntry,
          cache: options.cache,
          composesMaps: areSourceMapsOn(),
          collectsCoverage,
          tellsSources,
          hasOtherLoaders: otherLoaders,
          exchange,
          by,
          debug: debug !== null,
        });
    } catch (error) {
      warn(`ES modules run unmeasured here, because Node refused the hooks: ${reasonOf(error)}`);
    }
  };

  function add(texts: readonly string[]): LoaderView {
    const served = texts
      .map((text) => ({ ...parseTarget(text, { cwd }), by: findBreakdown(by, text) }))
      .filter(({ module }) => !isOfNode(module));
    const loadLog = createLoadLog(served, cwd);
    loadLogs.push(loadLog);
    targets.push(...served);
    const isFirst = rewriter === null;
    // a compiled entry needs the hooks to start at all
    if (!targets.some(({ exclude }) => !exclude) && compiledEntry === null) return loadLog;
    rewriter = createRewriter({
      composesMaps: areSourceMapsOn,
      collectsCoverage,
      tellsSources,
      hasOtherLoaders: otherLoaders,
    });
    evaluatedRewriter = null;
    if (isFirst) installHooks();
    else hooksThread?.setTargets(targets.map(({ text }) => text));
    const withEvents = <T>(read: () => T): T => {
      readEvents();
      return read();
    };
    return { facts: () => withEvents(loadLog.facts), notes: () => withEvents(loadLog.notes) };
  }

  const readEvents = () => {
    for (const event of hooksThread?.readEvents() ?? []) onLoad(event);
  };
  function finish(): void {
    readEvents();
    if (!coverageFolder || edited.size === 0) return;
    requireIsolated<typeof import('./coverage/coverage.js')>(
      new URL('./coverage/coverage.js', import.meta.url),
    ).writeCoverage(coverageFolder, edited);
  }

  function sourceOf(file: string): EditedSource | null {
    readEvents();
    return edited.get(file)?.at(-1) ?? null;
  }

  current = { ...add(options.targets), add, tell: onLoad, finish, sourceOf, seesBuiltins };
  return current;
}

/**
 * Lets programs that ts-node and the like start run as they do without `--import`.
 * @param preload the URL that it may name
 */
export function adaptToLaunchers(preload: string): void {
  keepProgramsOfLaunchersInCommonJs(isPreload(preload));
}

const OWN_PRELOAD = new URL('../register.js', import.meta.url).href;

function isPreload(preload: string): (value: string) => boolean {
  // the query names the session, which does not matter here
  return (value) => value === 'ttprof/register' || value.split('?', 1)[0] === preload;
}

/** The entry where a compiler in `require.extensions` is to have it, else null. */
function findCompiledEntry(entry: string | null, isOwnPreload: (value: string) => boolean): string | null {
  return entry !== null && isCompiledByRequire(readCircumstances(entry, isOwnPreload)) ? entry : null;
}

function areSourceMapsOn(): boolean {
  const { sourceMapsEnabled } = process as { sourceMapsEnabled?: boolean };
  const { NODE_OPTIONS = '' } = process.env;
  return (
    sourceMapsEnabled === true ||
    [...process.execArgv, NODE_OPTIONS].some((flag) => flag.includes('--enable-source-maps'))
  );
}
