import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { createFilesOnDisk, findFiles } from '../loader/targets/files-on-disk.js';
import { createModuleMatcher } from '../loader/targets/match-module.js';
import type { NamedPlace } from '../loader/targets/match-source.js';
import { readNamed } from '../loader/targets/near-functions.js';
import { parseTarget, type Target } from '../loader/targets/target.js';
import { TtprofError } from '../shared/errors.js';
import { findScript } from '../shared/find-script.js';
import { wildcardToRegExp } from '../shared/names/wildcard.js';
import { describe, type RunSettings } from './settings.js';

/** One target of a measurement. */
export interface NamedTarget {
  /** As the program wrote it. */
  readonly text: string;
  readonly parsed: Target;
  /** What the loader is told: independent of `from`. */
  readonly resolved: string;
}

export type Place = { readonly file: string; readonly name: string; readonly line: number };

export function readTarget(text: unknown, settings: RunSettings): NamedTarget {
  if (typeof text !== 'string')
    throw new TtprofError(`tprof: a target must be a text such as './lib.js:maths', not ${describe(text)}`);
  const parsed = parseTarget(text, { cwd: settings.targetFolder, exists: existsSync });
  return { text, parsed, resolved: resolveTarget(parsed, settings) };
}

/** The target with its path absolute where `from` gives it another meaning than the working directory would. */
function resolveTarget({ text, module, function: part }: Target, { targetFolder, cwd }: RunSettings): string {
  const functionText =
    part.kind === 'name' ? part.pattern : `${part.line}${part.column === null ? '' : `:${part.column}`}`;
  if (module.kind === 'path') return `${module.path}:${functionText}`;
  if (module.kind !== 'module' || targetFolder === cwd) return text;
  const path = resolve(targetFolder, module.name);
  const isPath = /[*?{[(]/.test(module.name) || findFiles(path) !== null;
  return isPath ? `${path}:${functionText}` : text;
}

/** Does a target's module part name a file? */
export function createFileTest(
  targets: readonly NamedTarget[],
  settings: RunSettings,
): (target: NamedTarget, file: string) => boolean {
  const parsed = new Map(
    targets.map((target) => [target, parseTarget(target.resolved, { cwd: settings.cwd })] as const),
  );
  const matcher = createModuleMatcher([...parsed.values()], {
    cwd: settings.cwd,
    entry: findScript(),
    files: createFilesOnDisk(),
  });
  return (target, file) => {
    const { module } = target.parsed;
    if (module.kind === 'builtin') return file === `node:${module.id}`;
    if (module.kind === 'global') return file === 'globalThis';
    return isAbsolute(file) && matcher.names(parsed.get(target)!, file);
  };
}

/**
 * Says whether targets name a function, by what a recording knows of it. The rules are those of the loader, which need
 * the source: that is read once for each file and target, and only where the loader was not asked for this target.
 */
export function createNameTest(): (target: Target, place: Place) => boolean {
  const named = new Map<string, readonly NamedPlace[]>();
  return ({ text, function: part }, { file, name, line }) => {
    if (!isAbsolute(file)) return isNamedAlike(part, name);
    const key = `${file}\n${text}`;
    let places = named.get(key);
    if (places === undefined) named.set(key, (places = readNamed(file, part)));
    return places.some((place) => place.name === name && place.line === line);
  };
}

/** Node's own functions have no source, and one name each. */
function isNamedAlike(part: Target['function'], name: string): boolean {
  if (part.kind === 'line') return false;
  return part.pattern.includes('*') ? wildcardToRegExp(part.pattern).test(name) : name === part.pattern;
}

/** Does a target mean many files? Then those that it measures may still be to load. */
export function isPattern({ module, function: part }: Target): boolean {
  const name = module.kind === 'module' ? module.name : module.kind === 'path' ? module.path : '';
  return /[*?{]/.test(name) || (part.kind === 'name' && part.pattern === '*' && module.kind === 'module');
}

/** Is the function in this file? The file is parsed only where it mentions the name: packages have many files. */
export function holds(file: string, { function: part }: Target): boolean {
  const word = part.kind === 'line' ? undefined : part.pattern.split(/[.*#]/).findLast((each) => each !== '');
  try {
    const canHold = word === undefined || word === 'default' || readFileSync(file, 'utf8').includes(word);
    return canHold && readNamed(file, part).length > 0;
  } catch {
    return false;
  }
}
