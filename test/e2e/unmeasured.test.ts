import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Project } from './project.js';

const FILES = {
  'lib.cjs': 'exports.work = () => 1;\n',
  'child.cjs':
    "require('./lib.cjs').work();\nif (process.argv[2]) setTimeout(() => {}, Number(process.argv[2]));\n",
  // as tinypool and turbo do: an environment of their own
  'alone.cjs': `
    const { fork, spawn } = require('node:child_process');
    const ended = (child) => new Promise((resolve) => child.on('exit', resolve));
    const { PATH } = process.env;
    (async () => {
      await ended(fork(__dirname + '/child.cjs', { env: { PATH } }));
      await ended(spawn(process.execPath, ['--no-warnings', 'child.cjs'], { env: { PATH } }));
      await ended(spawn(process.execPath, ['--version'], { env: { PATH }, stdio: 'ignore' }));
      await ended(fork(__dirname + '/child.cjs'));
    })();
  `,
  'together.cjs': `
    const { fork, spawnSync } = require('node:child_process');
    spawnSync('node', ['--version']);
    fork(__dirname + '/child.cjs');
  `,
  // as pools do with workers for which there is nothing left to do
  'killing.cjs': `
    const { fork } = require('node:child_process');
    require('./lib.cjs').work();
    fork(__dirname + '/child.cjs').kill('SIGKILL');
  `,
  'sync.cjs': `
    const { PATH } = process.env;
    require('node:child_process').execFileSync(process.execPath, ['child.cjs', '3500'], { env: { PATH } });
  `,
};

let project: Project;
before(async () => {
  project = await Project.create(FILES);
});
after(() => project.remove());

const LINE = /(?:a child process|2 child processes) ran without ttprof/;

test('children that run without ttprof are named, whoever reports', async () => {
  const byCommand = await project.ttprof(['-t', 'lib:work', 'alone.cjs']);
  const byItself = await project.node(['--import', 'ttprof/register', 'alone.cjs', '--ttprof=lib:work']);
  for (const { code, stderr } of [byCommand, byItself]) {
    assert.equal(code, 0, stderr);
    assert.match(stderr, /lib\.cjs:work\(\) +1 /);
    assert.match(
      stderr,
      /2 child processes ran without ttprof \(child\.cjs\): their calls are missing; pass NODE_OPTIONS and/,
    );
  }
});

test('a module that only such a child may have loaded is not said to be loaded by none', async () => {
  const { stderr } = await project.ttprof(['-t', 'child.cjs:*', '-t', 'lib:work', 'sync.cjs']);
  assert.match(stderr, /lib:work matched nothing: .* no process that was measured imported it/);
  assert.match(stderr, /a child process ran without ttprof \(child\.cjs\): its calls are missing/);
});

test('of children that are measured, or run no program, nothing is said', async () => {
  const { stderr } = await project.ttprof(['-t', 'lib:work', 'together.cjs']);
  assert.match(stderr, /work/);
  assert.doesNotMatch(stderr, LINE);
});

test('of a child that was killed as it started nothing is said', async () => {
  const { code, stderr } = await project.ttprof(['-t', 'lib:work', 'killing.cjs']);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /lib\.cjs:work\(\) +1 /);
  assert.doesNotMatch(stderr, LINE);
});

test('a command below which there was no Node is said to be that', async () => {
  const { code, stderr } = await project.ttprof(['-t', 'lib:work', '--', 'sleep', '0']);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /no process was measured: the command started no Node/);
});

test('what has children of its own run the program is not taken for one', async () => {
  project.write(
    'slow.test.cjs',
    "require('./lib.cjs').work();\nrequire('node:test').test('slow', () => new Promise((done) => setTimeout(done, 3500)));\n",
  );
  const { code, stderr } = await project.ttprof(['-t', 'lib:work', '--', process.execPath, '--test']);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /lib\.cjs:work\(\) +1 /);
  assert.doesNotMatch(stderr, LINE);
});
