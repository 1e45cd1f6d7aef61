import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const SOURCES = fileURLToPath(new URL('../src/', import.meta.url));

/**
 * Which folders (or single files) the files of a folder may import, beside their own. All but the runtime may import
 * `shared`, and all the runtime's contract. `.` are the doors: the package's entries.
 */
const ARROWS: Record<string, readonly string[]> = {
  '.': [
    'api',
    'commands/*',
    'config',
    'loader',
    'loader/maps',
    'plugins',
    'preload',
    'preload/drill',
    'report',
    'runtime',
    'runtime/memory',
    'timeit',
  ],
  api: [
    'api/stand-ins',
    'config',
    'config/options',
    'loader',
    'loader/targets',
    'report',
    'runtime',
    'runtime/*',
    'timeit',
  ],
  'api/stand-ins': ['loader/isolation', 'loader/targets'],
  'commands/ab': [
    'commands/ab/one-process',
    'loader/targets',
    'commands/run',
    'config',
    'report',
    'report/compare',
    'report/statistics',
    'session',
  ],
  'commands/ab/one-process': ['commands/ab', 'commands/run', 'config', 'loader/state'],
  'commands/bisect': [
    'commands/ab',
    'commands/run',
    'config',
    'report',
    'report/compare',
    'report/formats/table',
    'session',
  ],
  'commands/init': ['report'],
  'commands/list': ['loader/find', 'report'],
  'commands/report': ['config', 'report', 'report/*'],
  'commands/run': ['commands/run/perf', 'config', 'session', 'report/formats/table'],
  'commands/run/perf': ['commands/run'],
  'commands/timeit': ['commands/run', 'config', 'loader/find', 'report', 'timeit'],
  config: ['config/options', 'loader/targets', 'report/formats'],
  'config/options': ['config', 'report/formats/table', 'timeit'],
  loader: ['loader/*'],
  'loader/coverage': [
    'loader/file-of-url',
    'loader/isolation',
    'loader/load-log',
    'loader/maps',
    'loader/rewrite',
  ],
  'loader/find': ['loader/isolation', 'loader/source-format'],
  'loader/hooks': ['loader', 'loader/maps', 'loader/targets'],
  'loader/maps': ['loader/file-of-url'],
  'loader/locate': ['loader', 'loader/maps', 'loader/rewrite'],
  'loader/rewrite': ['loader', 'loader/find', 'loader/maps', 'loader/targets'],
  'loader/state': ['loader/find', 'loader/rewrite'],
  'loader/targets': ['loader/find', 'loader/isolation', 'loader/maps'],
  plugins: [
    'config',
    'loader',
    'loader/maps',
    'loader/rewrite',
    'loader/targets',
    'report/compare',
    'report/statistics',
    'session',
    'timeit',
  ],
  preload: [
    'api/stand-ins',
    'config',
    'loader',
    'loader/hooks',
    'loader/targets',
    'runtime',
    'runtime/*',
    'session',
  ],
  'preload/drill': ['loader', 'loader/locate', 'preload', 'runtime/*'],
  report: ['config', 'report/*', 'report/formats/*'],
  'report/aggregate': ['config', 'report/inside', 'report/model', 'report/statistics'],
  'report/compare': [
    'config',
    'report/inside',
    'report/model',
    'report/statistics',
    'report/statistics/rank-tests',
  ],
  'report/statistics/rank-tests': ['report/statistics'],
  'report/formats': ['config', 'report/model', 'loader/isolation', 'report/formats/*'],
  'report/formats/html': [
    'report/model',
    'report/formats/html/*',
    'report/formats/markdown',
    'report/formats/table',
  ],
  'report/formats/html/pictures': [
    'report/formats/html/pictures/layout',
    'report/inside',
    'report/model',
    'report/formats/html',
    'report/formats/table',
    'report/statistics',
  ],
  'report/formats/html/pictures/layout': [
    'report/formats/html/pictures',
    'report/inside',
    'report/statistics',
  ],
  'report/formats/html/sections': [
    'report/inside',
    'report/model',
    'report/notes',
    'report/aggregate',
    'report/formats/html',
    'report/formats/html/pictures',
    'report/formats/table',
  ],
  'report/formats/json': ['report/model', 'report/notes'],
  'report/formats/markdown': ['report/model', 'report/notes', 'report/aggregate', 'report/formats/table'],
  'report/formats/table': [
    'report/inside',
    'report/model',
    'report/notes',
    'report/aggregate',
    'report/statistics',
  ],
  'report/formats/pprof': ['report/model'],
  'report/formats/trace': ['report/model'],
  'report/inside': ['report/model'],
  'report/merge': [
    'report/inside',
    'report/model',
    'report/aggregate',
    'report/formats/table',
    'report/statistics',
  ],
  runtime: ['runtime/*'],
  'runtime/clock': ['runtime/captured-math'],
  'runtime/memory': ['runtime/captured-math', 'runtime/clock'],
  'runtime/inside': [
    'runtime/captured-math',
    'runtime/clock',
    'runtime/memory',
    'runtime/modes/sampled',
    'runtime/read/locate-sites',
    'runtime/read/trees',
    'runtime/record',
  ],
  'runtime/process': ['runtime/captured-math', 'runtime/clock', 'runtime/memory'],
  'runtime/read': ['runtime/captured-math', 'runtime/memory', 'runtime/record'],
  'runtime/modes': [
    'runtime/captured-math',
    'runtime/clock',
    'runtime/memory',
    'runtime/process',
    'runtime/read',
    'runtime/record',
  ],
  'runtime/record': [
    'runtime/captured-math',
    'runtime/captured-then',
    'runtime/clock',
    'runtime/memory',
    'runtime/process',
  ],
  timeit: [
    'report/model',
    'report/compare',
    'report/formats/table',
    'report/statistics',
    'report/statistics/rank-tests',
  ],
  session: ['config', 'loader/hash', 'loader/targets', 'report', 'report/compare'],
};

