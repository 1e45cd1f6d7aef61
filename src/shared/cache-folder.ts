import fs from 'node:fs';
import { dirname, sep } from 'node:path';
import { listFoldersUp } from './folders-up.js';
import { replaceFile } from './replace-file.js';
import { isTrustedFolder } from './trust.js';

// Captured: a target may be one of these functions, and our own calls must not be measured.
const { mkdirSync, statSync } = fs;

/*
 * The paths that every start needs are put together without `node:path`. After about a thousand characters V8 would
 * optimise the function that normalises paths, in a thread of its own; with few processors that takes a millisecond from
 * the program.
 */
const NODE_MODULES = `${sep}node_modules`;
const CACHE = `${sep}.cache`;
const OWN = `${sep}ttprof`;

/**
 * Where files are kept from one process to the next: `.cache/ttprof` in the `node_modules` around a folder, or of the
 * nearest folder above that has one. Where others may write there (a folder that users share, a `node_modules` of root),
 * a folder of this user's own.
 * @param from absolute path of a folder
 * @returns null where there is no folder that can be trusted
 */
export function findCacheFolder(from: string, env: NodeJS.ProcessEnv = process.env): string | null {
  const modules = findModules(from);
  if (modules !== null) {
    const folders = [modules, modules + CACHE, modules + CACHE + OWN];
    if (folders.every(isTrustedFolder)) return modules + CACHE + OWN;
  }
  const own = findOwnCache(env);
  return own !== null && isTrustedFolder(own) && isTrustedFolder(own + OWN) ? own + OWN : null;
}

function findModules(from: string): string | null {
  // inside of one there is no need to search the disk, which takes a tenth of a millisecond
  const inside = `${from}${sep}`.lastIndexOf(NODE_MODULES + sep);
  if (inside !== -1) return from.slice(0, inside) + NODE_MODULES;
  for (const folder of listFoldersUp(from)) {
    const modules = folder + NODE_MODULES;
    if (statSync(modules, { throwIfNoEntry: false })?.isDirectory()) return modules;
  }
  return null;
}

/** Where the system has users keep what can be made again (XDG Base Directory Specification; Known Folders). */
function findOwnCache({ XDG_CACHE_HOME, LOCALAPPDATA, HOME }: NodeJS.ProcessEnv): string | null {
  if (XDG_CACHE_HOME) return XDG_CACHE_HOME;
  if (process.platform === 'win32') return LOCALAPPDATA || null;
  return HOME ? `${HOME}${CACHE}` : null;
}

/**
 * Writes a file whole or not at all, in place of an earlier one, for this user alone. Never throws: a folder that
 * cannot be written to is a cache that stays empty.
 * @param createContent called where the file can be written
 */
export function keepFile(path: string, createContent: () => string | readonly Uint8Array[]): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    replaceFile(path, createContent(), { mode: 0o600 });
  } catch {
    // read-only, or full
  }
}
