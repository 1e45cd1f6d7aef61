import { readFileSync, statSync } from 'node:fs';
import { editDistance } from '../../shared/names/edit-distance.js';
import { isNearName } from '../../shared/names/near-names.js';
import type { FunctionSite } from '../find/find-functions.js';
import { requireIsolated } from '../isolation.js';
import { createFilesOnDisk } from './files-on-disk.js';
import { createModuleMatcher } from './match-module.js';
import type { NamedPlace } from './match-source.js';
import { type FunctionPart, parseTarget, type Target } from './target.js';

/** A function that a target might have meant. */
export interface NearFunction {
  readonly file: string;
  readonly name: string;
  /** How far its name is from the wanted one; 0 is equal. */
  readonly distance: number;
}

/** Parsing more for a suggestion would keep the user waiting. */
const MAX_FILE_BYTES = 2_000_000;

/** The functions of a file as it stands on disk; none where it cannot be read or parsed. */
export function readFunctions(file: string): FunctionSite[] {
  try {
    if (statSync(file).size > MAX_FILE_BYTES) return [];
    const { findFunctions } = requireIsolated<typeof import('../find/find-functions.js')>(
      new URL('../find/find-functions.js', import.meta.url),
    );
    return findFunctions(readFileSync(file, 'utf8'), { file });
  } catch {
    return [];
  }
}

/** The functions of a file on disk that a target with this function part names; none where it cannot be read. */
export function readNamed(file: string, part: FunctionPart): NamedPlace[] {
  try {
    if (statSync(file).size > MAX_FILE_BYTES) return [];
    const { matchSource } = requireIsolated<typeof import('./match-source.js')>(
      new URL('./match-source.js', import.meta.url),
    );
    return matchSource(readFileSync(file, 'utf8'), { file }, part);
  } catch {
    return [];
  }
}

/** The functions of a file whose names are near the wanted one, nearest first. */
export function findNearFunctions(file: string, wanted: string): NearFunction[] {
  return readFunctions(file)
    .flatMap(({ name, aliases }) => {
      const distances = [name, ...aliases]
        .map((one) => distanceBetween(wanted, one))
        .filter((one) => one !== null);
      return distances.length === 0 ? [] : [{ file, name, distance: Math.min(...distances) }];
    })
    .sort((a, b) => a.distance - b.distance);
}

/** Null where nobody would confuse them. A method that is named without its class, or with another, is near. */
function distanceBetween(wanted: string, name: string): number | null {
  if (isNearName(wanted, name)) return editDistance(wanted.toLowerCase(), name.toLowerCase());
  const [last, lastOfName] = [lastSegment(wanted), lastSegment(name)];
  if (last.length < 2 || lastOfName.startsWith('<') || !isNearName(last, lastOfName)) return null;
  return editDistance(last.toLowerCase(), lastOfName.toLowerCase()) + 1;
}

function lastSegment(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/**
 * The targets with `!` that leave out all that a target names, so that it matched nothing.
 * @param searched files in which it found nothing
 * @param targets texts of all targets
 */
export function findExcludes(
  target: Target,
  searched: readonly string[],
  targets: readonly string[],
  cwd: string,
): string[] {
  const excludes = targets
    .filter((text) => text.startsWith('!'))
    .map((text) => ({ ...parseTarget(text, { cwd }), exclude: false }));
  if (excludes.length === 0) return [];
  const named = searched.map((file) => ({ file, names: namesIn(file, target) }));
  const matcher = createModuleMatcher(excludes, { cwd, entry: null, files: createFilesOnDisk() });
  const leavesOut = (exclude: Target) =>
    named.some(
      ({ file, names }) =>
        names.length > 0 &&
        // which script an exclude without a module part meant is not known any more
        (exclude.module.kind === 'entry' || matcher.names(exclude, file)) &&
        namesIn(file, exclude).some((name) => names.includes(name)),
    );
  return excludes.filter(leavesOut).map(({ text }) => text);
}

function namesIn(file: string, target: Target): string[] {
  return readNamed(file, target.function).map(({ name }) => name);
}
