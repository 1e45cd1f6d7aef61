import assert from 'node:assert/strict';
import fs, { symlinkSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join, win32 } from 'node:path';
import { describe, it, test } from 'node:test';
import { createFilesOnDisk } from '../../../dist/loader/targets/files-on-disk.js';
import { createModuleMatcher } from '../../../dist/loader/targets/match-module.js';
import { FILES_BY_NAME } from '../../../dist/loader/targets/module-files.js';
import { parseTarget, type Target } from '../../../dist/loader/targets/target.js';
import { makeFolder } from '../../temporary-folder.js';

const cwd = makeFolder({
  'package.json': '{ "name": "root" }',
  'app.js': '',
  'src/lib.js': '',
  'src/lib/index.js': '',
  'src/only/index.mjs': '',
  'src/typed.ts': '',
  'src/[id].js': '',
  'src/.hidden/a.js': '',
  'marked.js': '',
  'node_modules/dep/package.json':
    '{ "name": "dep", "exports": { ".": "./lib/main.js", "./sub": { "import": "./lib/a.mjs", "default": ["./lib/a.cjs"] }, "./f/*": "./lib/features/*.js" } }',
  'node_modules/dep/lib/main.js': '',
  'node_modules/dep/lib/package.json': '{ "type": "module" }',
  'node_modules/dep/node_modules/inner/package.json': '{ "name": "inner" }',
  'node_modules/dep/node_modules/inner/i.js': '',
  'node_modules/marked/package.json': '{ "name": "marked" }',
  'node_modules/marked/m.js': '',
  'node_modules/@scope/pkg/package.json': '{ "name": "@scope/pkg" }',
  'node_modules/@scope/pkg/index.js': '',
  'node_modules/alias/package.json': '{ "name": "real-name" }',
  'node_modules/alias/index.js': '',
  'node_modules/.pnpm/deep@1.0.0/node_modules/deep/package.json': '{ "name": "deep" }',
  'node_modules/.pnpm/deep@1.0.0/node_modules/deep/index.js': '',
  'packages/shared/package.json': '{ "name": "@work/shared" }',
  'packages/shared/src/index.js': '',
  'other/real.js': '',
});
const at = (file: string) => join(cwd, file);
symlinkSync(at('other/real.js'), at('src/link.js'));
symlinkSync(at('other'), at('linked-folder'), 'junction');

function matcherOf(targets: readonly string[], entry: string | null = null) {
  const parsed = targets.map((text) => parseTarget(text, { cwd }));
  return createModuleMatcher(parsed, { cwd, entry, files: createFilesOnDisk() });
}
function matches(target: string, file: string, entry: string | null = null): boolean {
  return matcherOf([target], entry).match(at(file)).length > 0;
}

