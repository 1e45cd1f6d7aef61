import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, sep } from 'node:path';
import spawn from 'cross-spawn';
import { findCacheFolder } from '../../shared/cache-folder.js';
import { TtprofError } from '../../shared/errors.js';
import { listFoldersUp } from '../../shared/folders-up.js';
import { say } from '../../shared/say.js';
import { npmEnvironment } from './dependencies.js';
import { linkModules } from './link-modules.js';
import { removeFolder, removeLinks } from './remove-folder.js';
import type { Sides } from './sides.js';

const MODULES = 'node_modules';
/** Not in the base's copy of the project: its dependencies become links, and its history is not needed. */
const NOT_COPIED = new Set([MODULES, '.git']);

/** A package of the registry: `npm:semver@7.3.8`, `npm:@scope/name@next`. */
export interface PublishedPackage {
  readonly name: string;
  /** A version, a range or a tag. */
  readonly wanted: string;
}

/**
 * @param base the value of `--base`
 * @returns null where it names no published package
 * @throws {TtprofError} where it does, but not which version
 */
export function parsePublished(base: string): PublishedPackage | null {
  if (!base.startsWith('npm:')) return null;
  const [, name, wanted] = /^npm:((?:@[^@/]+\/)?[^@/]+)@([^@/]+)$/.exec(base) ?? [];
  if (name === undefined || wanted === undefined)
    throw new TtprofError(`--base ${JSON.stringify(base)} names no version: write npm:NAME@VERSION`);
  return { name, wanted };
}

/**
 * The same program with another version of one of its dependencies: a copy of the project in which every dependency is
 * a link to the project's own, except for that one.
 * @param cwd absolute path of the folder in which the program runs
 * @throws {TtprofError} where the package is not installed, or the other version cannot be
 */
export function openPublished({ name, wanted }: PublishedPackage, cwd: string): Sides {
  const head = realpathSync(cwd);
  const root = listFoldersUp(head).find((folder) => existsSync(join(folder, MODULES, name)));
  if (root === undefined)
    throw new TtprofError(
      `--base npm:${name}@${wanted}: ${name} is not installed in ${head}, so there is nothing to compare`,
    );
  const installed = install(name, wanted, head);
  const source = `${name}@${readVersion(installed)}`;
  const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'ttprof-ab-')));
  const remove = () => {
    removeLinks(temporary);
    removeFolder(temporary);
  };
  try {
    const copy = join(temporary, basename(root) || 'project');
    copyProject(root, copy);
    const base = { root: copy, cwd: join(copy, relative(root, head)) };
    const sides = { head: { root, cwd: head }, base, source, isCheckout: false, remove };
    linkModules(join(root, MODULES), join(copy, MODULES), sides);
    const link = join(copy, MODULES, name);
    rmSync(link, { recursive: true, force: true });
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(installed, link, 'junction');
    return sides;
  } catch (error) {
    remove();
    throw error;
  }
}

/** Entry by entry: the folder for temporary files may lie within the project. */
function copyProject(from: string, to: string): void {
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    const path = join(from, name);
    if (NOT_COPIED.has(name) || to.startsWith(path + sep)) continue;
    cpSync(path, join(to, name), {
      recursive: true,
      filter: (each) => !NOT_COPIED.has(basename(each)),
      verbatimSymlinks: true,
    });
  }
}

/** @returns the folder of the package, with its own dependencies around it */
function install(name: string, wanted: string, cwd: string): string {
  const folder = join(findCacheFolder(cwd) ?? tmpdir(), 'npm', `${name}@${wanted}`.replaceAll('/', '+'));
  const place = join(folder, MODULES, name);
  // a tag or a range may mean another version tomorrow
  const isExact = /^\d+\.\d+\.\d+/.test(wanted);
  if (isExact && existsSync(join(place, 'package.json'))) return realpathSync(place);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const args = [
    'install',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-package-lock',
    `${name}@${wanted}`,
  ];
  say(`installing ${name}@${wanted} to compare with`);
  const { error, status, stderr } = spawn.sync('npm', args, {
    cwd: folder,
    env: npmEnvironment(),
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (!error && status === 0 && existsSync(place)) return realpathSync(place);
  rmSync(folder, { recursive: true, force: true });
  const said = /npm (?:error|ERR!) (?!code)(.+)/.exec(String(stderr ?? ''))?.[1];
  throw new TtprofError(
    `--base npm:${name}@${wanted}: npm install failed: ${error?.message ?? said ?? `exit code ${status}`}`,
  );
}

function readVersion(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
}
