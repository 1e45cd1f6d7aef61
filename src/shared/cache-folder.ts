import { closeSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { listFoldersUp } from './folders-up.js';
import { uniqueName } from './unique-name.js';

/*
 * Paths of every start are put together without `node:path`: after a thousand characters V8 optimises what normalises
 * them, in a thread that takes a millisecond of the program's time where processors are few.
 */
const NODE_MODULES = `${sep}node_modules`;
const CACHE = `${sep}.cache${sep}ttprof`;

/**
 * Where files are kept from one process to the next: `.cache/ttprof` in the `node_modules` around a folder, or of the
 * nearest folder above that has one, so that no two users share it.
 * @param from absolute path of a folder
 * @returns null where no folder above has one
 */
export function findCacheFolder(from: string): string | null {
  // whoever is inside of one need not look for one on the disk, which takes a tenth of a millisecond
  const inside = `${from}${sep}`.lastIndexOf(NODE_MODULES + sep);
  if (inside !== -1) return from.slice(0, inside) + NODE_MODULES + CACHE;
  for (const folder of listFoldersUp(from)) {
    const modules = folder + NODE_MODULES;
    if (statSync(modules, { throwIfNoEntry: false })?.isDirectory()) return modules + CACHE;
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
