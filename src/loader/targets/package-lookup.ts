import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const NODE_MODULES = '/node_modules/';

interface Package {
  readonly name: string;
  /** `/`-separated, without a slash at the end. */
  readonly root: string;
  readonly exports: unknown;
}

export interface PackageLookup {
  /** The packages whose folders hold a file, up to the nearest `node_modules`, innermost first. */
  packagesOf(file: string): readonly Package[];
}

/** Each folder's package.json is read once. */
export function createPackageLookup(): PackageLookup {
  const byFolder = new Map<string, readonly Package[]>();

  function packagesOfFolder(folder: string): readonly Package[] {
    const known = byFolder.get(folder);
    if (known !== undefined) return known;
    const parent = dirname(folder);
    const found: Package[] = [];
    if (!folder.endsWith('/node_modules')) {
      const own = readPackage(folder);
      if (own !== null) found.push(own);
      // an alias (`npm i alias@npm:name`) is known by its folder as well
      const folderName = folderNameOf(folder);
      if (folderName !== null && folderName !== own?.name)
        found.push({ name: folderName, root: folder, exports: own?.exports ?? null });
      if (parent !== folder) found.push(...packagesOfFolder(parent));
    }
    byFolder.set(folder, found);
    return found;
  }

  return { packagesOf: (file) => packagesOfFolder(dirname(file)) };
}

/** The name by which a folder directly in `node_modules` is imported; null for other folders. */
function folderNameOf(folder: string): string | null {
  const at = folder.lastIndexOf(NODE_MODULES);
  if (at === -1) return null;
  const name = folder.slice(at + NODE_MODULES.length);
  return name.split('/').length === (name.startsWith('@') ? 2 : 1) ? name : null;
}

function readPackage(folder: string): Package | null {
  const file = `${folder}/package.json`;
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return null;
  try {
    const { name, exports } = JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown; exports?: unknown };
    return typeof name === 'string' ? { name, root: folder, exports } : null;
  } catch {
    return null; // not ours to report
  }
}

/** The files (`./dist/a.js`) that `exports` gives for a subpath (`./a`), under any condition. */
export function exportedFiles(exports: unknown, subpath: string): string[] {
  if (typeof exports !== 'object' || exports === null) return [];
  const files: string[] = [];
  const collect = (value: unknown, star: string) => {
    if (typeof value === 'string') files.push(value.replaceAll('*', star));
    else if (Array.isArray(value)) for (const one of value) collect(one, star);
    else if (typeof value === 'object' && value !== null)
      for (const one of Object.values(value)) collect(one, star);
  };
  for (const [key, value] of Object.entries(exports)) {
    if (key === subpath) collect(value, '');
    const [before, after] = key.split('*');
    if (after === undefined || !subpath.startsWith(before!) || !subpath.endsWith(after)) continue;
    collect(value, subpath.slice(before!.length, subpath.length - after.length));
  }
  return files;
}

/** `@scope/name` or `name` of `name/sub/path`. */
export function packageNameOf(path: string): string {
  return path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/');
}
