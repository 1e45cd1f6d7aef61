import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import spawn from 'cross-spawn';
import { TtprofError } from '../../shared/errors.js';
import { say } from '../../shared/say.js';
import { git } from './git.js';
import { linkModules } from './link-modules.js';
import type { Sides } from './sides.js';

const MODULES = 'node_modules';

interface PackageManager {
  readonly lock: string;
  /** Installs exactly what the lock file says. */
  readonly command: readonly [string, ...string[]];
}

const PACKAGE_MANAGERS: readonly PackageManager[] = [
  { lock: 'package-lock.json', command: ['npm', 'ci'] },
  { lock: 'npm-shrinkwrap.json', command: ['npm', 'ci'] },
  { lock: 'pnpm-lock.yaml', command: ['pnpm', 'install', '--frozen-lockfile'] },
  { lock: 'yarn.lock', command: ['yarn', 'install', '--frozen-lockfile'] },
  { lock: 'bun.lock', command: ['bun', 'install', '--frozen-lockfile'] },
  { lock: 'bun.lockb', command: ['bun', 'install', '--frozen-lockfile'] },
];

/** What of a package.json decides about node_modules where there is no lock file. */
const DEPENDENCY_FIELDS = [
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
  'overrides',
  'workspaces',
];

/**
 * Gives a base that was checked out its dependencies: links to those of the head where both want the same, else what
 * `--install` installs.
 * @throws {TtprofError} where they differ and `--install` is missing, or installing fails
 */
export function provideDependencies(sides: Sides, install: boolean): void {
  /** Folders with a lock file, for the packages below them that have none: the members of a workspace. */
  const locked = new Map<string, 'same' | 'installed'>();
  for (const folder of listPackageFolders(sides)) {
    const [head, base] = [join(sides.head.root, folder), join(sides.base.root, folder)];
    const hasLock = findLock(base) !== null;
    const workspace = hasLock ? undefined : findAbove(folder, locked);
    const difference = workspace === undefined ? findDifference(head, base) : null;
    if (hasLock && difference === null) locked.set(folder, 'same');
    // checked in, or there is nothing that could be missing
    if (existsSync(join(base, MODULES)) || !existsSync(join(head, MODULES))) continue;
    if (difference !== null) {
      if (!install) throw new TtprofError(explain(join(folder, difference), sides.source));
      installModules(base);
      if (hasLock) locked.set(folder, 'installed');
    } else if (workspace !== 'installed') {
      linkModules(join(head, MODULES), join(base, MODULES), sides);
    }
  }
}

function explain(file: string, source: string): string {
  return `${file} differs between ${source} and now, so that the dependencies cannot be shared: add --install to install those of ${source}`;
}

function findAbove<T>(folder: string, known: ReadonlyMap<string, T>): T | undefined {
  for (let above = folder; above !== '.'; ) {
    above = dirname(above);
    const found = known.get(above);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Folders with a package.json, relative to the base's root, outer ones first. */
function listPackageFolders({ base }: Sides): string[] {
  const files = git(base.root, 'ls-files', '-z', '--', 'package.json', '*/package.json').split('\0');
  return files
    .filter((file) => file !== '' && !file.split('/').includes(MODULES))
    .map((file) => dirname(file))
    .sort((a, b) => a.split('/').length - b.split('/').length || (a < b ? -1 : 1));
}

/** The file that says that two copies of a package want different dependencies; null where none does. */
function findDifference(head: string, base: string): string | null {
  const lock = findLock(base)?.lock;
  if (lock !== undefined) return readText(join(base, lock)) === readText(join(head, lock)) ? null : lock;
  return readWanted(head) === readWanted(base) ? null : 'package.json';
}

function findLock(folder: string): PackageManager | null {
  return PACKAGE_MANAGERS.find(({ lock }) => existsSync(join(folder, lock))) ?? null;
}

/** Git may have written another kind of line end than is in the user's file (`core.autocrlf`). */
function readText(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8').replaceAll('\r\n', '\n') : null;
}

function readWanted(folder: string): string {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return JSON.stringify(DEPENDENCY_FIELDS.map((field) => manifest[field] ?? null));
  } catch {
    return ''; // the package manager and Node will say what is wrong with it
  }
}

function installModules(folder: string): void {
  const [name, ...args] = findLock(folder)?.command ?? ['npm', 'install'];
  const line = [name, ...args].join(' ');
  say(`installing the base's dependencies: ${line}`);
  const env = npmEnvironment();
  const { error, status, signal } = spawn.sync(name, args, { cwd: folder, env, stdio: ['ignore', 2, 2] });
  if (error) throw new TtprofError(`--install: cannot run ${line}: ${error.message}`);
  if (status !== 0)
    throw new TtprofError(`--install: ${line} failed with ${signal ?? `exit code ${status}`}`);
}

/** For npm in another folder: what `npm run` tells its scripts would make it install into the project of the script. */
export function npmEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^npm_(?:config_local_prefix|package_)/.test(key)),
  );
}
