import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Project } from './project.js';

const MODULES = fileURLToPath(new URL('../../node_modules/', import.meta.url));
/** What babel-node does, with a compiler of one line. */
const LAUNCHER = `
  const Module = require('node:module');
  const { readFileSync } = require('node:fs');
  require.extensions['.js'] = (module, file) =>
    module._compile(readFileSync(file, 'utf8').replace(/^import (\\w+) from/m, 'const $1 = require(').replace(/';$/m, "')"), file);
  process.argv.splice(1, 2, require('node:path').resolve(process.argv[2]));
  Module.runMain();
`;

let project: Project;
before(async () => {
  project = await Project.create({
    'lib.ts': 'export function f(n: number): number { return n + 1 }\n',
    'main.ts':
      "import { f } from './lib';\nlet sum: number = 0;\nfor (let i = 0; i < 50; i++) sum += f(i);\nconsole.log(sum);\n",
    'tsconfig.json': '{ "compilerOptions": { "module": "commonjs", "target": "es2022", "sourceMap": true } }',
    'js/lib.js': 'module.exports = function g(n) { return n + 1 };\n',
    'js/main.js':
      "import g from './lib';\nlet sum = 0;\nfor (let i = 0; i < 50; i++) sum += g(i);\nconsole.log(sum);\n",
    'launch.cjs': LAUNCHER,
    'module/package.json': '{ "type": "module" }',
    'module/main.js': "import { extname } from 'node:path';\nconsole.log(extname(import.meta.url));\n",
    'empty.mjs': '',
  });
});
after(() => project.remove());

const countsOf = (file: string): Record<string, number> =>
  Object.fromEntries(project.readReport(file).functions.map(({ name, calls }) => [name, calls]));

describe('programs that a launcher compiles as they are required run and are measured', () => {
  const tsNode = [join(MODULES, 'ts-node/dist/bin-transpile.js'), 'main.ts'];
  const env = { TS_NODE_COMPILER: join(MODULES, 'typescript-5.9') };

  test('ts-node', async () => {
    const run = ['-t', 'lib.ts:f', '--json', 'ts.json', '--', process.execPath, ...tsNode];
    const { code, stdout, stderr } = await project.ttprof(run, { env });
    assert.equal(code, 0, stderr);
    assert.equal(stdout, '1275\n');
    assert.deepEqual(countsOf('ts.json'), { 'lib.ts:f': 50 });
  });

  test('one that replaces the handler of .js', async () => {
    const run = [
      '-t',
      'js/lib.js:g',
      '--json',
      'js.json',
      '--',
      process.execPath,
      'launch.cjs',
      'js/main.js',
    ];
    const { code, stdout, stderr } = await project.ttprof(run);
    assert.equal(code, 0, stderr);
    assert.equal(stdout, '1275\n');
    assert.deepEqual(countsOf('js.json'), { 'js/lib.js:g': 50 });
  });

  test('with the preload alone, where nothing is measured', async () => {
    const { code, stdout, stderr } = await project.node(['--import', 'ttprof/register', ...tsNode], { env });
    assert.equal(code, 0, stderr);
    assert.equal(stdout, '1275\n');
  });
});

test('ES modules, and programs with loaders of their own, are left to Node', async () => {
  const launch = ['launch.cjs', 'module/main.js'];
  const module = await project.ttprof(['-t', 'lib.js:g', '--', process.execPath, ...launch]);
  assert.equal(module.code, 0, module.stderr);
  assert.equal(module.stdout, '.js\n');
  // with another --import Node takes its loader of ES modules for all, and so do we
  const other = ['--import', './empty.mjs', 'launch.cjs', 'js/main.js'];
  const plain = await project.node(other);
  const measured = await project.node(['--import', 'ttprof/register', ...other]);
  assert.notEqual(plain.code, 0);
  assert.equal(measured.code, plain.code);
  assert.match(measured.stderr, /ERR_MODULE_NOT_FOUND/);
  assert.match(plain.stderr, /ERR_MODULE_NOT_FOUND/);
});
