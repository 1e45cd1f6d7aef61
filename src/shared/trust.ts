import fs, { type Stats } from 'node:fs';

// Captured: a target may be one of these functions, and our own calls must not be measured.
const { closeSync, fstatSync, openSync, readFileSync, statSync } = fs;

/** Others than the owner may write. */
const WRITABLE_BY_OTHERS = 0o022;

/**
 * May what lies in a file or folder be believed? Only where it belongs to this user and nobody else may write to it:
 * what ttprof reads back from caches runs as part of the program. Windows keeps folders of users apart by itself.
 * @param uid this user's; null where the system has none
 */
export function isTrusted(
  { uid: owner, mode }: Pick<Stats, 'uid' | 'mode'>,
  uid: number | null = process.getuid?.() ?? null,
): boolean {
  return uid === null || (owner === uid && (mode & WRITABLE_BY_OTHERS) === 0);
}

/** Is there nothing at a path, or a folder that can be trusted? */
export function isTrustedFolder(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined || (stats.isDirectory() && isTrusted(stats));
}

/**
 * The content of a file that can be trusted.
 * @throws where there is none
 */
export function readTrustedFile(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const stats = fstatSync(file);
    if (!stats.isFile() || !isTrusted(stats))
      throw Object.assign(new Error(`${path} could be changed by others than its owner`), { code: 'EACCES' });
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}
