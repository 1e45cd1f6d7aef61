import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { cleanEnvironment } from '../clean-environment.js';
import { Project, type RunOptions } from './project.js';

/** A monorepo: a package that uses another one through a link in node_modules, and a dependency from outside. */
const FILES = {
  '.gitignore': '.temporary\nnode_modules\ntmp\norder\n*.json.out\n',
  'package.json': '{ "private": true, "workspaces": ["packages/*"] }\n',
  'package-lock.json': '{ "lockfileVersion": 3 }\n',
  'node_modules/outside/index.js': 'exports.outside = () => 1;\n',
  'packages/app/package.json': '{ "name": "app" }\n',
  'packages/app/main.cjs': `
    const { appendFileSync } = require('node:fs');
    const { work, version } = require('inside');
    const { outside } = require('outside');
    const local = require('./local.cjs');
    for (let i = 0; i < 20; i++) { work(); outside(); local.work(); }
    appendFileSync(process.env.ORDER, version + ' ');
    if (process.argv[2] === 'fail' && version === 'new') process.exit(7);
    if (process.argv[2] === 'wait') { setInterval(() => {}, 1000); setImmediate(() => setImmediate(() => console.log('ready'))) }
  `,
  'packages/app/local.cjs': spin(100_000),
  'packages/inside/package.json': '{ "name": "inside", "main": "index.js" }\n',
  'packages/inside/index.js': `exports.version = 'old';\n${spin(100_000)}`,
};

/** A function whose work is told by a number. */
function spin(rounds: number): string {
  return `exports.work = function work() { let sum = 0; for (let i = 0; i < ${rounds}; i++) sum += i; return sum };\n`;
}

const CWD = 'packages/app';
let project: Project;
let untouched: string;

before(async () => {
  project = await Project.create(FILES);
  mkdirSync(project.path('tmp'));
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'test');
  git('config', 'user.email', 'test@example.com');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'old');
  git('tag', 'old');
  // a workspace's link
  const link = "require('node:fs').symlinkSync('../packages/inside', 'node_modules/inside', 'junction')";
  await project.node(['-e', link]);
  // what is not committed: a change that is staged, one that is not, a new file, and a stash
  project.write('packages/app/local.cjs', spin(1));
  git('stash', '--quiet');
  project.write('packages/inside/index.js', `exports.version = 'new';\n${spin(300)}`);
  git('add', '--all');
  project.write('packages/app/local.cjs', `${spin(100_000)}\n`);
  project.write('packages/app/new.txt', 'new\n');
  untouched = describeRepository();
});
after(() => project.remove());

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: project.folder, encoding: 'utf8', env: cleanEnvironment() });
}

function describeRepository(): string {
  const stash = git('stash', 'list', '--patch');
  return [
    git('status', '--porcelain', '--branch'),
    git('diff'),
    git('diff', '--cached'),
    stash,
    git('worktree', 'list'),
  ].join('\n');
}

/** Neither the user's files, index and stash nor the folders for temporary files have changed. */
function checkNothingLeft(): void {
  assert.equal(describeRepository(), untouched);
  assert.deepEqual(readdirSync(project.path('tmp')), []);
  assert.equal(
    project.exists('.git/worktrees') && readdirSync(project.path('.git/worktrees')).length > 0,
    false,
  );
}

function ab(args: string[], options: RunOptions = {}) {
  const env = { TMPDIR: project.path('tmp'), TEMP: project.path('tmp'), ORDER: project.path('order') };
  project.write('order', '');
  const targets = ['inside/index.js:work', 'local.cjs:work', 'outside:outside'].flatMap((target) => [
    '-t',
    target,
  ]);
  const all = ['ab', '--turns', 'off', ...targets, '--runs', '4', '--margin', '20', '--quiet', ...args];
  return project.ttprof(all, { ...options, env: { ...env, ...options.env }, cwd: CWD });
}

test('a git revision is compared with what is in the folder now, one run after the other', async () => {
  const { code, stderr } = await ab(['--base', 'old', '--json', 'ab.json.out', 'main.cjs']);
  assert.equal(code, 0, stderr);
  assert.equal(project.read('order'), 'old new new old old new new old ');
  const { functions } = project.readReport(`${CWD}/ab.json.out`);
  const rows = Object.fromEntries(functions.map((row) => [row.name, row]));
  const changed = rows['../inside/index.js:work'];
  assert.deepEqual(Object.keys(rows).sort(), [
    '../inside/index.js:work',
    'local.cjs:work',
    'outside/index.js:outside',
  ]);
  assert.equal(changed.delta?.verdict, 'faster');
  assert.ok(changed.delta.percent < -80);
  for (const row of functions)
    assert.deepEqual(
      row.runs.map(({ calls }) => calls),
      [20, 20, 20, 20],
      row.name,
    );
  checkNothingLeft();
});

test('a folder is taken as the base as it is', async () => {
  git('worktree', 'add', '--quiet', '--detach', 'tmp/other', 'old');
  try {
    project.write(
      'tmp/other/packages/app/node_modules/inside/index.js',
      project.read('tmp/other/packages/inside/index.js'),
    );
    project.write(
      'tmp/other/packages/app/node_modules/outside/index.js',
      FILES['node_modules/outside/index.js'],
    );
    const { code, stderr } = await ab(['--base', '../../tmp/other/packages/app', '--runs', '1', 'main.cjs']);
    assert.equal(code, 0, stderr);
    assert.equal(project.read('order'), 'old new ');
  } finally {
    git('worktree', 'remove', '--force', 'tmp/other');
  }
  checkNothingLeft();
});

