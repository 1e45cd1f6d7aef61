import module, { createRequire } from 'node:module';
import { isOfNode, parseTarget, type Target } from '../../loader/targets/target.js';
import type { ModuleProbe, SiteDescription, SiteIndex, TargetFacts } from '../../runtime/contract.js';
import { reasonOf } from '../../shared/errors.js';
import { findProperties, type Property } from './builtin-properties.js';
import { isForeignCaller, isOwnWork } from './foreign-calls.js';
import { kindOf } from './function-kind.js';
import type { Gate } from './gate.js';
import { GuardedProbe } from './guarded-probe.js';
import { createStandIn } from './stand-in.js';

export interface BuiltinOptions {
  /** Gives a module its probe: the `load` of the runtime's handle. */
  readonly load: (json: string) => ModuleProbe;
  /** Absolute path of the root process's working directory. */
  readonly cwd: string;
}

/** A property that a timed stand-in has taken the place of. */
interface Replaced {
  readonly file: string;
  readonly site: SiteDescription;
  readonly gate: Gate;
  readonly probe: ModuleProbe;
  /** How many measurements use it now; the stand-in passes calls on unmeasured where there are none. */
  users: number;
}

const require = createRequire(import.meta.url);
/** By module and qualified name; once for each thread. */
const replaced = new Map<string, Replaced>();

/**
 * Puts timed stand-ins in the place of functions of Node's own modules and of globals.
 * @param targets texts of targets; those of other modules are passed over
 * @returns what each target matched, in the order given, without excludes
 * @throws {TtprofError} where a target cannot be parsed
 */
export function installBuiltins(targets: readonly string[], options: BuiltinOptions): TargetFacts[] {
  const parsed = targets
    .map((text) => parseTarget(text, { cwd: options.cwd }))
    .filter(({ module }) => isOfNode(module));
  const excluded = new Set(
    parsed.filter(({ exclude }) => exclude).flatMap((target) => findIn(target).found.map((one) => one.key)),
  );
  const facts = parsed
    .filter(({ exclude }) => !exclude)
    .map((target): TargetFacts => {
      const { found, reason, suggestions } = findIn(target);
      const matched = found.filter(({ key }) => !excluded.has(key));
      const functions = matched.map((property) => replace(property, target.text, options));
      return {
        target: target.text,
        matched: functions.length,
        searched: [],
        resembling: [],
        functions: functions.map(({ file, site }) => ({ ...site, file })),
        ...(functions.length === 0 && { reason, suggestions }),
      };
    });
  if (facts.some(({ matched }) => matched > 0)) module.syncBuiltinESMExports();
  return facts;
}

/** Ends one use of the functions that {@link installBuiltins} gave for these targets. */
export function releaseBuiltins(facts: readonly TargetFacts[]): void {
  for (const { file, name } of facts.flatMap(({ functions }) => functions ?? [])) {
    const one = replaced.get(keyOf(file, name));
    if (one === undefined || one.users === 0) continue;
    one.users--;
    if (one.users === 0) one.gate.probe = null;
  }
}

interface Found {
  readonly found: readonly (Property & { readonly file: string; readonly key: string })[];
  readonly reason: string | null;
  readonly suggestions: readonly string[];
}

function findIn(target: Target): Found {
  const file =
    target.module.kind === 'global' ? 'globalThis' : `node:${(target.module as { id: string }).id}`;
  if (target.function.kind !== 'name')
    return { found: [], reason: 'lines of built-ins cannot be named', suggestions: [] };
  const holder = holderOf(file);
  if (typeof holder === 'string') return { found: [], reason: holder, suggestions: [] };
  const { properties, reason, suggestions } = findProperties(holder, target.function.pattern, file);
  return {
    found: properties.map((property) => ({ ...property, file, key: keyOf(file, property.name) })),
    reason,
    suggestions: suggestions.map((name) => `${file}:${name}`),
  };
}

/** The object that a module part names, or why there is none. */
function holderOf(file: string): object | string {
  if (file === 'globalThis') return globalThis;
  if (!module.isBuiltin(file)) return `Node ${process.versions.node} has no module ${file}`;
  try {
    return require(file) as object;
  } catch (error) {
    return `${file} cannot be loaded: ${reasonOf(error)}`;
  }
}

function replace(property: Found['found'][number], target: string, { load }: BuiltinOptions): Replaced {
  const known = replaced.get(property.key);
  if (known !== undefined) {
    known.users++;
    known.gate.probe = known.probe;
    return known;
  }
  const { file, name, holder, key, descriptor } = { ...property, key: property.property };
  const original = property.callee;
  const site: SiteDescription = { name, line: 1, column: 1, kind: kindOf(original), targets: [target] };
  const gate: Gate = {
    probe: null,
    site: 0 as SiteIndex,
    // Node calls globals such as JSON.parse by names of its own, and some are too short for the longer question.
    isForeign: file === 'globalThis' ? isOwnWork : () => isForeignCaller(standIn),
  };
  const standIn = createStandIn(original, gate);
  const loaded = load(JSON.stringify({ file, sites: [site] }));
  const probe = file === 'globalThis' ? new GuardedProbe(loaded) : loaded;
  const one: Replaced = { file, site, gate, probe, users: 1 };
  gate.probe = one.probe;
  Object.defineProperty(
    holder,
    key,
    descriptor.get === undefined ? { ...descriptor, value: standIn } : { ...descriptor, get: () => standIn },
  );
  replaced.set(property.key, one);
  return one;
}

function keyOf(file: string, name: string): string {
  return `${file}:${name}`;
}
