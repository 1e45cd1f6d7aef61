import fs from 'node:fs';
import { dirname, sep } from 'node:path';
import { sleepSync } from './sleep-sync.js';
import { uniqueName } from './unique-name.js';

// Captured: a target may be one of these functions, and our own calls must not be measured.
const { chmodSync, closeSync, openSync, renameSync, rmSync, writeFileSync } = fs;

/**
 * On Windows a file that a virus scanner, an indexer or an editor holds open cannot be replaced for a moment. Tried
 * again for so long, as graceful-fs does (https://github.com/isaacs/node-graceful-fs, `polyfills.js`).
 */
const PATIENCE_MS = 1000;
const RETRY_MS = 10;
const HELD_OPEN = ['EPERM', 'EBUSY', 'EACCES'];

export interface ReplaceOptions {
  /** Of a new file; by default as the user's mask says. */
  readonly mode?: number;
  /** Only for tests. */
  readonly platform?: NodeJS.Platform;
  /** Only for tests. */
  readonly rename?: (from: string, to: string) => void;
}

/**
 * Writes a file whole or not at all: to a temporary file beside it, then renamed over it.
 * @param path absolute, of a file or of nothing yet
 * @param content its parts, in order
 * @throws the file system's error, with nothing left behind
 */
export function replaceFile(
  path: string,
  content: string | readonly Uint8Array[],
  { mode, platform = process.platform, rename = renameSync }: ReplaceOptions = {},
): void {
  // a name of its own: the file's may be as long as names can be
  const temporary = `${dirname(path)}${sep}.ttprof-${uniqueName()}.tmp`;
  try {
    const file = openSync(temporary, 'wx', (mode ?? 0o666) & 0o7777);
    try {
      for (const part of typeof content === 'string' ? [content] : content) writeFileSync(file, part);
    } finally {
      closeSync(file);
    }
    // whatever the mask of this process takes away
    if (mode !== undefined) chmodSync(temporary, mode & 0o7777);
    renamePatiently(() => rename(temporary, path), platform);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function renamePatiently(rename: () => void, platform: NodeJS.Platform): void {
  for (let waitedMs = 0; ; waitedMs += RETRY_MS) {
    try {
      rename();
      return;
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (platform !== 'win32' || !HELD_OPEN.includes(code) || waitedMs >= PATIENCE_MS) throw error;
      sleepSync(RETRY_MS);
    }
  }
}
