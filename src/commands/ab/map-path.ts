import { delimiter, isAbsolute, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { splitTarget } from '../../loader/targets/target.js';
import type { Sides } from './sides.js';

/** The base's counterpart of an absolute path below the head's root; other paths stay. */
export function mapPath(path: string, { head, base }: Sides): string {
  const inside = relative(head.root, path);
  if (inside === '') return base.root;
  if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return path;
  return join(base.root, inside);
}

/** A target with an absolute path or a file URL, as the base's; others stay. */
export function mapTarget(target: string, sides: Sides): string {
  const { before, module, after } = splitTarget(target);
  if (isAbsolute(module)) return `${before}${mapPath(module, sides)}${after}`;
  if (!module.startsWith('file:')) return target;
  let path: string;
  try {
    path = fileURLToPath(module);
  } catch {
    return target; // no path on this machine: whoever parses it says so
  }
  const mapped = mapPath(path, sides);
  return mapped === path ? target : `${before}${pathToFileURL(mapped).href}${after}`;
}

/** The environment for the base: what npm and shells say of the folder, and the programs of its dependencies. */
export function mapEnvironment(env: NodeJS.ProcessEnv, sides: Sides): NodeJS.ProcessEnv {
  const mapped = { ...env };
  for (const name of ['PWD', 'INIT_CWD', 'npm_config_local_prefix', 'npm_package_json']) {
    const value = mapped[name];
    if (value !== undefined) mapped[name] = mapPath(value, sides);
  }
  for (const name of Object.keys(mapped)) {
    // Windows writes Path
    if (name.toUpperCase() !== 'PATH') continue;
    mapped[name] = mapped[name]
      ?.split(delimiter)
      .map((folder) => mapPath(folder, sides))
      .join(delimiter);
  }
  return mapped;
}
