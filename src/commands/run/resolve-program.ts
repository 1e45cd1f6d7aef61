import { closeSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { extname, resolve } from 'node:path';

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
}

export const NODE_EXTENSIONS = new Set(['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts', '.jsx', '.tsx']);

/** `#!/usr/bin/env node`, `#!/usr/bin/env -S node --flag`, `#!/usr/local/bin/node`. */
const NODE_HASHBANG = /^#!.*\bnode(?:\.exe)?(?:\s|$)/;

/** Enough of a file to see its first line. */
const HASHBANG_BYTES = 200;

/**
 * What `ttprof … program args` starts: an existing file that Node can run, with this Node; else a command.
 * @param rest the first positional argument and all that follows
 * @param nodeFlags for this Node; those that it has itself come after them
 */
export function resolveProgram(
  rest: readonly string[],
  cwd: string,
  nodeFlags: readonly string[] = [],
): Program {
  const [first = '', ...args] = rest;
  if (!isNodeScript(resolve(cwd, first))) return { command: first, args };
  return { command: process.execPath, args: [...nodeFlags, ...process.execArgv, first, ...args] };
}

/** Whether Node can run the file at an absolute path. */
export function isNodeScript(path: string): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
  // links in node_modules/.bin have no extension, what they point to has
  if (NODE_EXTENSIONS.has(extname(path)) || NODE_EXTENSIONS.has(extname(realpathSync(path)))) return true;
  return NODE_HASHBANG.test(readFirstLine(path));
}

function readFirstLine(path: string): string {
  const buffer = Buffer.alloc(HASHBANG_BYTES);
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return ''; // programs may be executable and unreadable
  }
  try {
    const bytes = readSync(file, buffer, 0, HASHBANG_BYTES, 0);
    return buffer.subarray(0, bytes).toString('latin1').split('\n', 1)[0]!;
  } finally {
    closeSync(file);
  }
}
