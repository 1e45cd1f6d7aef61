import assert from 'node:assert/strict';
import { copyFileSync, linkSync, mkdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { Project } from './project.js';

const FILES = {
  'lib.cjs': 'exports.work = () => 1;\n',
  'child.cjs':
    "require('./lib.cjs').work();\nif (process.argv[2]) setTimeout(() => {}, Number(process.argv[2]));\n",
  // what it was given, and what its own child is given
  'environment.cjs': `
    require('./lib.cjs').work();
    const { env } = process;
    const seen = Object.keys(env).filter((name) => /TTPROF|NODE_OPTIONS|OWN/.test(name));
    console.log(seen.sort().map((name) => name + '=' + env[name]).join(' ') || 'nothing');
    const { spawnSync } = require('node:child_process');
    if (process.argv[2]) spawnSync(process.execPath, ['child.cjs'], { env, stdio: 'inherit' });
  `,
  // as tinypool does, as execa's \`extendEnv: false\`, and as those who clear NODE_OPTIONS
  'alone.cjs': `
    const { execFileSync, fork, spawn, spawnSync } = require('node:child_process');
    const ended = (child) => new Promise((resolve) => child.on('exit', resolve));
    const { PATH } = process.env;
    const stdio = 'inherit';
    (async () => {
      await ended(fork(__dirname + '/environment.cjs', { env: { OWN: '1' } }));
      await ended(spawn(process.execPath, ['environment.cjs', 'further'], { env: {}, stdio }));
      spawnSync('node', ['environment.cjs'], { env: { PATH }, stdio });
      const NODE_OPTIONS = '--no-warnings --title="a b"';
      execFileSync(process.execPath, ['environment.cjs'], { env: { NODE_OPTIONS }, stdio });
      await ended(spawn(process.execPath, ['--version'], { env: { PATH }, stdio: 'ignore' }));
    })();
  `,
  'worker.mjs': `
    import { Worker } from 'node:worker_threads';
    if (process.argv[2]) {
      const { spawnSync } = await import('node:child_process');
      spawnSync(process.execPath, [import.meta.filename], { env: {}, stdio: 'inherit' });
    } else new Worker(new URL('./child.cjs', import.meta.url));
  `,
  // as pools do with workers for which there is nothing left to do
  'killing.cjs': `
    const { fork } = require('node:child_process');
    require('./lib.cjs').work();
    fork(__dirname + '/child.cjs').kill('SIGKILL');
  `,
  'other.cjs': `
    const { spawnSync, spawn } = require('node:child_process');
    spawnSync(process.argv[2], ['child.cjs'], { env: {} });
    spawn(process.argv[2], ['--no-warnings', 'child.cjs'], { env: {} });
  `,
  'traces.cjs': `
    const { spawn, spawnSync } = require('node:child_process');
    process.on('warning', ({ code }) => console.log(code));
    const child = spawn(process.execPath, ['-e', '0'], { env: {} });
    const handle = Object.getOwnPropertyNames(child._handle).includes('spawn');
    console.log(handle, child.spawnargs.length, Object.keys(spawnSync(process.execPath, ['-v'])).length);
    console.log(spawnSync('/nowhere').error.code);
    child.on('exit', (code) => console.log(code));
  `,
};

let project: Project;
before(async () => {
  project = await Project.create(FILES);
});
after(() => project.remove());

const LINE = /ran without ttprof/;

describe('children with an environment of their own are measured, and find it as it was given to them', () => {
  const forms: Record<string, () => ReturnType<Project['node']>> = {
    'by the command': () => project.ttprof(['-t', 'lib:work', 'alone.cjs']),
    'by the script': () => project.node(['--import', 'ttprof/register', 'alone.cjs', '--ttprof=lib:work']),
    'by the environment': () =>
      project.node(['alone.cjs'], { env: { TTPROF: 'lib:work', NODE_OPTIONS: '--import ttprof/register' } }),
  };
  for (const [name, run] of Object.entries(forms))
    test(name, async () => {
      const { code, stdout, stderr } = await run();
      assert.equal(code, 0, stderr);
      const seen = ['OWN=1', 'nothing', 'nothing', 'NODE_OPTIONS=--no-warnings --title="a b"'];
      assert.deepEqual(stdout.trim().split('\n'), seen);
      assert.match(stderr, /lib\.cjs:work\(\) +5 /);
      assert.doesNotMatch(stderr, LINE);
    });
});

test('workers of such a child are measured', async () => {
  const { code, stderr } = await project.ttprof(['-t', 'lib:work', 'worker.mjs', 'again']);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /lib\.cjs:work\(\) +1 /);
});