const cases: [target: string, matching: string[], others: string[]][] = [
  // paths, with and without extension
  ['src/lib.js:f', ['src/lib.js'], ['src/lib/index.js', 'app.js']],
  ['src/lib:f', ['src/lib.js'], ['src/lib/index.js']],
  ['./src/only:f', ['src/only/index.mjs'], ['src/lib/index.js']],
  ['src/typed:f', ['src/typed.ts'], []],
  ['./src/later.js:f', ['src/later.js'], ['src/later.jsx']],
  [
    './src/later:f',
    ['src/later.js', 'src/later.ts', 'src/later/index.cjs'],
    ['src/later2.js', 'src/later.json'],
  ],
  ['src/[id].js:f', ['src/[id].js'], ['src/i.js']],
  // links: the loader sees real paths, unless it is told otherwise
  ['src/link.js:f', ['src/link.js', 'other/real.js'], []],
  ['./linked-folder/real:f', ['other/real.js'], []],
  // globs
  ['src/**:*', ['src/lib.js', 'src/lib/index.js', 'src/.hidden/a.js'], ['app.js']],
  ['./src/*.{js,ts}:*', ['src/lib.js', 'src/typed.ts'], ['src/only/index.mjs']],
  ['**/*:*', ['app.js', 'packages/shared/src/index.js'], ['node_modules/dep/lib/main.js', '../outside.js']],
  ['../*.js:*', ['../outside.js'], ['app.js']],
  ['node_modules/dep/**:*', ['node_modules/dep/lib/main.js'], ['node_modules/marked/m.js']],
  ['@scope/*:*', [], ['node_modules/@scope/pkg/index.js']],
  ['@scope/*/**:*', ['node_modules/@scope/pkg/index.js'], ['node_modules/dep/lib/main.js']],
  ['{dep,marked}/**:*', ['node_modules/dep/lib/main.js', 'node_modules/marked/m.js'], ['app.js']],
  ['*/*.js:*', ['src/lib.js'], ['node_modules/marked/m.js']],
  // packages
  ['dep:f', ['node_modules/dep/lib/main.js'], ['node_modules/dep/node_modules/inner/i.js', 'src/lib.js']],
  ['inner:f', ['node_modules/dep/node_modules/inner/i.js'], ['node_modules/dep/lib/main.js']],
  ['dep/lib/main:f', ['node_modules/dep/lib/main.js'], ['node_modules/dep/lib/a.mjs']],
  ['dep/lib/main.js:f', ['node_modules/dep/lib/main.js'], []],
  [
    'dep/sub:f',
    ['node_modules/dep/lib/a.mjs', 'node_modules/dep/lib/a.cjs'],
    ['node_modules/dep/lib/main.js'],
  ],
  ['dep/f/x:f', ['node_modules/dep/lib/features/x.js'], ['node_modules/dep/lib/features/y.js']],
  ['@scope/pkg:f', ['node_modules/@scope/pkg/index.js'], ['node_modules/dep/lib/main.js']],
  ['alias:f', ['node_modules/alias/index.js'], []],
  ['real-name:f', ['node_modules/alias/index.js'], []],
  ['deep:f', ['node_modules/.pnpm/deep@1.0.0/node_modules/deep/index.js'], []],
  ['@work/shared:f', ['packages/shared/src/index.js'], ['app.js']],
  ['@work/shared/src:f', ['packages/shared/src/index.js'], []],
  ['root:f', ['app.js', 'src/lib.js'], ['node_modules/dep/lib/main.js']],
  // an existing path comes before a package of that name; a built-in's name without node: is no built-in
  ['marked:f', ['marked.js'], ['node_modules/marked/m.js']],
  ['fs:f', ['fs.js'], []],
  ['node:fs:f', [], ['fs.js']],
  ['globalThis:f', [], ['globalThis.js']],
];
for (const [target, matching, others] of cases) {
  test(`${target} names the right files`, () => {
    for (const file of matching) assert.ok(matches(target, file), file);
    for (const file of others) assert.ok(!matches(target, file), file);
  });
}

test('a left-out module is the entry script, as it was typed or as it is', () => {
  assert.ok(matches('f', 'app.js', at('app.js')));
  assert.ok(matches('f', 'app.js', at('app')));
  assert.ok(matches('f', 'other/real.js', at('src/link.js')));
  assert.ok(!matches('f', 'src/lib.js', at('app.js')));
  assert.ok(!matches('f', 'app.js', null));
});

test('excludes concern a file only where something includes it', () => {
  const matcher = matcherOf(['src/**:*', '!src/lib.js:f', '!app.js:*']);
  assert.deepEqual(
    matcher.match(at('src/lib.js')).map(({ target }) => target.text),
    ['src/**:*', '!src/lib.js:f'],
  );
  assert.deepEqual(matcher.match(at('app.js')), []);
});

test('a compiled file is named by its originals, its own name included', () => {
  const matcher = matcherOf(['src/typed.ts:f', 'src/**:g', 'h'], at('dist/all.js'));
  const found = matcher.matchCompiled(at('dist/all.js'), [at('src/typed.ts'), at('src/lib.js'), at('x.ts')]);
  assert.deepEqual(
    found.map(({ target, originals }) => [target.text, originals]),
    [
      ['src/typed.ts:f', [at('src/typed.ts')]],
      ['src/**:g', [at('src/typed.ts'), at('src/lib.js')]],
      ['h', null],
    ],
  );
  assert.deepEqual(
    matcher.matchCompiled(at('dist/all.js'), []).map(({ target }) => target.text),
    ['h'],
  );
});

