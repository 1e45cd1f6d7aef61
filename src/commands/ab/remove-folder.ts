import { type Dirent, readdirSync, rmSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from '../../shared/errors.js';
import { say } from '../../shared/say.js';

const MODULES = 'node_modules';

/** Removes a folder that was made for a comparison. Where something holds it open, one line says what stays behind. */
export function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    // what was found out stands all the same
    say(`${folder} could not be removed, and can be: ${reasonOf(error)}`);
  }
}

/** Takes away the links in every `node_modules` below a folder, not what they lead to. Never throws. */
export function removeLinks(folder: string): void {
  for (const entry of list(folder)) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) {
      if (path.includes(MODULES)) unlink(path);
    } else if (entry.isDirectory() && entry.name !== '.git') removeLinks(path);
  }
}

function list(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function unlink(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    rmSync(path, { force: true });
  }
}
