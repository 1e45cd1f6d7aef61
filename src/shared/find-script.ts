import { realpathSync, statSync } from 'node:fs';
import Module from 'node:module';
import { resolve } from 'node:path';

/** What Node itself asks for the file that its first argument means. */
type FindPath = (path: string, folders: null, isMain: boolean) => string | false;

/** The script of this process or worker, links resolved; null where there is none. */
export function findScript(): string | null {
  const script = process.argv[1];
  if (script === undefined) return null;
  try {
    const path = realpathSync(script);
    if (statSync(path).isFile()) return path;
  } catch {
    // without its extension, or what is no file
  }
  return findMain(script) ?? script;
}

/** `node .` runs what the folder's package.json names. */
function findMain(script: string): string | null {
  const { _findPath: findPath } = Module as unknown as { _findPath?: FindPath };
  try {
    return findPath?.(resolve(script), null, true) || null;
  } catch {
    return null; // a damaged package.json, of which Node tells
  }
}
