import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeFolder } from '../temporary-folder.js';
import { runProgram, type Seen, stripsTypes } from './run-program.js';

const project = makeFolder({
  'lib.mjs': 'export function esm(x) { return x + 1 }\n',
  'lib.cjs': 'function cjs(x) { return x + 1 }\nmodule.exports = { cjs };\n',
  'middle.cjs':
    "function middle(x) { return require('./lib.cjs').cjs(x) }\nexports.middle = middle;\nexports.viaRequire = () => require('./required.mjs').required(1);\n",
  'required.mjs':
    "import { behind } from './behind.mjs';\nexport function required(x) { return behind(x) }\n",
  'behind.mjs': 'export function behind(x) { return x }\n',
  'dynamic.mjs': 'export function dynamic() { return 1 }\n',
  'waits.mjs': 'export function waits() { return 1 }\nawait null;\n',
  'typed.ts': 'export function typed(x: number): number { return x }\n',
  'typed.cts': 'function typed(x: number): number { return x }\nmodule.exports = { typed };\n',
  'data.json': '{ "answer": 42 }',
  'node_modules/dep/package.json': '{ "name": "dep", "main": "lib/main.js" }',
  'node_modules/dep/lib/main.js': "'use strict';\nfunction dep(x) { return x }\nexports.dep = dep;\n",
  'app.mjs': `import { createRequire } from 'node:module';
import { dep } from 'dep';
import { esm } from './lib.mjs';
import cjs from './lib.cjs';
import { waits } from './waits.mjs';
import data from './data.json' with { type: 'json' };
import { inUrl } from 'data:text/javascript,export const inUrl = () => 1';
function main() { return esm(1) + cjs.cjs(1) + data.answer + inUrl() + waits() }
const require = createRequire(import.meta.url);
main();
main();
require('./middle.cjs').middle(1);
require('./middle.cjs').viaRequire();
dep(1);
const { dynamic } = await import('./dynamic.mjs?version=1#part');
dynamic();
if (process.features.typescript) {
  (await import('./typed.ts')).typed(1);
  require('./typed.cts').typed(1);
}
console.log(Object.keys(require.cache).length, typeof require.extensions);
`,
  'app.cjs': `function main() { return require('./middle.cjs').middle(1) }
main();
main();
require('dep').dep(1);
require('./middle.cjs').viaRequire();
console.log(require.main === module, Object.keys(require.cache).length, require('./data.json').answer);
import('./lib.mjs').then(({ esm }) => esm(1));
if (process.features.typescript) {
  require('./typed.ts').typed(1);
  require('./typed.cts').typed(1);
}
`,
});

const typed = stripsTypes ? { 'typed.ts:typed': 1, 'typed.cts:typed': 1 } : {};
const both = {
  'middle.cjs:middle': 1,
  'required.mjs:required': 1,
  'node_modules/dep/lib/main.js:dep': 1,
  ...typed,
};
const fromEsm = {
  ...both,
  'app.mjs:main': 2,
  'lib.mjs:esm': 2,
  'lib.cjs:cjs': 3,
  'dynamic.mjs:dynamic': 1,
  'waits.mjs:waits': 2,
};
const fromCommonJs = {
  ...both,
  'app.cjs:main': 2,
  'middle.cjs:middle': 2,
  'lib.cjs:cjs': 2,
  'lib.mjs:esm': 1,
};

/** What a required ES module imports is shown to no hook on Node 20. */
function withoutBehind({ counts }: Seen): Record<string, number> {
  const { 'behind.mjs:behind': behind, ...others } = counts;
  assert.equal(behind, 1);
  return others;
}

for (const hooks of [undefined, 'async'] as const) {
  const name = hooks ? 'hooks thread' : "this version's hooks";
  const options = {
    targets: ['**/*:*', 'dep:*', '!**/*:viaRequire', '!**/*:<anonymous>*'],
    ...(hooks && { hooks }),
  };
  const flags = ['--no-deprecation', 'PRELOAD']; // the hooks thread is deprecated where we do not use it

  test(`every kind of module is measured exactly once, from an ESM entry (${name})`, () => {
    const seen = runProgram(project, ['app.mjs'], { ...options, flags });
    assert.deepEqual(withoutBehind(seen), fromEsm);
    assert.equal(seen.stdout, runProgram(project, ['app.mjs'], { targets: [] }).stdout);
    assert.doesNotMatch(seen.stderr, /ttprof|Deprecation/);
    assert.equal(seen.status, 0);
    assert.deepEqual(seen.warnings, []);
  });

  test(`every kind of module is measured exactly once, from a CommonJS entry (${name})`, () => {
    const seen = runProgram(project, ['app.cjs'], { ...options, flags });
    assert.deepEqual(withoutBehind(seen), fromCommonJs);
    assert.equal(seen.stdout, runProgram(project, ['app.cjs'], { targets: [] }).stdout);
    assert.equal(seen.status, 0);
    assert.deepEqual(seen.warnings, []);
  });
}

test('no deprecation is printed by the hooks that a version gets', () => {
  assert.equal(
    runProgram(project, ['app.cjs'], { targets: ['*'] }).stderr,
    runProgram(project, ['app.cjs'], { targets: [] }).stderr,
  );
});
