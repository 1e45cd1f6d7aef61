import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Project, type RunOptions } from './project.js';

const FILES = {
  'lib.cjs': 'exports.f = function f() { return 1 };\n',
  // two processes that go on until they are told to end
  'server.cjs': `
    const { f } = require('./lib.cjs');
    const child = require('node:child_process').fork(__dirname + '/child.cjs');
    for (let i = 0; i < 3; i++) f();
    child.on('message', () => console.log('ready'));
    process.on('SIGTERM', () => { child.kill('SIGKILL'); process.exit(0) });
    setInterval(() => {}, 1000);
  `,
  'child.cjs': `
    const { f } = require('./lib.cjs');
    const { readdirSync } = require('node:fs');
    for (let i = 0; i < 4; i++) f();
    const isRecording = (name) => name.endsWith('.recording');
    const timer = setInterval(() => {
      if (readdirSync(process.env.TTPROF_SESSION).filter(isRecording).length < 2) return;
      clearInterval(timer);
      process.send('both have flushed');
    }, 20);
    setInterval(() => {}, 1000);
  `,
  // as command-line programs with subcommands do; whoever is not told ends with another code
  'forward.cjs': `
    const { f } = require('./lib.cjs');
    f();
    const child = require('node:child_process').spawn(process.execPath, [__dirname + '/handle.cjs'], { stdio: 'inherit' });
    process.on('SIGUSR2', () => child.kill('SIGUSR2'));
    console.log('parent handlers ' + process.listenerCount('SIGUSR2'));
    child.on('close', (code) => process.exit(code ?? 1));
  `,
  'handle.cjs': `
    const { f } = require('./lib.cjs');
    f();
    process.once('SIGUSR2', () => {
      console.log('told, handlers ' + process.listenerCount('SIGUSR2'));
      process.exit(7);
    });
    console.log('listening');
    setTimeout(() => process.exit(9), 5000);
  `,
};

/** Three of the server and four of its child. */
const ALL_CALLS = /lib\.cjs:f\(\) +7 /;

let project: Project;
before(async () => {
  project = await Project.create(FILES);
});
after(() => project.remove());

/** Ends the program when so many reports have been printed, the last ones with all calls. */
function endAfter(reports: number, onReady?: (send: (signal: NodeJS.Signals) => void) => void): RunOptions {
  return {
    onStart: (child) => {
      child.stdout?.once('data', () => onReady?.((signal) => child.kill(signal)));
      let stderr = '';
      const read = (text: string) => {
        stderr += text;
        if (stderr.split('ttprof results').length - 1 < reports || !ALL_CALLS.test(stderr)) return;
        child.stderr?.off('data', read);
        child.kill('SIGTERM');
      };
      child.stderr?.on('data', read);
    },
  };
}

test('SIGUSR2 to the command prints one report of all its processes, and the program goes on', async () => {
  const { code, stderr } = await project.ttprof(
    ['-t', 'lib.cjs:f', '-t', 'nope', '--json', 'end.json', 'server.cjs'],
    endAfter(1, (send) => send('SIGUSR2')),
  );
  assert.equal(code, 0, stderr);
  const [, live, end] = stderr.split('🎯');
  assert.match(live, ALL_CALLS);
  assert.match(live, /nope matched nothing: no such function was loaded so far/);
  assert.doesNotMatch(live, /killed/);
  assert.match(end, ALL_CALLS);
  assert.deepEqual(project.readCalls('end.json'), { 'lib.cjs:f': 7 });
});

test('SIGUSR2 to the command is answered before anything was recorded', async () => {
  const { signal, stderr } = await project.ttprof(
    ['-t', 'f', '--', 'sh', '-c', 'echo ready; exec sleep 20'],
    {
      onStart: (child) => {
        child.stdout?.once('data', () => child.kill('SIGUSR2'));
        child.stderr?.once('data', () => child.kill('SIGTERM'));
      },
    },
  );
  assert.equal(signal, 'SIGTERM');
  assert.match(stderr, /^ttprof: nothing has been recorded so far\n/);
});

test('--interval prints cumulative reports, with the command and with the preload', async () => {
  const flags = ['--ttprof=lib.cjs:f', '--ttprof-interval=0.5'];
  const both = await Promise.all([
    project.ttprof(['-t', 'lib.cjs:f', '--interval', '0.5', 'server.cjs'], endAfter(5)),
    project.node(['--import', 'ttprof/register', 'server.cjs', ...flags], endAfter(5)),
  ]);
  for (const { code, stderr } of both) {
    assert.equal(code, 0, stderr);
    const reports = stderr.split('🎯').slice(1);
    assert.ok(reports.length >= 6, stderr);
    for (const report of reports) assert.match(report, /lib\.cjs:f\(\) +[347] /);
    assert.match(reports.at(-1) ?? '', ALL_CALLS);
  }
});

test("SIGUSR2 is the program's alone once it handles it, in a process and in its child", async () => {
  const onStart: RunOptions['onStart'] = (child) => {
    let stdout = '';
    const read = (text: string) => {
      stdout += text;
      if (!stdout.includes('listening') || !stdout.includes('parent handlers')) return;
      child.stdout?.off('data', read);
      child.kill('SIGUSR2');
    };
    child.stdout?.on('data', read);
  };
  const args = ['--import', 'ttprof/register', 'forward.cjs', '--ttprof=lib.cjs:f'];
  const { code, signal, stdout, stderr } = await project.node(args, { onStart });
  assert.deepEqual({ code, signal }, { code: 7, signal: null }, stderr);
  assert.match(stdout, /^parent handlers 1$/m);
  assert.match(stdout, /^told, handlers 0$/m);
  assert.equal(stderr.split('🎯').length - 1, 1, stderr);
  assert.match(stderr, /lib\.cjs:f\(\) +2 /);
});
