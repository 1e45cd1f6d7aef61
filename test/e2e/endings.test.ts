import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Finished, Project, type RunOptions } from './project.js';

const FILES = {
  'app.cjs': `
    function f() {}
    f();
    const how = process.argv[2];
    if (how === 'exit') process.exit(7);
    if (how === 'exitCode') process.exitCode = 9;
    if (how === 'throw') throw new Error('of the app');
    if (how === 'reject') Promise.reject(new Error('of the app'));
    if (how === 'kill') process.kill(process.pid, process.argv[3]);
    if (how === 'wait') {
      setInterval(() => {}, 1000);
      setImmediate(() => setImmediate(() => console.log('ready')));
    }
    if (how === 'emit') {
      setImmediate(() => setImmediate(() => {
        for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGUSR2']) process.emit(signal);
        f();
        console.log('goes on');
      }));
    }
    if (how === 'stuck') {
      setImmediate(() => setImmediate(() => {
        console.log('ready');
        for (;;);
      }));
    }
    if (how === 'slow') {
      process.on('SIGINT', () => setTimeout(() => process.exit(6), 2500));
      setInterval(() => {}, 1000);
      console.log('ready');
    }
    if (how === 'handle') {
      process.on(process.argv[3], () => { f(); process.exit(5) });
      setInterval(() => {}, 1000);
      console.log('ready');
    }
  `,
};

let project: Project;
before(async () => {
  project = await Project.create(FILES);
});
after(() => project.remove());

const ways: [string, (args: string[], options?: RunOptions) => Promise<Finished>][] = [
  ['the command', (args, options) => project.ttprof(['-t', 'f', 'app.cjs', ...args], options)],
  [
    'the preload',
    (args, options) =>
      project.node(['--import', 'ttprof/register', 'app.cjs', '--ttprof=f', ...args], options),
  ],
];

/** Sends a signal as soon as the app says that it is ready. */
const whenReady = (signal: NodeJS.Signals): RunOptions => ({
  onStart: (child) => child.stdout?.once('data', () => child.kill(signal)),
});

const ROW = /app\.cjs:f\(\) +1 /;

for (const [name, run] of ways) {
  const endings: [string[], Partial<Finished>][] = [
    [[], { code: 0 }],
    [['exit'], { code: 7 }],
    [['exitCode'], { code: 9 }],
    [['throw'], { code: 1 }],
    [['reject'], { code: 1 }],
    [['kill', 'SIGTERM'], { code: null, signal: 'SIGTERM' }],
    [['kill', 'SIGKILL'], { code: null, signal: 'SIGKILL' }],
  ];
  for (const [args, expected] of endings) {
    test(`${name} ends as the app does: ${args.join(' ') || 'normally'}`, async () => {
      const finished = await run(args);
      assert.equal(finished.stdout, '');
      for (const [key, value] of Object.entries(expected))
        assert.equal(finished[key as keyof Finished], value, key);
      if (args[1] === undefined) assert.match(finished.stderr, ROW);
    });
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    test(`${name} passes ${signal} on, reports, and ends by it`, async () => {
      const finished = await run(['wait'], whenReady(signal));
      assert.equal(finished.signal, signal, finished.stderr);
      assert.match(finished.stderr, ROW);
    });
  }

  test(`${name} leaves a signal to the app that handles it`, async () => {
    const finished = await run(['handle', 'SIGINT'], whenReady('SIGINT'));
    assert.equal(finished.code, 5);
    assert.match(finished.stderr, /app\.cjs:f\(\) +2 /);
  });
}

test('a signal-exit that was loaded before, and takes the place of process.emit later, loses nothing', async () => {
  project.write(
    'early.cjs',
    `
      const { emit, reallyExit } = process;
      process.__signal_exit_emitter__ = {};
      globalThis.loadSignalExit = () => {
        process.emit = function processEmit() { return emit.apply(this, arguments); };
        process.reallyExit = function processReallyExit(code) { return reallyExit.call(this, code); };
      };
    `,
  );
  project.write(
    'late.cjs',
    'function f() {}\nf();\nloadSignalExit();\nif (process.argv[2]) process.exit(3);\n',
  );
  for (const [args, code] of [
    [[], 0],
    [['now'], 3],
  ] as const) {
    const command = [
      '-t',
      'late.cjs:f',
      '--',
      process.execPath,
      '--require',
      './early.cjs',
      'late.cjs',
      ...args,
    ];
    const ended = await project.ttprof(command);
    assert.match(ended.stderr, /late\.cjs:f\(\) +1 /);
    assert.doesNotMatch(ended.stderr, /without leaving a recording/);
    assert.equal(ended.code, code);
  }
});