interface Import {
  readonly from: string;
  /** A path within src/, or the name of a package or built-in module. */
  readonly to: string;
}

/**
 * What loads another module: imports of all kinds, types too (an arrow is one in the reader's head as well), and URLs
 * of files that are loaded later. A URL whose text is taken (`.href`, `fileURLToPath`) only names a file to others.
 */
const IMPORT =
  /(?:\bfrom|\bimport\(|\bimport|(?<!fileURLToPath\()\bnew URL\()\s*'([^']+)'(?!, import\.meta\.url\)\.href)/g;
const COMMENT = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;

function readImports(): Import[] {
  const files = readdirSync(SOURCES, { recursive: true }).map(String);
  return files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const text = readFileSync(join(SOURCES, file), 'utf8').replace(COMMENT, '');
      return [...text.matchAll(IMPORT)].map(([, name]) => ({
        from: toPath(file),
        to: resolveName(file, name!),
      }));
    });
}

function resolveName(file: string, name: string): string {
  if (!name.startsWith('.')) return name;
  return toPath(relative(SOURCES, join(SOURCES, dirname(file), name))).replace(/\.js$/, '.ts');
}

const toPath = (file: string) => file.split(sep).join('/');
const imports = readImports();
const inside = imports.filter(({ to }) => to.endsWith('.ts'));
const findViolations = (folder: string, isAllowed: (to: string) => boolean) =>
  imports.filter(({ from, to }) => from.startsWith(folder) && !isAllowed(to));

test('the imports of the whole tree are read', () => {
  assert.ok(imports.length > 300, `${imports.length} imports`);
  const has = (from: string, to: string) =>
    imports.some((each) => each.from === from && each.to.startsWith(to));
  assert.ok(has('register.ts', 'runtime/runtime.ts'));
  assert.ok(has('report/formats/index.ts', 'report/formats/html/'), 'what is loaded later');
  assert.ok(has('report/print.ts', 'report/model.ts'), 'types');
});