test('the program sees nothing of it, and no warning', async () => {
  const flags = ['--import', 'ttprof/register', '--pending-deprecation'];
  for (const args of [['traces.cjs'], ['--pending-deprecation', 'traces.cjs']]) {
    const plain = await project.node(args);
    const measured = await project.node([
      ...flags.slice(0, args.length + 1),
      'traces.cjs',
      '--ttprof=lib:work',
    ]);
    assert.equal(measured.stdout, plain.stdout);
    assert.match(plain.stdout, /^false 3 \d\nENOENT\n0\n$/);
  }
});

test('tools that pass on NODE_OPTIONS and nothing of ours, as Turborepo does', async () => {
  const unset = ['-u', 'TTPROF_SESSION', '-u', 'TTPROF'];
  const { code, stderr } = await project.ttprof([
    '-t',
    'lib:work',
    '--',
    'env',
    ...unset,
    'node',
    'child.cjs',
  ]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /lib\.cjs:work\(\) +1 /);
  assert.doesNotMatch(stderr, /nothing is measured/);
});

test('what is required in a single executable application measures like the preload', async () => {
  const register = project.path('../node_modules/ttprof/lib/register.cjs');
  const { code, stderr } = await project.node(['--require', register, 'child.cjs'], {
    env: { TTPROF: 'lib:work' },
  });
  assert.equal(code, 0, stderr);
  assert.match(stderr, /lib\.cjs:work\(\) +1 /);
});

test('children of another Node are named', async () => {
  mkdirSync(project.path('other'));
  const other = project.path('other/node');
  try {
    linkSync(process.execPath, other);
  } catch {
    copyFileSync(process.execPath, other); // on another device
  }
  const { code, stderr } = await project.ttprof(['-t', 'lib:work', 'other.cjs', other]);
  assert.equal(code, 0, stderr);
  assert.match(
    stderr,
    /2 child processes ran without ttprof \(child\.cjs\): their calls are missing; have NODE_OPTIONS passed on to them/,
  );
  assert.match(stderr, /lib:work matched nothing: .* no process that was measured imported it/);
});

const onLinux = { skip: process.platform !== 'linux' };

test('below what is not Node they are seen while they run', onLinux, async () => {
  const shell = ['sh', '-c', 'env -i "$0" child.cjs 1000; "$0" child.cjs', process.execPath];
  const { code, stderr } = await project.ttprof(['-t', 'child.cjs:*', '-t', 'lib:work', '--', ...shell]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /lib\.cjs:work\(\) +1 /);
  assert.match(stderr, /a child process ran without ttprof \(child\.cjs\): its calls are missing/);
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
  assert.match(stderr, /lib:work matched nothing: .* no process that was measured imported it/);
});

test('what has children of its own run the program is not taken for one', async () => {
  project.write(
    'slow.test.cjs',
    "require('./lib.cjs').work();\nrequire('node:test').test('slow', () => new Promise((done) => setTimeout(done, 1500)));\n",
  );
  const { code, stderr } = await project.ttprof(['-t', 'lib:work', '--', process.execPath, '--test']);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /lib\.cjs:work\(\) +1 /);
  assert.doesNotMatch(stderr, LINE);
});
