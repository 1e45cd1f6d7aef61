import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { createLoadLog } from '../../../dist/loader/load-log.js';
import { explainTargets } from '../../../dist/loader/targets/explain-targets.js';
import { parseTarget } from '../../../dist/loader/targets/target.js';
import type { TargetFacts } from '../../../dist/runtime/contract.js';
import { makeFolder } from '../../temporary-folder.js';

const folder = makeFolder({
  'project/app.js': "import { maths } from './src/index.js';\nfunction main() { maths() }\nmain();\n",
  'project/src/index.js': "export { maths } from './lib.js';\nexport * from './shapes.js';\n",
  'project/src/lib.js':
    'export function maths() {}\nexport class Shape { area() {} }\nexport const bound = maths.bind(null);\n',
  'project/src/shapes.js': 'export const square = (x) => x * x;\n',
  'project/src/typed.ts': 'export function typed(x: number): number { return x }\n',
  // what a launcher such as npx loads
  'node_modules/npm/package.json': '{"name":"npm"}',
  'node_modules/npm/bin/npx-cli.js': "require('../lib/cli.js');\nfunction main() {}\n",
  'node_modules/npm/lib/cli.js': 'exports.work = function work() {};\nfunction maths() {}\n',
  'shared/package.json': '{"name":"@team/shared"}',
  'shared/lib.js': 'exports.work = function work() {};\n',
});
const cwd = join(folder, 'project');

function explain(target: string, facts: Partial<TargetFacts> = {}) {
  const absolute = (names: readonly string[] = []) => names.map((name) => join(cwd, name));
  const { searched, resembling, ...rest } = facts;
  const all = { matched: 0, ...rest, target, searched: absolute(searched), resembling: absolute(resembling) };
  const [outcome] = explainTargets([target], [all], cwd);
  assert.equal(outcome!.target, target);
  assert.equal(outcome!.matched, facts.matched ?? 0);
  return { reason: outcome!.reason, suggestions: outcome!.suggestions };
}

test('a target that matched needs no explanation', () => {
  assert.deepEqual(explain('main', { matched: 1 }), { reason: null, suggestions: [] });
});

test('facts of several processes are added up, and excludes are no mistakes', () => {
  const facts = [0, 2].map((matched) => ({ target: 'a', matched, searched: [], resembling: [] }));
  assert.deepEqual(explainTargets(['a', '!src/**:*'], facts, cwd), [
    { target: 'a', matched: 2, reason: null, suggestions: [] },
  ]);
});

test('for a misspelt function the nearest is suggested', () => {
  assert.deepEqual(explain('src/lib.js:mahts', { searched: ['src/lib.js'] }), {
    reason: 'no such function in src/lib.js',
    suggestions: ['src/lib.js:maths'],
  });
  assert.deepEqual(explain('src/lib:mahts', { searched: ['src/lib.js'] }).suggestions, ['src/lib:maths']);
  assert.deepEqual(explain('src/*.js:mahts', { searched: ['src/lib.js'] }).suggestions, ['src/lib.js:maths']);
  assert.deepEqual(explain('mian', { searched: ['app.js'] }).suggestions, ['main']);
});

test('what an exclude leaves out is not said to be missing', () => {
  const reasonOf = (target: string, ...excludes: string[]) =>
    explainTargets(
      [target, ...excludes],
      [{ target, matched: 0, searched: [join(cwd, 'src/lib.js')], resembling: [] }],
      cwd,
    )[0]!.reason;
  assert.equal(
    reasonOf('src/lib.js:maths', '!src/app.js:*', '!src/*:m*', '!src/lib.js:Shape.*'),
    'all that it names is left out by !src/*:m*',
  );
  assert.equal(reasonOf('src/lib.js:absent', '!src/*:m*'), 'no such function in src/lib.js');
});

test('a program without a script', () => {
  assert.match(
    explain('main').reason!,
    /^module never loaded: no script ran \(what --eval, .*into a file\)$/,
  );
});

test('for a package without a function part its functions are suggested', () => {
  assert.deepEqual(explain('npm', { searched: ['app.js'] }).suggestions, ['npm:*']);
  assert.deepEqual(explain('nmp', { searched: ['app.js'] }).suggestions, []);
});

test('for a package with the name of a file, its folder in node_modules is suggested', () => {
  const own = makeFolder({
    'yaml.js': 'main();\nfunction main() {}\n',
    'node_modules/yaml/package.json': '{"name":"yaml"}',
    'node_modules/yaml/index.js': 'exports.parse = function parse() {};\n',
  });
  const suggest = (target: string, searched: readonly string[]) =>
    explainTargets([target], [{ target, matched: 0, searched, resembling: [] }], own)[0]!.suggestions;
  assert.deepEqual(suggest('yaml:parse', [join(own, 'yaml.js')]), ['node_modules/yaml/**:parse']);
  assert.deepEqual(suggest('yaml:parse', []), ['node_modules/yaml/**:parse']);
  assert.deepEqual(suggest('yaml.js:parse', [join(own, 'yaml.js')]), []);
});

test('for a method without its class, or with another one, the right class is suggested', () => {
  const searched = ['src/lib.js'];
  assert.deepEqual(explain('src/lib.js:Circle.area', { searched }).suggestions, ['src/lib.js:Shape.area']);
  assert.deepEqual(explain('src/lib.js:aera', { searched }).suggestions, ['src/lib.js:Shape.area']);
});

