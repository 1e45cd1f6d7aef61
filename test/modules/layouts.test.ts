import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { makeFolder } from '../temporary-folder.js';
import { runProgram } from './run-program.js';

const app = `import { work } from 'dep';
import { shared } from '@work/shared';
work();
shared();
`;
const project = makeFolder({
  'app.mjs': app,
  'node_modules/.pnpm/dep@1.0.0/node_modules/dep/package.json':
    '{ "name": "dep", "type": "module", "exports": "./i.js" }',
  'node_modules/.pnpm/dep@1.0.0/node_modules/dep/i.js': 'export function work() {}\n',
  'packages/shared/package.json': '{ "name": "@work/shared", "main": "index.cjs" }',
  'packages/shared/index.cjs': 'function shared() {}\nexports.shared = shared;\n',
});
for (const [from, to] of [
  ['node_modules/dep', 'node_modules/.pnpm/dep@1.0.0/node_modules/dep'],
  ['node_modules/@work/shared', 'packages/shared'],
] as const) {
  mkdirSync(dirname(join(project, from)), { recursive: true });
  symlinkSync(join(project, to), join(project, from), 'junction');
}

test("packages are found behind pnpm's and a workspace's links", () => {
  const { counts } = runProgram(project, ['app.mjs'], { targets: ['dep:work', '@work/shared:shared'] });
  assert.deepEqual(counts, {
    'node_modules/.pnpm/dep@1.0.0/node_modules/dep/i.js:work': 1,
    'packages/shared/index.cjs:shared': 1,
  });
});

test('packages are found where links are not resolved', () => {
  const flags = ['--preserve-symlinks', 'PRELOAD'];
  const { counts } = runProgram(project, ['app.mjs'], {
    targets: ['dep:work', '@work/shared:shared'],
    flags,
  });
  assert.deepEqual(counts, {
    'node_modules/dep/i.js:work': 1,
    'node_modules/@work/shared/index.cjs:shared': 1,
  });
});

test('a relative target is meant from the working directory of the root process', () => {
  const targets = ['packages/shared/index.cjs:shared'];
  const seen = runProgram(project, ['../../app.mjs'], { targets, cwd: project });
  assert.deepEqual(seen.counts, {}); // no such file from there
  const below = join(project, 'packages/shared');
  assert.equal(runProgram(below, ['../../app.mjs'], { targets, cwd: project }).status, 1);
});

const entries = makeFolder({
  'main.mjs': `import { Worker } from 'node:worker_threads';
function work() {}
work();
new Worker(new URL('./worker.mjs', import.meta.url));
`,
  'worker.mjs': 'import "./lib.mjs";\nfunction work() {}\nwork();\nwork();\n',
  'lib.mjs': 'function work() {}\nwork();\n',
  'plain.cjs': 'function work() {}\nwork();\n',
});
symlinkSync(join(entries, 'plain.cjs'), join(entries, 'link.cjs'));

test('a left-out module is the script of the process, and of a worker its own file', () => {
  const { counts } = runProgram(entries, ['main.mjs'], { targets: ['work'] });
  assert.deepEqual(counts, { 'main.mjs:work': 1, 'worker.mjs:work': 2 });
});

test('a script that is named without its extension or by a link is the entry', () => {
  assert.deepEqual(runProgram(entries, ['link.cjs'], { targets: ['work'] }).counts, { 'plain.cjs:work': 1 });
  const bare = runProgram(entries, ['plain'], { targets: ['work'] });
  assert.notEqual(bare.status, 0); // `.cjs` is none of the extensions that Node adds
  assert.deepEqual(bare.counts, {});
});

test("CommonJS is measured where Plug'n'Play gives its source, which passes by `_compile`", () => {
  const zipped = makeFolder({
    // in the thread of the hooks, too, as Yarn's own
    'pnp.cjs': "process.versions.pnp = '3';\n",
    'pnp.mjs': `
      import { register } from 'node:module';
      register('./hooks.mjs', import.meta.url);
    `,
    'hooks.mjs': `
      import { readFileSync } from 'node:fs';
      export async function load(url, context, nextLoad) {
        if (!url.endsWith('lib.cjs')) return nextLoad(url, context);
        return { format: 'commonjs', source: readFileSync(new URL(url), 'utf8'), shortCircuit: true };
      }
    `,
    'lib.cjs': 'exports.work = function work() { return 1 };\n',
    'app.mjs': "import lib from './lib.cjs';\nconsole.log(lib.work() + lib.work());\n",
  });
  const flags = ['--no-deprecation', '--require', './pnp.cjs', '--import', './pnp.mjs', 'PRELOAD'];
  const seen = runProgram(zipped, ['app.mjs'], { targets: ['lib.cjs:work'], flags });
  assert.equal(seen.stdout, '2\n', seen.stderr);
  assert.deepEqual(seen.counts, { 'lib.cjs:work': 2 });
});
