import { closeSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { listFoldersUp } from './folders-up.js';
import { uniqueName } from './unique-name.js';

/** Whoever is inside one need not look for one on the disk, which takes a tenth of a millisecond. */
const INSIDE = `${sep}node_modules${sep}`;

/**
 * Where files are kept from one process to the next: `.cache/ttprof` in the `node_modules` around a folder, or of the
 * nearest folder above that has one, so that no two users share it.
 * @param from absolute path of a folder
 * @returns null where no folder above has one
 */
export function findCacheFolder(from: string): string | null {
  const inside = `${from}${sep}`.lastIndexOf(INSIDE);
  if (inside !== -1) return join(from.slice(0, inside), INSIDE, '.cache', 'ttprof');
  for (const folder of listFoldersUp(from)) {
    const modules = join(folder, 'node_modules');
    if (statSync(modules, { throwIfNoEntry: false })?.isDirectory()) return join(modules, '.cache', 'ttprof');
  }
  return null;
}

/**
 * Writes a file whole or not at all, in place of an earlier one. Never throws: a folder that cannot be written to is a
 * cache that stays empty.
 * @param createContent called where the file can be written
 */
export function keepFile(path: string, createContent: () => string | readonly Uint8Array[]): void {
  const temporary = `${path}.${uniqueName()}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(temporary, 'wx');
    try {
      const content = createContent();
      for (const part of typeof content === 'string' ? [content] : content) writeFileSync(file, part);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // read-only: it was not written either
    }
  }
}