test('no module imports itself by way of others', () => {
  const graph = new Map<string, string[]>();
  for (const { from, to } of inside) graph.set(from, [...(graph.get(from) ?? []), to]);
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) assert.fail([...path.slice(path.indexOf(file)), file].join(' → '));
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
});

/** Does an entry of the table stand for a file? `a/*` are the folders directly in `a`. */
function allows(entry: string, file: string): boolean {
  const folder = dirname(file);
  if (entry.endsWith('/*')) return dirname(folder) === entry.slice(0, -2);
  return folder === entry || file === `${entry}.ts`;
}

test('the arrows between folders are those of the table', () => {
  const isOpen = (from: string, to: string) =>
    to === 'runtime/contract.ts' || (to.startsWith('shared/') && !from.startsWith('runtime/'));
  const crossing = inside.filter(({ from, to }) => dirname(from) !== dirname(to) && !isOpen(from, to));
  const violations = crossing.filter(
    ({ from, to }) => !ARROWS[dirname(from)]?.some((entry) => allows(entry, to)),
  );
  assert.deepEqual(violations, []);
  const unused = Object.entries(ARROWS).flatMap(([folder, entries]) =>
    entries
      .filter((entry) => !crossing.some(({ from, to }) => dirname(from) === folder && allows(entry, to)))
      .map((entry) => `${folder} → ${entry}`),
  );
  assert.deepEqual(unused, [], 'arrows that nothing needs any more');
});

test('loader and report know of the runtime only its contract, and the runtime nothing but itself', () => {
  const isContract = (to: string) => !to.startsWith('runtime/') || to === 'runtime/contract.ts';
  assert.deepEqual(findViolations('loader/', isContract), []);
  assert.deepEqual(findViolations('report/', isContract), []);
  const isOwn = (to: string) => to.startsWith('runtime/') || to.startsWith('node:');
  assert.deepEqual(findViolations('runtime/', isOwn), []);
});

test('built-in modules are imported by names that no package can have', () => {
  assert.deepEqual(
    findViolations('', (to) => !builtinModules.includes(to)),
    [],
  );
});

test('what makes the report is pure: files and streams only where it is read, printed, or part of the page', () => {
  const AT_THE_EDGE = /^report\/(?:print|files|file-lock|formats\/html\/assets)\.ts$/;
  const isPure = (to: string) => !/^node:(?:fs|child_process|net|http|worker_threads)/.test(to);
  const violations = findViolations('report/', isPure).filter(({ from }) => !AT_THE_EDGE.test(from));
  assert.deepEqual(violations, []);
});

test('finding and rewriting functions is pure', () => {
  const PURE = ['find/', 'rewrite/', 'targets/target.ts', 'targets/match-function.ts', 'instrument.ts'];
  for (const name of PURE) {
    const isPure = (to: string) => !/^node:(?:fs|child_process|worker_threads)/.test(to);
    assert.deepEqual(findViolations(`loader/${name}`, isPure), []);
  }
});

/** Generated files may be longer. */
const MAX_LINES = 300;
/** A reader sees so many names at once. */
const MAX_FILES = 15;

test('no file is longer than a reader keeps in mind, no folder fuller than a reader overlooks', () => {
  const files = readdirSync(SOURCES, { recursive: true }).map(String).map(toPath);
  const sources = files.filter((file) => file.endsWith('.ts'));
  const long = sources.filter(
    (file) => readFileSync(join(SOURCES, file), 'utf8').split('\n').length > MAX_LINES + 1,
  );
  assert.deepEqual(long, []);
  const folders = new Map<string, number>();
  for (const file of sources) folders.set(dirname(file), (folders.get(dirname(file)) ?? 0) + 1);
  assert.deepEqual(
    [...folders].filter(([, count]) => count > MAX_FILES),
    [],
  );
});
