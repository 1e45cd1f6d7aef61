import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { parsePublished } from '../../dist/commands/ab/published-base.js';
import { Project } from './project.js';

const CACHE = 'node_modules/.cache/ttprof/npm/@scope+dep@1.0.0';
const work = (rounds: number) =>
  `exports.work = function work(n) { for (let i = 0; i < ${rounds}; i++) n = (n * 31 + i) % 65521; return n };\n`;

let project: Project;
before(async () => {
  project = await Project.create({
    'package.json': '{ "private": true }\n',
    'app.cjs': `const { work } = require('@scope/dep'); console.log(require('@scope/dep/package.json').version); let n = 1; for (let i = 0; i < 200; i++) n = work(n);\n`,
    'node_modules/@scope/dep/package.json':
      '{ "name": "@scope/dep", "version": "2.0.0", "main": "index.js" }\n',
    'node_modules/@scope/dep/index.js': work(1000),
    'tmp/x': '',
    // as the registry would have given it: tests install nothing
    [`${CACHE}/package.json`]: '{ "private": true }\n',
    [`${CACHE}/node_modules/@scope/dep/package.json`]:
      '{ "name": "@scope/dep", "version": "1.0.0", "main": "index.js" }\n',
    [`${CACHE}/node_modules/@scope/dep/index.js`]: work(4000),
  });
});
after(() => project.remove());

test('an installed package is compared with a published version of it', async () => {
  const env = { TMPDIR: project.path('tmp'), TEMP: project.path('tmp') };
  const args = [
    'ab',
    '--base',
    'npm:@scope/dep@1.0.0',
    '-t',
    '@scope/dep:work',
    '--json',
    'ab.json',
    'app.cjs',
  ];
  const { code, stdout, stderr } = await project.ttprof(args, { env });
  assert.equal(code, 0, stderr);
  assert.equal(stdout, '2.0.0\n');
  const [row] = project.readReport('ab.json').functions;
  assert.equal(row!.name, '@scope/dep/index.js:work');
  assert.equal(row!.delta!.verdict, 'faster');
  assert.ok(row!.delta!.percent < -50);
  assert.deepEqual(readdirSync(project.path('tmp')), ['x']);
});

test('a package that is not installed, and a missing version, are wrong usage', async () => {
  const { code, stderr } = await project.ttprof(['ab', '--base', 'npm:other@1.0.0', '-t', 'f', 'app.cjs']);
  assert.equal(code, 2);
  assert.match(stderr, /^ttprof: --base npm:other@1\.0\.0: other is not installed in [^\n]*\n$/);
  assert.throws(() => parsePublished('npm:dep'), /names no version: write npm:NAME@VERSION/);
  assert.equal(parsePublished('main'), null);
  assert.deepEqual(parsePublished('npm:@a/b@next'), { name: '@a/b', wanted: 'next' });
});
