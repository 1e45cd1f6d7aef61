import { readFileSync, realpathSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { TtprofError } from '../errors.js';
import { currentLoader, installLoader, type Loader, type LoaderView } from '../loader/install.js';
import { createModuleMatcher } from '../loader/match-module.js';
import { parseTarget, type Target } from '../loader/target.js';
import { ownWork, RUNTIME_KEY, type TargetFacts } from '../runtime/contract.js';
import { subtractRecording } from '../runtime/difference.js';
import { currentRuntime } from '../runtime/runtime.js';
import { say } from '../say.js';
import { installBuiltins, releaseBuiltins } from './builtins.js';
import { explainOutcomes } from './explain-outcomes.js';
import { listLoadedScripts } from './loaded-scripts.js';
import type { Measured, Source } from './run.js';
import { describe, type RunSettings } from './settings.js';
import { ensureRuntime } from './thread-runtime.js';

/** One target of a measurement. */
interface NamedTarget {
  /** As the program wrote it. */
  readonly text: string;
  readonly parsed: Target;
  /** What the loader is told: independent of `from`. */
  readonly resolved: string;
}

type Place = { readonly file: string; readonly name: string; readonly line: number };

/** What the loader saw of each target that any measurement of this thread ever had. */
const views = new Map<string, LoaderView>();

/**
 * Measures functions by name: of modules that load from now on, of built-in modules and globals; and those whose
 * probes are in place already.
 * @throws {TtprofError} where a target cannot be parsed, or its module has been loaded without probes
 */
export function measureNamed(texts: readonly unknown[], settings: RunSettings): Source {
  const targets = texts.map((text) => readTarget(text, settings));
  const included = targets.filter(({ parsed }) => !parsed.exclude);
  if (included.length === 0)
    throw new TtprofError('tprof: all targets are excludes: name at least one function to measure');
  if (RUNTIME_KEY in globalThis && currentRuntime() === null)
    throw new TtprofError(
      'tprof: the preload of another copy of ttprof runs in this process: install ttprof once, in one version',
    );
  const runtime = ensureRuntime();
  const isInFile = createFileTest(targets, settings);
  ownWork.depth++;
  let builtins: TargetFacts[];
  try {
    installModules(included, isInFile, settings);
    builtins = installBuiltins(
      targets.map(({ text }) => text),
      { load: (json) => runtime.handle.load(json), cwd: settings.cwd },
    );
  } finally {
    ownWork.depth--;
  }
  const earlier = runtime.readThread();
  const sinceNs = runtime.nowNs();

  /** The texts of this measurement's targets that mean a function, whoever had it rewritten. */
  const textsOf = (place: Place, known: readonly string[]): string[] => {
    const means = (target: NamedTarget) =>
      (known.includes(target.resolved) && !target.parsed.exclude) ||
      (isInFile(target, place.file) && isNamed(target.parsed, place));
    if (targets.some((target) => target.parsed.exclude && means(target))) return [];
    return included.filter(means).map(({ text }) => text);
  };

  function close(): Measured {
    const later = runtime.readThread();
    releaseBuiltins(builtins);
    const difference = subtractRecording(
      later,
      earlier,
      sinceNs,
      (one) => textsOf(one, one.targets).length > 0,
    );
    const thread = {
      ...difference,
      functions: difference.functions.map((one) => ({ ...one, targets: textsOf(one, one.targets) })),
    };
    const seen = allFacts();
    const facts = included.map(({ text, resolved }): TargetFacts => {
      const builtin = builtins.find((one) => one.target === text);
      if (builtin !== undefined) return builtin;
      const own = views.get(resolved)?.facts()[0];
      const functions = uniquePlaces([
        ...seen.flatMap((one) => one.functions ?? []),
        ...thread.functions,
      ]).flatMap((place) => {
        const named = textsOf(place, place.targets);
        return named.includes(text) ? [{ ...place, targets: named }] : [];
      });
      return {
        target: text,
        matched: Math.max(own?.matched ?? 0, functions.length),
        searched: own?.searched ?? [],
        resembling: own?.resembling ?? [],
        functions,
      };
    });
    const notes = included.flatMap(({ resolved }) => views.get(resolved)?.notes() ?? []);
    return {
      threads: [thread],
      facts,
      outcomes: explainOutcomes(facts, settings),
      notes: [...new Set(notes)],
    };
  }

  return { targets: included.map(({ text }) => text), close };
}

function readTarget(text: unknown, settings: RunSettings): NamedTarget {
  if (typeof text !== 'string')
    throw new TtprofError(`tprof: a target must be a text such as './lib.js:maths', not ${describe(text)}`);
  const parsed = parseTarget(text, { cwd: settings.targetFolder });
  return { text, parsed, resolved: resolveTarget(parsed, settings) };
}

/** The target with its path absolute where `from` gives it another meaning than the working directory would. */
function resolveTarget({ text, module, function: part }: Target, { targetFolder, cwd }: RunSettings): string {
  const functionText =
    part.kind === 'name' ? part.pattern : `${part.line}${part.column === null ? '' : `:${part.column}`}`;
  if (module.kind === 'path') return `${module.path}:${functionText}`;
  if (module.kind !== 'module' || targetFolder === cwd) return text;
  const path = resolve(targetFolder, module.name);
  const isPath = /[*?{[(]/.test(module.name) || isThere(path);
  return isPath ? `${path}:${functionText}` : text;
}

/** With or without an extension, as the loader looks for it. */
function isThere(path: string): boolean {
  const [target] = createModuleTargets([`${path}:*`], '/');
  const matcher = createModuleMatcher([target!], { cwd: '/', entry: null });
  return ['', '.js', '.mjs', '.cjs', '.ts', '.mts', '.cts', '.jsx', '.tsx', '/index.js', '/index.ts'].some(
    (rest) => exists(path + rest) && matcher.names(target!, path + rest),
  );
}

function createModuleTargets(texts: readonly string[], cwd: string): Target[] {
  return texts.map((text) => parseTarget(text, { cwd }));
}

function exists(path: string): boolean {
  try {
    realpathSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Does a target's module part name a file? */
function createFileTest(
  targets: readonly NamedTarget[],
  settings: RunSettings,
): (target: NamedTarget, file: string) => boolean {
  const parsed = new Map(
    targets.map((target) => [target, parseTarget(target.resolved, { cwd: settings.cwd })] as const),
  );
  const matcher = createModuleMatcher([...parsed.values()], { cwd: settings.cwd, entry: findScript() });
  return (target, file) => {
    const { module } = target.parsed;
    if (module.kind === 'builtin') return file === `node:${module.id}`;
    if (module.kind === 'global') return file === 'globalThis';
    return isAbsolute(file) && matcher.names(parsed.get(target)!, file);
  };
}

/** By what a recording knows of a function; aliases of exports are only known to the loader that matched them. */
function isNamed({ function: part }: Target, { name, line }: Place): boolean {
  if (part.kind === 'line') return part.line === line;
  const { pattern } = part;
  if (pattern.includes('*')) {
    const parts = pattern.split('*').map((text) => text.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`).test(name);
  }
  return name === pattern || name.replace(/#\d+$/, '') === pattern || name.endsWith(`.${pattern}`);
}

function installModules(
  targets: readonly NamedTarget[],
  isInFile: (target: NamedTarget, file: string) => boolean,
  settings: RunSettings,
): void {
  const fresh = targets.filter(
    ({ parsed: { module }, resolved }) =>
      module.kind !== 'builtin' && module.kind !== 'global' && !views.has(resolved),
  );
  if (fresh.length === 0) return;
  const loader = ensureLoader(settings);
  const loaded = listLoadedScripts();
  const measured = [
    ...allFacts().flatMap((one) => one.functions ?? []),
    ...ensureRuntime().readThread().functions,
  ];
  for (const target of fresh) {
    const { parsed, text } = target;
    if (measured.some((place) => isInFile(target, place.file) && isNamed(parsed, place))) continue;
    const file = [...loaded].find((one) => isInFile(target, one) && mentions(one, parsed));
    if (file !== undefined && !isPattern(parsed)) throw alreadyLoaded(text, file);
  }
  for (const { resolved } of fresh) views.set(resolved, loader.add([resolved]));
}

function alreadyLoaded(text: string, file: string): TtprofError {
  return new TtprofError(
    `tprof: target \`${text}\` is in ${file}, which was loaded before: import it inside of the block, or run \`node --import ttprof/register\` with --ttprof=${text}`,
  );
}

/** A pattern may well mean files that are still to come. */
function isPattern({ module, function: part }: Target): boolean {
  const name = module.kind === 'module' ? module.name : module.kind === 'path' ? module.path : '';
  return /[*?{]/.test(name) || (part.kind === 'name' && part.pattern === '*' && module.kind === 'module');
}

/** Could the function be in this file? Packages have many files, and most of them do not hold it. */
function mentions(file: string, { function: part }: Target): boolean {
  if (part.kind === 'line') return true;
  const word = part.pattern.split(/[.*#]/).findLast((each) => each !== '');
  try {
    return word === undefined || word === 'default' || readFileSync(file, 'utf8').includes(word);
  } catch {
    return false;
  }
}

function ensureLoader({ cwd }: RunSettings): Loader {
  const { TTPROF_CACHE = '' } = process.env;
  return (
    currentLoader() ??
    installLoader({
      targets: [],
      cwd,
      entry: findScript(),
      cache: !['0', 'false'].includes(TTPROF_CACHE),
      debug: null,
      warn: say,
      isMainThread: true,
    })
  );
}

/** What the loader saw of all targets, the preload's included. */
function allFacts(): TargetFacts[] {
  return [currentLoader(), ...views.values()].flatMap((view) => view?.facts() ?? []);
}

function uniquePlaces<T extends Place>(places: readonly T[]): T[] {
  return [...new Map(places.map((place) => [`${place.file}\0${place.name}`, place])).values()];
}

function findScript(): string | null {
  const script = process.argv[1];
  if (script === undefined) return null;
  try {
    return realpathSync(script);
  } catch {
    return script;
  }
}
