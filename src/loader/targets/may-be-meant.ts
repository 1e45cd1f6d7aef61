import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { listFoldersUp } from '../../shared/folders-up.js';
import { canonicalFile } from '../../shared/names/canonical-name.js';
import { isNearName } from '../../shared/names/near-names.js';
import { packageNameOf } from './module-files.js';
import { resembles } from './resemblance.js';
import type { ModulePart } from './target.js';

/**
 * Could a loaded file be what a module part that matched nothing was meant to name? Files that resemble it, as long as
 * they are the user's: not those of installed packages, of npm or of anything else outside the working directory,
 * unless the target seems to name their package, or is itself a path out there.
 * @param file absolute path
 * @param cwd absolute path of the root process's working directory
 */
export function mayBeMeant(module: ModulePart, file: string, cwd: string): boolean {
  if (!resembles(module, file)) return false;
  if (isInside(file, cwd) && !isInstalled(file)) return true;
  if (module.kind === 'path')
    return isInstalled(module.path) || (!isInstalled(file) && !isInside(module.path, cwd));
  return module.kind === 'module' && seemsPackageOf(module.name, file, cwd);
}

/** Is a file below a folder? */
export function isInside(file: string, folder: string): boolean {
  const path = relative(folder, file);
  return path !== '' && !isAbsolute(path) && !/^\.\.(?:[/\\]|$)/.test(path);
}

/** Does a file lie in `node_modules`, where packages are installed? */
export function isInstalled(file: string): boolean {
  return /[/\\]node_modules[/\\]/.test(file);
}

/** Is what may be a package's name in a module part near that of the package which the file belongs to? */
function seemsPackageOf(module: string, file: string, cwd: string): boolean {
  const named = packageNameOf(module);
  // `src/lib.js` is a path, whatever packages are called
  if (named !== module && existsSync(resolve(cwd, named))) return false;
  const name = isInstalled(file) ? packageNameOf(canonicalFile(file, cwd)) : readPackageName(file);
  return name !== null && isNearName(named, name);
}

/** The name in the nearest `package.json` that has one. */
function readPackageName(file: string): string | null {
  for (const folder of listFoldersUp(dirname(file))) {
    try {
      const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: unknown };
      if (typeof name === 'string') return name;
    } catch {
      // further up
    }
  }
  return null;
}