test('of processes that are killed, those in which something was measured are missed', async () => {
  project.write(
    'killed.cjs',
    `
      if (process.argv[2] === 'measured') require('./app.cjs');
      process.kill(process.pid, 'SIGKILL');
    `,
  );
  project.write(
    'killing.cjs',
    "for (const how of ['spare', 'measured']) require('node:child_process').spawnSync(process.execPath, ['killed.cjs', how]);",
  );
  for (const each of [['killed.cjs', 'spare'], ['killing.cjs']]) {
    const { stderr } = await project.ttprof(['-t', 'app.cjs:f', ...each]);
    const lost = / (\d) process(?:es)? ended without leaving a recording/m.exec(stderr)?.[1];
    assert.equal(lost, each.length === 1 ? '1' : undefined, stderr);
  }
});

test("a program's own process.emit('SIGHUP') is no signal", async () => {
  const { code, stdout, stderr } = await project.ttprof(['-t', 'f', 'app.cjs', 'emit']);
  assert.equal(code, 0, stderr);
  assert.equal(stdout, 'goes on\n');
  assert.match(stderr, /app\.cjs:f\(\) +2 /);
});

test('a signal that cannot be sent on, as on Windows, reports and ends the program with 1', {
  skip: process.platform === 'win32',
}, async () => {
  project.write('windows.cjs', "process.kill = () => { throw new Error('ENOSYS') };\n");
  const flags = ['--require', './windows.cjs', '--import', 'ttprof/register'];
  const { code, stderr } = await project.node(
    [...flags, 'app.cjs', 'wait', '--ttprof=f'],
    whenReady('SIGHUP'),
  );
  assert.match(stderr, ROW);
  assert.doesNotMatch(stderr, /ENOSYS/);
  assert.equal(code, 1);
});

test('under nodemon SIGUSR2 reports and then ends the program, as without us', {
  skip: process.platform === 'win32',
}, async () => {
  const env = { npm_lifecycle_script: 'nodemon app.cjs' };
  const { signal, stderr } = await ways[1]![1](['wait'], { ...whenReady('SIGUSR2'), env });
  assert.equal(signal, 'SIGUSR2');
  assert.match(stderr, ROW);
});

test('single quotes that a shell left around a target are none of it', async () => {
  const { stderr } = await project.ttprof(['-t', "'app.cjs:*'", 'app.cjs']);
  assert.match(stderr, ROW);
});

test('a file that could not be written is told by the exit code', async () => {
  const args = ['-t', 'f', '--json', 'missing/report.json', 'app.cjs'];
  assert.equal((await project.ttprof(args)).code, 1);
  assert.equal((await project.ttprof([...args, 'exit'])).code, 7);
});

test('the command ends a program that never lets the event loop turn again', async () => {
  const finished = await project.ttprof(['-t', 'f', 'app.cjs', 'stuck'], whenReady('SIGINT'));
  assert.equal(finished.signal, 'SIGINT', finished.stderr);
  assert.match(finished.stderr, /^ttprof: process \d+ did not let the event loop turn after SIGINT/);
});

test('the command waits for a program that takes its time to end', async () => {
  const finished = await project.ttprof(['-t', 'f', 'app.cjs', 'slow'], whenReady('SIGINT'));
  assert.equal(finished.code, 6, finished.stderr);
  assert.match(finished.stderr, ROW);
});

test('--strict and unmatched targets give 4, but never hide the exit code of the app', async () => {
  const strict = ['-t', 'f', '-t', 'nope', '--strict', '--quiet'];
  assert.equal((await project.ttprof([...strict, 'app.cjs'])).code, 4);
  assert.equal((await project.ttprof([...strict, 'app.cjs', 'exit'])).code, 7);
  assert.equal((await project.ttprof([...strict.slice(0, 4), '--quiet', 'app.cjs'])).code, 0);
  const flags = ['--ttprof=nope', '--ttprof-strict', '--ttprof-quiet'];
  assert.equal((await project.node(['--import', 'ttprof/register', 'app.cjs', ...flags])).code, 4);
  assert.equal((await project.node(['--import', 'ttprof/register', 'app.cjs', 'exit', ...flags])).code, 7);
});

test('--json - goes to stdout, after the app has ended', async () => {
  const { stdout } = await project.ttprof([
    '-t',
    'f',
    '--json',
    '-',
    '--',
    'node',
    '-e',
    'console.log("app")',
  ]);
  assert.match(stdout, /^app\n\{/);
  assert.equal(JSON.parse(stdout.slice(4)).version, 1);
});

test('nothing is left behind in the folder for temporary files', async () => {
  project.write('tmp/keep', '');
  const env = { TMPDIR: project.path('tmp'), TEMP: project.path('tmp') };
  for (const [, run] of ways) await run([], { env });
  const list = "console.log(require('node:fs').readdirSync(process.env.TMPDIR).join())";
  assert.equal((await project.node(['-e', list], { env })).stdout, 'keep\n');
});