test('a revision that does not exist is wrong usage', async () => {
  const { code, stderr } = await ab(['--base', 'no-such-revision', 'main.cjs']);
  assert.equal(code, 2);
  assert.match(stderr, /^ttprof: --base "no-such-revision" is neither a git revision [^\n]* nor a folder\n$/);
  assert.equal(project.read('order'), '');
  checkNothingLeft();
});

test('a failing run says which it was, and its exit code is kept', async () => {
  const { code, stderr } = await ab(['--base', 'old', 'main.cjs', 'fail']);
  assert.equal(code, 7);
  assert.match(stderr, /^ttprof: pair 1 \(now\) failed with exit code 7\n$/);
  checkNothingLeft();
});

test('Ctrl-C midway leaves nothing behind', async () => {
  const finished = await ab(['--base', 'old', 'main.cjs', 'wait'], {
    onStart: (child) => child.stdout?.once('data', () => child.kill('SIGINT')),
  });
  assert.equal(finished.signal, 'SIGINT', finished.stderr);
  assert.equal(project.read('order'), 'old ');
  checkNothingLeft();
});

test('where the program removes its own folder, no record of it stays', async () => {
  const code =
    "if (process.cwd().includes('ttprof-ab-')) require('node:fs').rmSync(require('node:path').resolve('../..'), { recursive: true })";
  const { code: exitCode, stderr } = await ab(['--base', 'old', '--runs', '1', '--', 'node', '-e', code]);
  assert.equal(exitCode, 0, stderr);
  checkNothingLeft();
});

test('a lock file that differs is said, and --install runs the package manager', async () => {
  project.write('package-lock.json', '{ "lockfileVersion": 3, "changed": true }\n');
  const refused = await ab(['--base', 'old', 'main.cjs']);
  assert.equal(refused.code, 2);
  assert.match(
    refused.stderr,
    /^ttprof: package-lock\.json differs between old and now[^\n]*--install[^\n]*\n$/,
  );
  assert.equal(project.read('order'), '');

  // in the place of npm, for nothing is to be fetched
  project.write(
    'tmp/bin/npm',
    '#!/bin/sh\necho "npm $@ in $(basename "$PWD")"; cp -R "$OUTSIDE/node_modules" .\n',
  );
  execFileSync('chmod', ['+x', project.path('tmp/bin/npm')]);
  const env = { PATH: `${project.path('tmp/bin')}:${cleanEnvironment().PATH}`, OUTSIDE: project.folder };
  const installed = await ab(['--base', 'old', '--install', '--runs', '1', 'main.cjs'], { env });
  assert.equal(installed.code, 0, installed.stderr);
  assert.match(installed.stderr, /installing the base's dependencies: npm ci\nnpm ci in project-/);
  execFileSync('rm', ['-r', project.path('tmp/bin')]);
  git('checkout', '--quiet', 'package-lock.json');
  checkNothingLeft();
});

test('a lock file that git checks out with other line ends is the same', async () => {
  const env = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'core.autocrlf', GIT_CONFIG_VALUE_0: 'true' };
  const { code, stderr } = await ab(['--base', 'old', '--runs', '1', 'main.cjs'], { env });
  assert.equal(code, 0, stderr);
  assert.equal(project.read('order'), 'old new ');
});

test('where git refuses the folder, its reason is said', async () => {
  const env = { GIT_CEILING_DIRECTORIES: project.path('tmp') };
  mkdirSync(project.path('tmp/outside'));
  const args = ['ab', '-t', 'f', '--base', 'main', 'main.cjs'];
  const { code, stderr } = await project.ttprof(args, { env, cwd: 'tmp/outside' });
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^ttprof: --base "main" is neither [^\n]*; git says: [^\n]*not a git repository[^\n]*\n$/,
  );
  execFileSync('rm', ['-r', project.path('tmp/outside')]);
  checkNothingLeft();
});

test('where a revision is missing because the clone is shallow, that is said', async () => {
  git('clone', '--quiet', '--depth', '1', `file://${project.folder}`, 'tmp/shallow');
  const args = ['ab', '-t', 'f', '--base', 'main~1', 'main.cjs'];
  const { code, stderr } = await project.ttprof(args, { cwd: 'tmp/shallow' });
  assert.equal(code, 2);
  assert.match(stderr, /^ttprof: --base "main~1" is neither [^\n]*; this clone is shallow: [^\n]*\n$/);
  execFileSync('rm', ['-r', project.path('tmp/shallow')]);
  checkNothingLeft();
});

test('a gate that could not fail names the runs of ab, where there is no baseline', async () => {
  const { code, stderr } = await ab(['--base', 'old', '--runs', '3', '--fail-if-slower', '5', 'main.cjs']);
  assert.equal(code, 2);
  assert.match(stderr, /^ttprof: --fail-if-slower [^\n]* use 'ttprof ab --runs 10'\n$/);
});

test('--base is needed, and belongs to ab alone', async () => {
  assert.match((await ab(['main.cjs'])).stderr, /^ttprof: [^\n]*--base[^\n]*\n$/);
  const { code, stderr } = await project.ttprof(['-t', 'f', '--base', 'old', 'main.cjs'], { cwd: CWD });
  assert.equal(code, 2);
  assert.match(stderr, /--base is an option of 'ttprof ab'/);
});
