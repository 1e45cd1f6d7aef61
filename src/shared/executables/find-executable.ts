import { realpathSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** Where Linux and macOS look for programs without a PATH. */
const DEFAULT_PATH = '/usr/bin:/bin';

/**
 * The file that a command's name stands for, links resolved; null where there is none. Not for Windows, where the
 * extension can be left out.
 * @param searchPath the value of PATH
 */
export function findExecutable(command: string, searchPath: string | null, cwd: string): string | null {
  if (command.includes('/')) return findReal(resolve(cwd, command));
  const folders = (searchPath ?? DEFAULT_PATH).split(delimiter);
  return folders.map((folder) => findReal(join(folder, command))).find((path) => path !== null) ?? null;
}

function findReal(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
