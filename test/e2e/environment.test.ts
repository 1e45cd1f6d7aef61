import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Project } from './project.js';

const FILES = {
  'lib.cjs': 'exports.f = function f() { return 1 };\n',
  'app.cjs': "require('./lib.cjs').f();\n",
  'app.mjs': "import lib from './lib.cjs';\nlib.f();\n",
  'one.test.cjs':
    "require('node:test')('one', () => { for (let i = 0; i < 3; i++) require('./lib.cjs').f() });\n",
  'two.test.cjs':
    "require('node:test')('two', () => { for (let i = 0; i < 4; i++) require('./lib.cjs').f() });\n",
  'three.test.cjs':
    "require('node:test')('three', () => { for (let i = 0; i < 5; i++) require('./lib.cjs').f() });\n",
};

let project: Project;
before(async () => {
  project = await Project.create(FILES);
});
after(() => project.remove());

/** URLs of all scripts that a run compiled, by V8's own account. */
async function listScripts(target: string, entry: string): Promise<string[]> {
  const folder = `scripts-${entry}-${target.replaceAll(/\W/g, '')}`;
  const env = { NODE_V8_COVERAGE: project.path(folder) };
  const { code, stderr } = await project.node(['--import', 'ttprof/register', entry, `--ttprof=${target}`], {
    env,
  });
  assert.equal(code, 0, stderr);
  return readdirSync(project.path(folder)).flatMap((name) => {
    const { result } = JSON.parse(readFileSync(join(project.path(folder), name), 'utf8'));
    return result.map(({ url }: { url: string }) => url);
  });
}

for (const entry of ['app.cjs', 'app.mjs']) {
  test(`no parser is loaded where no module matched (${entry})`, async () => {
    const isParser = (url: string) => /node_modules\/(@babel|magic-string|source-map)\//.test(url);
    const unmatched = await listScripts('other.cjs:f', entry);
    assert.ok(unmatched.some((url) => url.includes('node_modules/ttprof/')));
    assert.ok(unmatched.some((url) => url.endsWith(entry)));
    assert.deepEqual(unmatched.filter(isParser), []);
    // the way of looking does see it, where it is loaded
    assert.notEqual((await listScripts('app.cjs:*', 'app.cjs')).filter(isParser).length, 0);
  });
}

test('the processes of node --test are roots that share their output file', async () => {
  const env = { NODE_OPTIONS: '--import ttprof/register', TTPROF: 'lib.cjs:f', TTPROF_JSON: 'tests.json' };
  const { code, stdout, stderr } = await project.node(
    ['--test', 'one.test.cjs', 'two.test.cjs', 'three.test.cjs'],
    { env },
  );
  assert.equal(code, 0, stdout + stderr);
  assert.deepEqual(project.readCalls('tests.json'), { 'lib.cjs:f': 12 });
  // another run overwrites
  await project.node(['--test', 'one.test.cjs'], { env });
  assert.deepEqual(project.readCalls('tests.json'), { 'lib.cjs:f': 3 });
});

test('npm scripts are measured by environment alone, and by the command', async () => {
  project.write(
    'package.json',
    '{ "private": true, "scripts": { "test": "node app.cjs && node app.mjs" } }\n',
  );
  const env = { NODE_OPTIONS: '--import ttprof/register', TTPROF: 'lib.cjs:f', TTPROF_JSON: 'npm.json' };
  const alone = await project.run('npm', ['test', '--silent'], { env });
  assert.equal(alone.code, 0, alone.stderr);
  assert.deepEqual(project.readCalls('npm.json'), { 'lib.cjs:f': 2 });
  const command = await project.ttprof([
    '-t',
    'lib.cjs:f',
    '--json',
    'command.json',
    '--',
    'npm',
    'test',
    '--silent',
  ]);
  assert.equal(command.code, 0, command.stderr);
  assert.deepEqual(project.readCalls('command.json'), { 'lib.cjs:f': 2 });
});

test('a process whose session has ended is not measured, unless its own arguments say so', async () => {
  const env = {
    TTPROF_SESSION: project.path('gone'),
    TTPROF: 'lib.cjs:f',
    NODE_OPTIONS: '--import ttprof/register',
  };
  const inherited = await project.node(['app.cjs'], { env });
  assert.deepEqual(inherited, { code: 0, signal: null, stdout: '', stderr: '' });
  const asked = await project.node(['app.cjs', '--ttprof=lib.cjs:f'], { env });
  assert.match(asked.stderr, /lib\.cjs:f\(\) +1 /);
});

test('-e and --eval are measured too, by what they load', async () => {
  const code = "require('./lib.cjs').f(); console.log(process.argv.length, process.argv[1])";
  const { stdout, stderr } = await project.node([
    '--import',
    'ttprof/register',
    '-e',
    code,
    '--',
    '--ttprof=lib.cjs:f',
    'x',
  ]);
  assert.equal(stdout, '2 x\n');
  assert.match(stderr, /lib\.cjs:f\(\) +1 /);
});

test('a process that may not write down or read what it needs says so, and runs', async () => {
  const isOld = process.versions.node.startsWith('20.');
  const permission = isOld ? '--experimental-permission' : '--permission';
  const run = (readable: string) =>
    project.ttprof(['-t', 'lib.cjs:f', '--', 'node', permission, `--allow-fs-read=${readable}`, 'app.cjs'], {
      env: { TMPDIR: tmpdir() }, // outside of the project
    });
  const unwritten = await run('*');
  assert.equal(unwritten.code, 0);
  assert.match(unwritten.stderr, /^ttprof: calls in process \d+ will be missing, as they cannot be written/m);
  const unread = await run(join(project.folder, '..', '*'));
  assert.equal(unread.code, 0);
  assert.match(unread.stderr, /^ttprof: process \d+ is not measured: cannot read the session/m);
});
