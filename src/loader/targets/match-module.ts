import nodePath, { type PlatformPath } from 'node:path';
import { requireIsolated } from '../isolation.js';
import type { TargetMatch } from './match-function.js';
import { exportedFiles, type ModuleFiles, NODE_MODULES, packageNameOf } from './module-files.js';
import { normalizePath, SOURCE_EXTENSIONS } from './path-text.js';
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

const GLOB_CHARACTERS = /[*?{}[\]()]/;

type FileTest = (file: string) => boolean;

interface MatcherOptions {
  readonly cwd: string;
  readonly entry: string | null;
  readonly files: ModuleFiles;
  /** Only for tests: by default this system's. */
  readonly paths?: Pick<PlatformPath, 'isAbsolute' | 'relative' | 'resolve'>;
}

/**
 * @param targets those of built-ins and globals are passed over
 * @param options.cwd absolute path of the root process's working directory
 * @param options.entry absolute path of this thread's script, with or without extension
 * @param options.files what is known of the files beside the names of those that are asked about
 */
export function createModuleMatcher(targets: readonly Target[], options: MatcherOptions): ModuleMatcher {
  const tests = targets
    .filter((target) => !isOfNode(target.module))
    .map((target) => ({ target, test: createTest(target.module, options) }));
  // the script of a process is named by what runs, not by what it was compiled from
  const mapped = tests.filter(({ target }) => target.module.kind !== 'entry');
  const namesNodeModules = mapped.some(({ target }) => !target.exclude && reachesNodeModules(target.module));

  function matchCompiled(file: string, originals: readonly string[]): readonly FileMatch[] {
    const path = normalizePath(file);
    const matches: FileMatch[] = [];
    let included = false;
    for (const { target, test } of tests) {
      if (test(path)) matches.push({ target, originals: null });
      else if (originals.length > 0 && target.module.kind !== 'entry') {
        const named = originals.filter((original) => test(normalizePath(original)));
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
      mapped.length > 0 && (namesNodeModules || !normalizePath(file).includes(NODE_MODULES)),
    names: (target, file) => tests.some((one) => one.target === target && one.test(normalizePath(file))),
  };
}

function reachesNodeModules(module: ModulePart): boolean {
  if (module.kind === 'path') return module.path.includes('node_modules');
  return module.kind === 'module';
}

function createTest(module: ModulePart, options: MatcherOptions): FileTest {
  const { cwd, entry, files, paths = nodePath } = options;
  switch (module.kind) {
    case 'entry':
      return entry === null ? () => false : testPath(entry, files);
    case 'path': {
      const isPath = testPath(module.path, files);
      if (!GLOB_CHARACTERS.test(module.path) || files.find(module.path) !== null) return isPath;
      const isInGlob = testGlob(normalizePath(paths.relative(cwd, module.path)), options);
      return (file) => isPath(file) || isInGlob(file);
    }
    case 'module': {
      const path = paths.resolve(cwd, module.name);
      const isPath = testPath(path, files);
      if (files.find(path) !== null) return isPath;
      const isNamed = GLOB_CHARACTERS.test(module.name)
        ? testGlob(module.name, options)
        : testPackage(module.name, files);
      return (file) => isPath(file) || isNamed(file);
    }
    default:
      return () => false;
  }
}

/** A path as typed, else with an extension, else as a folder with an index. */
function testPath(path: string, files: ModuleFiles): FileTest {
  const found = files.find(path);
  const fold = files.ignoresCase ? foldCase : asItIs;
  if (found !== null) {
    const folded = files.ignoresCase ? new Set([...found].map(fold)) : found;
    return (file) => folded.has(fold(file));
  }
  // it does not exist yet (or only in a source map, or nobody knows): every reading will do
  const stem = fold(normalizePath(path));
  return (file) => fold(file).startsWith(stem) && isStemOf(fold(file).slice(stem.length));
}

const foldCase = (path: string): string => path.toLowerCase();
const asItIs = (path: string): string => path;

function isStemOf(rest: string): boolean {
  const extension = rest.startsWith('/index.') ? rest.slice('/index'.length) : rest;
  return extension === '' || (SOURCE_EXTENSIONS as readonly string[]).includes(extension);
}

/**
 * A glob relative to the working directory. Files in `node_modules` are matched only where the pattern names that
 * folder, or names the package that the file belongs to. From another drive no way leads there: such a glob is absolute.
 */
function testGlob(pattern: string, { cwd, files, paths = nodePath }: MatcherOptions): FileTest {
  // loaded here, so that programs without a glob do not
  const picomatch = requireIsolated<typeof import('picomatch')>('picomatch');
  const options = { dot: true, nocase: files.ignoresCase }; // pnpm keeps packages in a folder that begins with a dot
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
      const path = normalizePath(paths.relative(cwd, file));
      if (paths.isAbsolute(path) === paths.isAbsolute(pattern) && isMatch(path)) return true;
    }
    return files
      .packagesOf(file)
      .some(({ name, root }) => isPackageName(name) && isMatch(`${name}${file.slice(root.length)}`));
  };
}

/** `name`, or `name/sub/path` with or without extension or as the package's `exports` call it. */
function testPackage(module: string, files: ModuleFiles): FileTest {
  const name = packageNameOf(module);
  const subpath = module.slice(name.length); // begins with `/` or is empty
  return (file) =>
    files.packagesOf(file).some((one) => {
      if (one.name !== name) return false;
      if (subpath === '') return true;
      const inPackage = file.slice(one.root.length);
      if (inPackage.startsWith(subpath) && isStemOf(inPackage.slice(subpath.length))) return true;
      return exportedFiles(one.exports, `.${subpath}`).includes(`.${inPackage}`);
    });
}
