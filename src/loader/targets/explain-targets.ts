import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { TargetFacts } from '../../runtime/contract.js';
import { canonicalFile } from '../../shared/names/canonical-name.js';
import { isNearName } from '../../shared/names/near-names.js';
import type { TargetOutcome } from '../../shared/target-outcome.js';
import { findFiles } from './files-on-disk.js';
import { followImports } from './follow-imports.js';
import { isInside, isInstalled, mayBeMeant } from './may-be-meant.js';
import {
  findExcludes,
  findNearFunctions,
  type NearFunction,
  readFunctions,
  readNamed,
} from './near-functions.js';
import { stem } from './resemblance.js';
import { isOfNode, parseTarget, type Target } from './target.js';

/** More would be too much to read. */
const MAX_SUGGESTIONS = 3;

type Explanation = Pick<TargetOutcome, 'reason' | 'suggestions'>;

/**
 * What became of each target: how many functions it matched or why none, and what was probably meant. Reads files and
 * loads the parser where something is to be explained, so it is for the end of a run.
 * @param targets texts in the order given; excludes are passed over, for it is no mistake if they match nothing
 * @param facts of all processes and threads; several of one target are added up
 * @param cwd absolute path of the root process's working directory
 * @param isPartial whether processes of the program ran unmeasured
 */
export function explainTargets(
  targets: readonly string[],
  facts: readonly TargetFacts[],
  cwd: string,
  isPartial = false,
): TargetOutcome[] {
  return targets
    .filter((text) => !text.startsWith('!'))
    .map((text) => {
      const own = facts.filter(({ target }) => target === text);
      const matched = own.reduce((sum, one) => sum + one.matched, 0);
      if (matched > 0) return { target: text, matched, reason: null, suggestions: [] };
      return { target: text, matched, ...explain(text, own, targets, { cwd, isPartial }) };
    });
}

function explain(
  text: string,
  facts: readonly TargetFacts[],
  targets: readonly string[],
  { cwd, isPartial }: { readonly cwd: string; readonly isPartial: boolean },
): Explanation {
  const known = facts.find(({ reason }) => reason);
  if (known) return { reason: known.reason ?? null, suggestions: known.suggestions ?? [] };
  const target = parseTarget(text, { cwd });
  const native = explainNative(target);
  if (native !== null) return native;
  const searched = [...new Set(facts.flatMap((one) => one.searched))];
  const resembling = [...new Set(facts.flatMap((one) => one.resembling))].filter((file) =>
    mayBeMeant(target.module, file, cwd),
  );
  const excludes = findExcludes(target, searched, targets, cwd);
  if (excludes.length > 0)
    return { reason: `all that it names is left out by ${excludes.join(', ')}`, suggestions: [] };
  return searched.length > 0
    ? explainFunction(target, searched, resembling, cwd)
    : explainModule(target, resembling, cwd, isPartial);
}

/** `fs:readFileSync` and `JSON.parse`: code of Node's and V8's own, which has a spelling of its own. */
function explainNative({ module, function: part }: Target): Explanation | null {
  if (part.kind !== 'name') return null;
  const reason = 'only a built-in or native function';
  if (module.kind === 'module' && builtinModules.includes(module.name))
    return { reason, suggestions: [`node:${module.name}:${part.pattern}`] };
  const owner = part.pattern.split('.')[0]!;
  if (module.kind !== 'entry' || !part.pattern.includes('.') || !(owner in globalThis)) return null;
  return { reason, suggestions: [`globalThis:${part.pattern}`] };
}

