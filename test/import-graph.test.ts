import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const SOURCES = fileURLToPath(new URL('../src/', import.meta.url));

interface Import {
  readonly from: string;
  /** A path within src/, or the name of a package or built-in module. */
  readonly to: string;
}

/** Every import of every module, types included: an arrow between folders is one in the reader's head as well. */
function readImports(): Import[] {
  const files = readdirSync(SOURCES, { recursive: true }).map(String);
  return files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const text = readFileSync(join(SOURCES, file), 'utf8');
      const named = [...text.matchAll(/(?:from|import\(|new URL\()\s*'([^']+)'/g)];
      return named.map(([, name]) => ({ from: toPath(file), to: resolveName(file, name!) }));
    });
}

function resolveName(file: string, name: string): string {
  if (!name.startsWith('.')) return name;
  return toPath(relative(SOURCES, join(SOURCES, dirname(file), name))).replace(/\.js$/, '.ts');
}

const toPath = (file: string) => file.split(sep).join('/');
const imports = readImports();
const findViolations = (folder: string, isAllowed: (to: string) => boolean) =>
  imports.filter(({ from, to }) => from.startsWith(folder) && !isAllowed(to));

test('the imports of the whole tree are read', () => {
  assert.ok(imports.length > 300, `${imports.length} imports`);
  assert.ok(imports.some(({ from, to }) => from === 'register.ts' && to === 'runtime/runtime.ts'));
});

for (const folder of ['loader/', 'report/']) {
  test(`${folder} knows of the runtime only its contract`, () => {
    const isAllowed = (to: string) => !to.startsWith('runtime/') || to === 'runtime/contract.ts';
    assert.deepEqual(findViolations(folder, isAllowed), []);
  });
}

test('the runtime imports nothing but itself and built-in modules', () => {
  const isAllowed = (to: string) => to.startsWith('runtime/') || to.startsWith('node:');
  assert.deepEqual(findViolations('runtime/', isAllowed), []);
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
  const PURE = [
    'targets/target',
    'find/find-functions',
    'rewrite/inject',
    'instrument',
    'targets/match-function',
    'rewrite/rewrite',
  ];
  for (const name of PURE) {
    const isPure = (to: string) => !/^node:(?:fs|child_process|worker_threads)/.test(to);
    assert.deepEqual(findViolations(`loader/${name}.ts`, isPure), []);
  }
});
