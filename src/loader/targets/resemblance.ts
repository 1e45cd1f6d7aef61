import { basename } from 'node:path';
import { isNearName } from '../../shared/names/near-names.js';
import type { ModulePart } from './target.js';

/** Could a file be what a module part that matched nothing was meant to name? */
export function resembles(module: ModulePart, file: string): boolean {
  // a target without a module part may mean a function of any of the program's own modules
  if (module.kind === 'entry') return !file.includes('node_modules');
  const wanted = module.kind === 'path' ? module.path : module.kind === 'module' ? module.name : null;
  if (wanted === null || /[*?{}]/.test(wanted)) return false;
  const path = file.replaceAll('\\', '/');
  const name = stem(wanted);
  if (isNearName(name, stem(path))) return true;
  // `src/lib/index.js` for `src/lib`, and a package for its misspelt name
  const folders = path.split('/').slice(-4, -1);
  return folders.some((folder) => isNearName(name, folder));
}

/** A file's name without folders and extensions. */
export function stem(path: string): string {
  return basename(path.replaceAll('\\', '/')).replace(/(?<=.)\.\w+$/, '');
}
