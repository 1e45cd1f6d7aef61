import { isAbsolute, relative } from 'node:path';

const NODE_MODULES = '/node_modules/';

/**
 * A file's part of a canonical name: its path from the root process's working directory, `/`-separated, or
 * `package/sub/path.js` where it lies in `node_modules` (after the last one, as pnpm nests them).
 * @param file absolute path, or a URL that is no file (returned as it is)
 * @param cwd absolute path of the root process's working directory
 */
export function canonicalFile(file: string, cwd: string): string {
  const path = file.replaceAll('\\', '/');
  const inPackage = path.lastIndexOf(NODE_MODULES);
  if (inPackage !== -1) return path.slice(inPackage + NODE_MODULES.length);
  if (!isAbsolute(file)) return file;
  return relative(cwd, file).replaceAll('\\', '/');
}

/** The canonical name of a function: `src/lib.js:maths`. */
export function canonicalName(file: string, name: string, cwd: string): string {
  return `${canonicalFile(file, cwd)}:${name}`;
}