function explainFunction(
  target: Target,
  searched: readonly string[],
  resembling: readonly string[],
  cwd: string,
): Explanation {
  const { module, function: part } = target;
  const own = pickOwn(target, searched, cwd);
  const shown = [...own, ...searched.filter((file) => !own.includes(file))];
  const files = shown.slice(0, MAX_SUGGESTIONS).map((file) => canonicalFile(file, cwd));
  const where = `${files.join(', ')}${searched.length > files.length ? ', …' : ''}`;
  // what the user typed finds the function as well, unless it is a glob
  const isTyped = module.kind !== 'entry' && !/[*?{]/.test(moduleText(target));
  const nameOf = ({ file, name }: { file: string; name: string }) => {
    if (!searched.includes(file)) return `${canonicalFile(file, cwd)}:${name}`;
    if (module.kind === 'entry') return name;
    return `${isTyped ? moduleText(target) : canonicalFile(file, cwd)}:${name}`;
  };
  if (part.kind === 'line') {
    const near = own
      .flatMap((file) => readFunctions(file).map((one) => ({ ...one, file })))
      .sort((a, b) => Math.abs(a.line - part.line) - Math.abs(b.line - part.line))
      .map((one) => (one.name.includes('<') ? nameOf({ ...one, name: String(one.line) }) : nameOf(one)));
    const column = part.column === null ? '' : `, column ${part.column},`;
    return {
      reason: `no such function: none starts on line ${part.line}${column} of ${where}`,
      suggestions: pick(near),
    };
  }
  const wanted = part.pattern.replaceAll('*', '');
  const elsewhere = [...own.flatMap(followImports), ...resembling].filter((file) => !searched.includes(file));
  const exported = findExact(elsewhere, wanted);
  const near = own.flatMap((file) => findNearFunctions(file, wanted)).sort(byDistance);
  const suggestions = pick([...exported, ...near].map(nameOf));
  if (suggestions.length === 0 && searched.some((file) => holdsOtherValue(file, wanted)))
    return { reason: `only a built-in or native function, or no function at all, in ${where}`, suggestions };
  if (suggestions.length === 0 && module.kind === 'entry' && findInstalled(cwd, part.pattern) !== null)
    suggestions.push(`${part.pattern}:*`);
  if (suggestions.length === 0) suggestions.push(...suggestShadowed(target, cwd));
  return { reason: `no such function in ${where}`, suggestions };
}

/** The folder of a package that is installed for a folder, null where there is none. */
function findInstalled(folder: string, name: string): string | null {
  const root = join(folder, 'node_modules', name);
  if (existsSync(join(root, 'package.json'))) return root;
  const parent = dirname(folder);
  return parent === folder ? null : findInstalled(parent, name);
}

/** `yaml:parse` is `yaml.js` where that lies in the working directory: how to name the package. */
function suggestShadowed(target: Target, cwd: string): string[] {
  const { module, function: part } = target;
  if (module.kind === 'entry' || isOfNode(module) || part.kind !== 'name') return [];
  const typed = moduleText(target);
  if (!/^(?:@[\w.-]+\/)?\w[\w.-]*$/.test(typed)) return [];
  const root = findInstalled(cwd, typed);
  return root === null ? [] : [`${relative(cwd, root).replaceAll(sep, '/')}/**:${part.pattern}`];
}

/**
 * The searched files that the user can have had in mind. A target without a module part looks into the script of every
 * process, those of npm and other launchers too, which nobody means who is in a folder of their own.
 */
function pickOwn({ module }: Target, searched: readonly string[], cwd: string): readonly string[] {
  if (module.kind !== 'entry') return searched;
  const own = searched.filter((file) => !isInstalled(file));
  const inside = own.filter((file) => isInside(file, cwd));
  return inside.length > 0 ? inside : own;
}

function explainModule(
  target: Target,
  resembling: readonly string[],
  cwd: string,
  isPartial: boolean,
): Explanation {
  const { module, function: part } = target;
  const typed =
    module.kind === 'path' ? module.path : module.kind === 'module' ? resolve(cwd, module.name) : null;
  const name =
    part.kind === 'name' ? part.pattern : `${part.line}${part.column === null ? '' : `:${part.column}`}`;
  const existing = typed === null ? null : findFiles(typed);
  const onDisk = typed === null || existing !== null ? [] : nearFiles(typed);
  const candidates = [...new Set([...resembling, ...onDisk])];
  const exact = part.kind === 'name' ? findExact(candidates, part.pattern) : [];
  const holding = exact.map(({ file, name: found }) => `${canonicalFile(file, cwd)}:${found}`);
  // by line, with a wildcard, or by a name that the file has in a shorter form
  const same = candidates
    .filter((file) => readNamed(file, part).length > 0)
    .map((file) => `${canonicalFile(file, cwd)}:${name}`);
  const near =
    part.kind === 'name' ? candidates.flatMap((file) => findNearFunctions(file, part.pattern)) : [];
  const nearest = near
    .sort(byDistance)
    .map(({ file, name: found }) => `${canonicalFile(file, cwd)}:${found}`);
  const reason = `module never loaded: ${describeAbsence(module, existing !== null, isPartial)}`;
  const found = [holding, same, nearest].find(({ length }) => length > 0);
  return { reason, suggestions: pick(found ?? (existing === null ? [] : suggestShadowed(target, cwd))) };
}

function describeAbsence(module: Target['module'], exists: boolean, isPartial: boolean): string {
  if (module.kind === 'entry')
    return 'no script ran (what --eval, --print and standard input hold is not measured; write it into a file)';
  if (!exists) return 'nothing of that name';
  const who = isPartial ? 'no process that was measured imported' : 'this program did not import';
  return `it exists, and ${who} it (a bundle holds it only if it was built with ttprof's plugin: see ttprof init)`;
}

/** The functions of files that have exactly this name, or end in it. */
function findExact(files: readonly string[], wanted: string): NearFunction[] {
  return files.flatMap((file) =>
    readFunctions(file)
      .filter(({ name, aliases }) =>
        [name, ...aliases].some((one) => one === wanted || one.endsWith(`.${wanted}`)),
      )
      .map(({ name }) => ({ file, name, distance: 0 })),
  );
}

/** Does a file give this name to something that is no function with a body: `const f = g.bind(o)`? */
function holdsOtherValue(file: string, wanted: string): boolean {
  const name = wanted.slice(wanted.lastIndexOf('.') + 1).replace(/[^\w$]/g, '');
  if (name === '') return false;
  try {
    const escaped = name.replaceAll('$', '\\$');
    return new RegExp(`(?<![\\w$])${escaped}\\s*[=:](?![=>])`).test(readFileSync(file, 'utf8'));
  } catch {
    return false;
  }
}

/** Files beside a path that does not exist whose names are near its own. */
function nearFiles(path: string): string[] {
  try {
    return readdirSync(dirname(path))
      .filter((name) => /\.[cm]?[jt]sx?$/.test(name) && isNearName(stem(name), stem(path)))
      .map((name) => join(dirname(path), name))
      .filter((file) => statSync(file).isFile());
  } catch {
    return [];
  }
}

function moduleText({ text, exclude, function: part }: Target): string {
  const length = part.kind === 'name' ? part.pattern.length : /\d+(?::\d+)?$/.exec(text)![0].length;
  return text.slice(exclude ? 1 : 0, -length - 1);
}

function byDistance(a: NearFunction, b: NearFunction): number {
  return a.distance - b.distance;
}

function pick(names: readonly string[]): string[] {
  return [...new Set(names)].slice(0, MAX_SUGGESTIONS);
}