test('for a function that is only exported again, the module that holds it is suggested', () => {
  assert.deepEqual(explain('src/index.js:maths', { searched: ['src/index.js'] }).suggestions, [
    'src/lib.js:maths',
  ]);
  assert.deepEqual(explain('src/index.js:square', { searched: ['src/index.js'] }).suggestions, [
    'src/shapes.js:square',
  ]);
  assert.deepEqual(explain('maths', { searched: ['app.js'] }).suggestions, ['src/lib.js:maths']);
});

test('for a misspelt path the right one is suggested, whether or not it was loaded', () => {
  assert.deepEqual(explain('src/libb.js:maths', { resembling: ['src/lib.js'] }), {
    reason: 'module never loaded: nothing of that name',
    suggestions: ['src/lib.js:maths'],
  });
  assert.deepEqual(explain('./src/shaeps.js:square').suggestions, ['src/shapes.js:square']);
});

test('for the name of a compiled file that of the source is suggested', () => {
  assert.deepEqual(explain('dist/typed.js:typed', { resembling: ['src/typed.ts'] }).suggestions, [
    'src/typed.ts:typed',
  ]);
  assert.deepEqual(explain('src/typed.js:typed').suggestions, ['src/typed.ts:typed']);
});

test('of a module that exists and was not imported the reason says so', () => {
  assert.match(
    explain('src/lib.js:maths').reason!,
    /^module never loaded: it exists, .*built with ttprof's plugin/,
  );
});

test('for a built-in function its target is suggested, and the reason says what it is', () => {
  const reason = 'only a built-in or native function';
  assert.deepEqual(explain('fs:readFileSync'), { reason, suggestions: ['node:fs:readFileSync'] });
  assert.deepEqual(explain('JSON.parse', { searched: ['app.js'] }), {
    reason,
    suggestions: ['globalThis:JSON.parse'],
  });
  assert.match(
    explain('src/lib.js:bound', { searched: ['src/lib.js'] }).reason!,
    /^only a built-in or native/,
  );
});

test('what a process said of built-ins is passed on', () => {
  const said = { reason: 'node:fs has no such function', suggestions: ['node:fs:readFile'] };
  assert.deepEqual(explain('node:fs:redFile', said), said);
});

test('for a line on which nothing starts the functions around it are suggested', () => {
  assert.deepEqual(explain('src/lib.js:3', { searched: ['src/lib.js'] }), {
    reason: 'no such function: none starts on line 3 of src/lib.js',
    suggestions: ['src/lib.js:Shape.area', 'src/lib.js:maths'],
  });
});

test('where no name is near, none is suggested', () => {
  assert.deepEqual(explain('src/lib.js:zzz', { searched: ['src/lib.js'] }).suggestions, []);
});

const LAUNCHER = '../node_modules/npm/bin/npx-cli.js';
const LAUNCHED = '../node_modules/npm/lib/cli.js';
const SHARED = '../shared/lib.js';

test('what lies outside the working directory is suggested only where the target names its package', () => {
  const resembling = [LAUNCHED, SHARED];
  for (const target of ['lib.cjs:work', 'src/lib.cjs:work', './lib.cjs:work'])
    assert.deepEqual(explain(target, { resembling }).suggestions, [], target);
  assert.deepEqual(explain('nmp/lib/cly.js:work', { resembling }).suggestions, ['npm/lib/cli.js:work']);
  assert.deepEqual(explain('@team/sharde:work', { resembling: [SHARED] }).suggestions, [
    '../shared/lib.js:work',
  ]);
  assert.deepEqual(explain('../shared/lbi.js:work', { resembling }).suggestions, ['../shared/lib.js:work']);
});

test("functions of a launcher's script are not suggested for those of the program's", () => {
  const searched = [LAUNCHER, 'app.js'];
  assert.deepEqual(explain('mian', { searched, resembling: [LAUNCHED] }), {
    reason: `no such function in app.js, npm/bin/npx-cli.js`,
    suggestions: ['main'],
  });
  assert.deepEqual(explain('maths', { searched }).suggestions, ['src/lib.js:maths']);
  assert.deepEqual(explain('work', { searched }).suggestions, []);
  assert.deepEqual(explain('mian', { searched: [LAUNCHER] }).suggestions, []);
  assert.deepEqual(explain('wrok', { searched: [SHARED] }).suggestions, ['work'], 'a script from elsewhere');
});

test('no function is suggested in a file that does not hold it', () => {
  const resembling = ['src/lib.js', 'src/shapes.js'];
  const suggest = (target: string) => explain(target, { resembling }).suggestions;
  assert.deepEqual(suggest('src/libb.js:zzz'), []);
  assert.deepEqual(suggest('src/libb.js:mahts'), ['src/lib.js:maths']);
  assert.deepEqual(suggest('src/libb.js:Shape.*'), ['src/lib.js:Shape.*']);
  assert.deepEqual(suggest('src/libb.js:2'), ['src/lib.js:2']);
  assert.deepEqual(suggest('src/libb.js:40'), []);
});

test("a launcher's many files do not crowd out the program's", () => {
  const loadLog = createLoadLog([parseTarget('lib.cjs:work', { cwd })], cwd);
  const load = (name: string) =>
    loadLog.add({
      file: join(cwd, name),
      searched: null,
      matched: {},
      functions: [],
      notes: [],
      warning: null,
      edited: null,
    });
  for (let i = 0; i < 30; i++) load(`../node_modules/npm/lib/file-${i}.js`);
  load('src/lib.js');
  assert.deepEqual(loadLog.facts()[0]!.resembling, [join(cwd, 'src/lib.js')]);
});
