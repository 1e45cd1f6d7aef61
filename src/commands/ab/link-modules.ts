import {
  cpSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { reasonOf, TtprofError } from '../../shared/errors.js';
import { mapPath } from './map-path.js';
import type { Sides } from './sides.js';

/** How systems refuse links. */
const REFUSED = ['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/** Folders in node_modules into which programs write: each side has its own. */
const CACHES = new Set(['.cache', '.vite', '.vite-temp']);

/**
 * Makes a `node_modules` of links to another one's entries. Links of workspaces, which lead to the project's own
 * packages, lead to the base's own packages there: else both sides would run the same code.
 * @param from absolute path of the head's `node_modules`; nothing happens where there is none
 * @param to absolute path of the base's, which does not exist
 */
export function linkModules(from: string, to: string, sides: Sides): void {
  if (statSync(from, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    if (CACHES.has(name)) continue;
    const [source, link] = [join(from, name), join(to, name)];
    // scopes and programs are folders of entries
    const isFolderOfEntries = name.startsWith('@') || name === '.bin';
    if (isFolderOfEntries && lstatSync(source).isDirectory()) linkModules(source, link, sides);
    else linkEntry(source, link, sides);
  }
}

function linkEntry(source: string, link: string, sides: Sides): void {
  let real: string;
  try {
    real = realpathSync(source);
  } catch {
    return; // a link to nothing
  }
  const isOwn = !real.split(/[\\/]/).includes('node_modules');
  const target = isOwn ? mapPath(real, sides) : real;
  placeLink(target, link, statSync(real).isDirectory());
}

/** What makes links; another one for tests. */
type MakeLink = (target: string, path: string, type: 'junction' | 'file') => void;

/**
 * Puts a link in place; where the system refuses one (Windows without the privilege, file systems without links), a
 * hard link of a file, else a copy.
 * @throws {TtprofError} where nothing of that can be made
 */
export function placeLink(
  target: string,
  link: string,
  isFolder: boolean,
  makeLink: MakeLink = symlinkSync,
): void {
  try {
    // junctions need no privilege on Windows
    makeLink(target, link, isFolder ? 'junction' : 'file');
    return;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!REFUSED.includes(code)) throw new TtprofError(`cannot link ${link}: ${reasonOf(error)}`);
  }
  try {
    if (isFolder) cpSync(target, link, { recursive: true });
    else linkSync(target, link);
  } catch {
    try {
      cpSync(target, link);
    } catch (error) {
      throw new TtprofError(`cannot link or copy ${target} to ${link}: ${reasonOf(error)}`);
    }
  }
}
