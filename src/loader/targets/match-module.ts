import { realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { requireIsolated } from '../isolation.js';
import type { TargetMatch } from './match-function.js';
import { createPackageLookup, exportedFiles, type PackageLookup, packageNameOf } from './package-lookup.js';
import { isOfNode, type ModulePart, type Target } from './target.js';

/** A target that concerns a file, whole. */
export interface FileMatch extends TargetMatch {
  readonly target: Target;
}

export interface ModuleMatcher {
  /**
   * The targets that name a file, excludes among them; empty where none includes it.
   * Costs microseconds where nothing matches: it is asked for every module that is loaded.
   * @param file absolute path
   */
  match(file: string): readonly FileMatch[];
  /** The same, where the file's source map names `originals` (absolute paths). */
  matchCompiled(file: string, originals: readonly string[]): readonly FileMatch[];
  /** Could a target name an original of this compiled file? Then its source map is worth reading. */
  mayNameOriginals(file: string): boolean;
  /** Does the module part of this target (without its excludes) name the file? */
  names(target: Target, file: string): boolean;
}

/** What a module path may be written without. */
export const SOURCE_EXTENSIONS = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts', '.jsx', '.tsx'] as const;

const NODE_MODULES = '/node_modules/';
const GLOB_CHARACTERS = /[*?{}[\]()]/;

type FileTest = (file: string) => boolean;

/**
 * @param targets those of built-ins and globals are passed over
 * @param options.cwd absolute path of the root process's working directory
 * @param options.entry absolute path of this thread's script, with or without extension
 */
export function createModuleMatcher(
  targets: readonly Target[],
  options: { readonly cwd: string; readonly entry: string | null },
): ModuleMatcher {
  const packages = createPackageLookup();
  const tests = targets
    .filter((target) => !isOfNode(target.module))
    .map((target) => ({ target, test: createTest(target.module, options, packages) }));
  // the script of a process is named by what runs, not by what it was compiled from
  const mapped = tests.filter(({ target }) => target.module.kind !== 'entry');
  const namesNodeModules = mapped.some(({ target }) => !target.exclude && reachesNodeModules(target.module));

  function matchCompiled(file: string, originals: readonly string[]): readonly FileMatch[] {
    const path = normalize(file);
    const matches: FileMatch[] = [];
    let included = false;
    for (const { target, test } of tests) {
      if (test(path)) matches.push({ target, originals: null });
      else if (originals.length > 0 && target.module.kind !== 'entry') {
        const named = originals.filter((original) => test(normalize(original)));
        if (named.length === 0) continue;
        matches.push({ target, originals: named });
      } else continue;
      if (!target.exclude) included = true;
    }
    return included ? matches : [];
  }

  return {
    match: (file) => matchCompiled(file, []),
    matchCompiled,
    mayNameOriginals: (file) =>
      mapped.length > 0 && (namesNodeModules || !normalize(file).includes(NODE_MODULES)),
    names: (target, file) => tests.some((one) => one.target === target && one.test(normalize(file))),
  };
}

function reachesNodeModules(module: ModulePart): boolean {
  if (module.kind === 'path') return module.path.includes('node_modules');
  return module.kind === 'module';
}

/** `/`-separated, the drive letter in lower case: URLs, `argv` and `realpath` disagree about it. */
function normalize(path: string): string {
  const slashed = path.includes('\\') && !path.startsWith('/') ? path.replaceAll('\\', '/') : path;
  return /^[A-Z]:/.test(slashed) ? slashed[0]!.toLowerCase() + slashed.slice(1) : slashed;
}

function createTest(
  module: ModulePart,
  { cwd, entry }: { cwd: string; entry: string | null },
  packages: PackageLookup,
): FileTest {
  switch (module.kind) {
    case 'entry':
      return entry === null ? () => false : testPath(entry);
    case 'path':
      return findFiles(module.path) === null && GLOB_CHARACTERS.test(module.path)
        ? testGlob(normalize(relative(cwd, module.path)), cwd, packages)
        : testPath(module.path);
    case 'module': {
      const path = resolve(cwd, module.name);
      if (findFiles(path) !== null) return testPath(path);
      if (GLOB_CHARACTERS.test(module.name)) return testGlob(module.name, cwd, packages);
      const isPath = testPath(path);
      const isInPackage = testPackage(module.name, packages);
      return (file) => isPath(file) || isInPackage(file);
    }
    default:
      return () => false;
  }
}

/** A path as typed, else with an extension, else as a folder with an index. */
function testPath(path: string): FileTest {
  const files = findFiles(path);
  if (files !== null) return (file) => files.has(file);
  // it does not exist yet (or only in a source map): every reading will do
  const stem = normalize(path);
  return (file) => file.startsWith(stem) && isStemOf(file.slice(stem.length));
}

function isStemOf(rest: string): boolean {
  const extension = rest.startsWith('/index.') ? rest.slice('/index'.length) : rest;
  return extension === '' || (SOURCE_EXTENSIONS as readonly string[]).includes(extension);
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
      return new Set(files.flatMap((file) => [normalize(file), normalize(realPath(file))]));
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

/**
 * A glob relative to the working directory. Files in `node_modules` are matched only where the pattern names that
 * folder, or names the package that the file belongs to.
 */
function testGlob(pattern: string, cwd: string, packages: PackageLookup): FileTest {
  // loaded here, so that programs without a glob do not
  const picomatch = requireIsolated<typeof import('picomatch')>('picomatch');
  const options = { dot: true }; // pnpm keeps packages in a folder that begins with a dot
  const isMatch = picomatch(pattern, options);
  const namesNodeModules = pattern.includes('node_modules');
  const nameSegments = pattern.startsWith('@') && !pattern.startsWith('@(') ? 2 : 1;
  const namePattern = pattern.split('/').slice(0, nameSegments).join('/');
  const isPackageName =
    /[A-Za-z0-9]/.test(namePattern) && !pattern.startsWith('.')
      ? picomatch(namePattern, options)
      : () => false;
  return (file) => {
    const inNodeModules = file.includes(NODE_MODULES);
    if (!inNodeModules || namesNodeModules) {
      const path = relative(cwd, file);
      if (!isAbsolute(path) && isMatch(normalize(path))) return true;
    }
    return packages
      .packagesOf(file)
      .some(({ name, root }) => isPackageName(name) && isMatch(`${name}${file.slice(root.length)}`));
  };
}

/** `name`, or `name/sub/path` with or without extension or as the package's `exports` call it. */
function testPackage(module: string, packages: PackageLookup): FileTest {
  const name = packageNameOf(module);
  const subpath = module.slice(name.length); // begins with `/` or is empty
  return (file) =>
    packages.packagesOf(file).some((one) => {
      if (one.name !== name) return false;
      if (subpath === '') return true;
      const inPackage = file.slice(one.root.length);
      if (inPackage.startsWith(subpath) && isStemOf(inPackage.slice(subpath.length))) return true;
      return exportedFiles(one.exports, `.${subpath}`).includes(`.${inPackage}`);
    });
}