test('source maps are worth reading only where a path could name an original', () => {
  assert.equal(matcherOf(['f', ':42'], at('app.js')).mayNameOriginals(at('dist/a.js')), false);
  assert.equal(matcherOf(['src/a.ts:f']).mayNameOriginals(at('dist/a.js')), true);
  assert.equal(matcherOf(['./src/a.ts:f']).mayNameOriginals(at('node_modules/dep/lib/main.js')), false);
});

test('backslashes and drive letters in either case are the same file', () => {
  const target = parseTarget('C:\\code\\lib.js:f', { cwd });
  const matcher = createModuleMatcher([target], { cwd, entry: null, files: createFilesOnDisk() });
  assert.equal(matcher.match('c:\\code\\lib.js').length, 1);
  assert.equal(matcher.match('C:/code/lib.js').length, 1);
  assert.equal(matcher.match('D:/code/lib.js').length, 0);
});

test('files of known folders that cannot match are told apart without asking the file system', (t) => {
  const matcher = matcherOf(['dep:f', 'src/**/*.ts:f', './app:f', '!x/**:*']);
  const files = Array.from({ length: 200 }, (_, i) => at(`node_modules/p${i % 10}/lib/f${i}.js`));
  for (const file of files) matcher.match(file); // packages are looked up once a folder
  const asked = [
    t.mock.method(fs, 'statSync'),
    t.mock.method(fs, 'readFileSync'),
    t.mock.method(fs, 'realpathSync'),
  ];
  syncBuiltinESMExports();
  try {
    for (const file of files) assert.deepEqual(matcher.match(file), []);
    assert.deepEqual(
      asked.map(({ mock }) => mock.callCount()),
      [0, 0, 0],
    );
    matcher.match(at('node_modules/new/lib/f.js'));
    assert.ok(asked[0]!.mock.callCount() > 0);
  } finally {
    t.mock.restoreAll();
    syncBuiltinESMExports();
  }
});

describe('on Windows', () => {
  const onWindows = (text: string, file: string) => {
    const cwd = 'C:\\code';
    const target = { ...parseTarget('x:f', { cwd: '/' }), module: moduleOf(text) };
    const files = { ...FILES_BY_NAME, ignoresCase: true };
    return createModuleMatcher([target], { cwd, entry: null, files, paths: win32 }).match(file).length > 0;
  };
  const moduleOf = (text: string): Target['module'] =>
    /^[A-Z]:/.test(text) ? { kind: 'path', path: win32.resolve(text) } : { kind: 'module', name: text };

  it('a glob may name another drive', () => {
    assert.ok(onWindows('D:/lib/**/*.js', 'D:\\lib\\a\\b.js'));
    assert.ok(onWindows('D:/lib/**/*.js', 'd:\\lib\\b.js'));
    assert.ok(!onWindows('D:/lib/**/*.js', 'C:\\lib\\b.js'));
    assert.ok(!onWindows('**/*.js', 'D:\\lib\\b.js'));
    assert.ok(onWindows('C:/code/src/*.js', 'C:\\code\\src\\a.js'));
    assert.ok(onWindows('src/*.js', 'C:\\code\\src\\a.js'));
  });

  it('paths and globs may differ in case', () => {
    assert.ok(onWindows('SRC/*.js', 'C:\\code\\src\\a.js'));
    assert.ok(onWindows('Src/A', 'C:\\code\\src\\a.js'));
    assert.ok(onWindows('C:/Code/Src/a.JS', 'c:\\code\\src\\a.js'));
    assert.ok(!onWindows('SRC/*.js', 'C:\\code\\lib\\a.js'));
  });
});
