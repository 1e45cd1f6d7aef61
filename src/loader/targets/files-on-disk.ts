import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ModuleFiles, NODE_MODULES, type Package } from './module-files.js';
import { normalizePath, SOURCE_EXTENSIONS } from './path-text.js';

/** The files that are there. Each folder's package.json is read once. */
export function createFilesOnDisk(): ModuleFiles {
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

  return {
    find: findFiles,
    packagesOf: (file) => packagesOfFolder(dirname(file)),
    ignoresCase: process.platform === 'win32' || (process.platform === 'darwin' && isFoundInCapitals()),
  };
}

/** Most file systems of macOS ignore case, some do not. */
function isFoundInCapitals(): boolean {
  return existsSync(fileURLToPath(import.meta.url).toUpperCase());
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

/** The existing files that a path means, also by their real paths; null where none exists. */
export function findFiles(path: string): ReadonlySet<string> | null {
  const readings = [
    [path],
    SOURCE_EXTENSIONS.map((extension) => path + extension),
    SOURCE_EXTENSIONS.map((extension) => `${path}/index${extension}`),
  ];
  for (const reading of readings) {
    const files = reading.filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
    if (files.length > 0)
      return new Set(files.flatMap((file) => [normalizePath(file), normalizePath(realPath(file))]));
  }
  return null;
}

function realPath(file: string): string {
  try {
    return realpathSync.native(file);
  } catch {
    return file;
  }
}
