import { readSetting } from '../config/environment.js';
import { currentLoader, installLoader, type Loader, type LoaderView } from '../loader/install.js';
import { isolated, requireIsolated } from '../loader/isolation.js';
import type * as ExplainTargets from '../loader/targets/explain-targets.js';
import { isOfNode } from '../loader/targets/target.js';
import { type MatchedFunction, RUNTIME_KEY, type TargetFacts } from '../runtime/contract.js';
import { subtractRecording } from '../runtime/read/difference.js';
import type { PeriodOptions } from '../runtime/read/period.js';
import { currentRuntime } from '../runtime/runtime.js';
import { TtprofError } from '../shared/errors.js';
import { findScript } from '../shared/find-script.js';
import { say } from '../shared/say.js';
import type { TargetOutcome } from '../shared/target-outcome.js';
import { listLoadedScripts } from './loaded-scripts.js';
import {
  createFileTest,
  createNameTest,
  holds,
  isPattern,
  type NamedTarget,
  type Place,
  readTarget,
} from './named-target.js';
import type { Measured } from './publish.js';
import type { Source } from './run.js';
import type { RunSettings } from './settings.js';
import { installBuiltins, releaseBuiltins } from './stand-ins/builtins.js';
import { ensureRuntime, pickPeriodOptions } from './thread-runtime.js';

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
  const runtime = ensureRuntime(settings);
  const mode = pickPeriodOptions(runtime.options);
  const isInFile = createFileTest(targets, settings);
  const isNamed = createNameTest();
  installModules(included, isInFile, isNamed, settings);
  const builtins = installBuiltins(
    targets.map(({ text }) => text),
    { load: (json) => runtime.handle.load(json), cwd: settings.cwd },
  );
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
    const places = uniquePlaces([
      ...allFacts().flatMap((one) => one.functions ?? []),
      ...thread.functions,
    ]).map((place) => ({ ...place, targets: textsOf(place, place.targets) }));
    const facts = included.map(
      (target) => builtins.find((one) => one.target === target.text) ?? factsOf(target, places),
    );
    const notes = included.flatMap(({ resolved }) => views.get(resolved)?.notes() ?? []);
    return {
      threads: [thread],
      facts,
      outcomes: included.map((target, index) => explain(target, facts[index]!, settings)),
      notes: [...new Set([...notes, ...explainMode(mode, settings)])],
    };
  }

  return { targets: included.map(({ text }) => text), mode, close };
}

/** Rewritten modules record as this thread's recording was started, by the preload or the first run by name. */
function explainMode(mode: PeriodOptions, settings: RunSettings): string[] {
  const names = (['sample', 'cpu', 'raw'] as const).filter((name) => mode[name] !== settings[name]);
  if (names.length === 0) return [];
  const values = names.map((name) => `${name}: ${mode[name]}`).join(', ');
  return [
    `functions by name were measured with ${values}, as the preload or the first run of this thread set it; give the same to all runs`,
  ];
}

/**
 * What is known of a target in modules.
 * @param places all functions, each with the targets of this measurement that mean it
 */
function factsOf({ text, resolved }: NamedTarget, places: readonly MatchedFunction[]): TargetFacts {
  const own = views.get(resolved)?.facts()[0];
  const functions = places.filter(({ targets }) => targets.includes(text));
  return {
    target: text,
    matched: Math.max(own?.matched ?? 0, functions.length),
    searched: own?.searched ?? [],
    resembling: own?.resembling ?? [],
    functions,
  };
}

function explain({ text, resolved }: NamedTarget, facts: TargetFacts, { cwd }: RunSettings): TargetOutcome {
  if (facts.matched > 0) return { target: text, matched: facts.matched, reason: null, suggestions: [] };
  // loads the parser, to find what is near
  const { explainTargets } = requireIsolated<typeof ExplainTargets>(
    new URL('../loader/targets/explain-targets.js', import.meta.url),
  );
  const [outcome] = isolated(() => explainTargets([resolved], [{ ...facts, target: resolved }], cwd));
  return { ...outcome!, target: text };
}

function installModules(
  targets: readonly NamedTarget[],
  isInFile: (target: NamedTarget, file: string) => boolean,
  isNamed: ReturnType<typeof createNameTest>,
  settings: RunSettings,
): void {
  const fresh = targets.filter(
    ({ parsed: { module }, resolved }) => !isOfNode(module) && !views.has(resolved),
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
    const file = [...loaded].find((one) => isInFile(target, one) && holds(one, parsed));
    if (file !== undefined && !isPattern(parsed)) throw alreadyLoaded(text, file);
  }
  for (const { resolved } of fresh) views.set(resolved, loader.add([resolved]));
}

function alreadyLoaded(text: string, file: string): TtprofError {
  return new TtprofError(
    `tprof: target \`${text}\` is in ${file}, which was loaded before: import it inside of the block, or run \`node --import ttprof/register\` with --ttprof=${text}`,
  );
}

function ensureLoader({ cwd }: RunSettings): Loader {
  return (
    currentLoader() ??
    installLoader({
      targets: [],
      cwd,
      entry: findScript(),
      cache: readSetting(process.env, 'cache'),
      debug: null,
      warn: say,
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
