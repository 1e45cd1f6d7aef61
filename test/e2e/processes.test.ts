import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Finished, Project } from './project.js';

/** The main program calls `work` 3 times, its worker 11, its fork 5, its spawned child 7, the child's worker 2 times. */
const FILES = {
  'lib.cjs': 'exports.work = function work() { return 1 };\nexports.idle = () => 0;\n',
  'main.cjs': `
    const { fork, spawn } = require('node:child_process');
    const { Worker } = require('node:worker_threads');
    const { work } = require('./lib.cjs');
    for (let i = 0; i < 3; i++) work();
    const ended = (emitter) => new Promise((resolve) => emitter.on('exit', resolve));
    const elsewhere = { cwd: __dirname + '/elsewhere', stdio: 'inherit' };
    (async () => {
      await ended(new Worker(__dirname + '/worker.mjs', { argv: ['11'] }));
      await ended(fork(__dirname + '/child.cjs', ['5'], elsewhere));
      await ended(spawn(process.execPath, [__dirname + '/child.cjs', '7', 'worker'], elsewhere));
      console.log('main', JSON.stringify(process.argv.slice(2)));
    })();
  `,
  'worker.mjs': `
    import lib from './lib.cjs';
    for (let i = 0; i < Number(process.argv[2]); i++) lib.work();
  `,
  'child.cjs': `
    const { work } = require('./lib.cjs');
    for (let i = 0; i < Number(process.argv[2]); i++) work();
    if (process.argv[3]) new (require('node:worker_threads').Worker)(__dirname + '/worker.mjs', { argv: ['2'] });
    console.log('child', JSON.stringify(process.argv.slice(2)));
  `,
  'only-worker.cjs': `
    new (require('node:worker_threads').Worker)(__dirname + '/worker.mjs', { argv: ['0'] });
  `,
  // leaves a daemon and a child that ends a moment later
  'leaver.cjs': `
    const { spawn } = require('node:child_process');
    const options = { stdio: 'ignore', detached: true };
    const late = spawn(process.execPath, [__dirname + '/late.cjs'], { ...options, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    const daemon = spawn(process.execPath, [__dirname + '/daemon.cjs'], options);
    require('node:fs').writeFileSync(__dirname + '/daemon.pid', String(daemon.pid));
    late.on('message', () => process.exit());
  `,
  'late.cjs': `
    const { work } = require('./lib.cjs');
    process.on('disconnect', () => {
      for (let i = 0; i < 3; i++) work();
      process.exit();
    });
    process.send('started');
  `,
  'daemon.cjs': 'setInterval(() => {}, 1000);\n',
  'elsewhere/keep': '',
};

const STDOUT = 'child ["5"]\nchild ["7","worker"]\nmain ["x"]\n';

let project: Project;
before(async () => {
  project = await Project.create(FILES);
});
after(() => project.remove());

const forms: [string, (json: string) => Promise<Finished>][] = [
  ['1', (json) => project.ttprof(['-t', 'lib.cjs:work', '--json', json, 'main.cjs', 'x'])],
  ['2', (json) => project.ttprof(['-t', 'lib.cjs:work', '--json', json, '--', 'node', 'main.cjs', 'x'])],
  [
    '3',
    (json) =>
      project.node([
        '--import',
        'ttprof/register',
        'main.cjs',
        '--ttprof=lib.cjs:work',
        `--ttprof-json=${json}`,
        'x',
      ]),
  ],
  [
    '4',
    (json) =>
      project.node([
        '--import',
        'ttprof/register',
        '--',
        '--ttprof=lib.cjs:work',
        `--ttprof-json=${json}`,
        'main.cjs',
        'x',
      ]),
  ],
  [
    '5',
    (json) => {
      const env = { TTPROF: 'lib.cjs:work', TTPROF_JSON: json, NODE_OPTIONS: '--import ttprof/register' };
      return project.node(['main.cjs', 'x'], { env });
    },
  ],
];

for (const [form, run] of forms) {
  test(`worker, fork and spawned child in one report, with form ${form}`, async () => {
    const json = `${form}.json`;
    const { code, stdout, stderr } = await run(json);
    assert.equal(code, 0, stderr);
    assert.equal(stdout, STDOUT);
    assert.deepEqual(project.readCalls(json), { 'lib.cjs:work': 3 + 11 + 5 + 7 + 2 });
    const { processes, threads } = project.readReport(json).run;
    assert.deepEqual({ processes, threads }, { processes: 3, threads: 5 });
    assert.equal(stderr.match(/ttprof results/g)?.length, 1, stderr);
  });
}

test('what still runs when the program has ended is neither killed nor lost', async () => {
  const { code, stderr } = await project.ttprof([
    '-t',
    'lib.cjs:work',
    '--json',
    'daemon.json',
    'leaver.cjs',
  ]);
  // it is there to be ended
  process.kill(Number(project.read('daemon.pid')), 'SIGKILL');
  assert.equal(code, 0, stderr);
  // the one that ends by itself a moment later is waited for
  assert.deepEqual(project.readCalls('daemon.json'), { 'lib.cjs:work': 3 });
  assert.doesNotMatch(stderr, /killed|lost/);
});

test('NODE_OPTIONS is extended, never overwritten', async () => {
  const env = { NODE_OPTIONS: '--title=kept' };
  const print =
    "console.log(process.title, process.env.NODE_OPTIONS.startsWith('--title=kept --import=file:///'))";
  const { stdout } = await project.ttprof(['-t', 'f', '--', 'node', '-e', print], { env });
  assert.equal(stdout, 'kept true\n');
});

test('functions that a worker matched and never called are rows too', async () => {
  await project.ttprof(['-t', 'lib.cjs:*', '--json', 'idle.json', 'only-worker.cjs']);
  assert.deepEqual(project.readCalls('idle.json'), { 'lib.cjs:work': 0, 'lib.cjs:idle': 0 });
});

test('a command in the command makes a report of its own', async () => {
  const inner = [
    project.path('../node_modules/ttprof/lib/cli.js'),
    '-t',
    'lib.cjs:work',
    '--json',
    'inner.json',
    'child.cjs',
    '6',
  ];
  const { stderr } = await project.ttprof([
    '-t',
    'lib.cjs:work',
    '--json',
    'outer.json',
    '--',
    'node',
    ...inner,
  ]);
  assert.deepEqual(project.readCalls('inner.json'), { 'lib.cjs:work': 6 });
  assert.deepEqual(
    project.readReport('outer.json').targets.map(({ matched }) => matched),
    [0],
  );
  assert.equal(stderr.match(/ttprof results/g)?.length, 2);
});
