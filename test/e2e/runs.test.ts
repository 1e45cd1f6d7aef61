import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Progress } from '../../dist/commands/run/progress.js';
import { Project } from './project.js';

const FILES = {
  // each run knows which it is by what it finds in the folder
  'app.cjs': `
    const fs = require('node:fs');
    const counter = process.argv[2] ?? 'runs';
    const run = fs.existsSync(counter) ? Number(fs.readFileSync(counter, 'utf8')) + 1 : 1;
    fs.writeFileSync(counter, String(run));
    function f() {}
    for (let i = 0; i < run; i++) f();
    console.log('out', run);
    console.error('err', run);
    if (String(run) === process.argv[3]) process.exit(7);
    if ('wait' + run === process.argv[3]) {
      setInterval(() => {}, 1000);
      // our listeners are there once the event loop has turned
      setImmediate(() => setImmediate(() => fs.writeFileSync('waiting', '')));
    }
  `,
};

let project: Project;
before(async () => {
  project = await Project.create(FILES);
});
after(() => project.remove());

const ttprof = (...args: string[]) => project.ttprof(['-t', 'f', '--quiet', ...args]);

test('--runs repeats the program, each in a process of its own, and shows the first output alone', async () => {
  const { code, stdout, stderr } = await ttprof('--runs', '3', '--json', '3.json', 'app.cjs');
  assert.equal(code, 0);
  assert.equal(stdout, 'out 1\n');
  assert.equal(stderr, 'err 1\n');
  const { functions, run } = project.readReport('3.json');
  assert.deepEqual(
    functions[0].runs.map(({ calls }) => calls),
    [1, 2, 3],
  );
  assert.equal(functions[0].calls, 6);
  assert.deepEqual({ runs: run.runs, processes: run.processes }, { runs: 3, processes: 3 });
});

test('--verbose shows the output of all runs', async () => {
  const { stdout, stderr } = await ttprof('--runs', '2', '--verbose', 'app.cjs', 'verbose');
  assert.equal(stdout, 'out 1\nout 2\n');
  assert.equal(stderr, 'err 1\nerr 2\n');
});

test('a run that fails is the last: its exit code, which it was, and what it printed', async () => {
  const { code, stdout, stderr } = await ttprof(
    '--runs',
    '5',
    '--json',
    'failed.json',
    'app.cjs',
    'failing',
    '3',
  );
  assert.equal(code, 7);
  assert.equal(stdout, 'out 1\n');
  assert.equal(
    stderr,
    'err 1\nttprof: run 3 of 5 failed with exit code 7; the end of its output:\nout 3\nerr 3\n',
  );
  assert.equal(project.read('failing'), '3');
  const { run, notes } = project.readReport('failed.json');
  assert.equal(run.runs, 3);
  assert.ok(
    notes.some((note) => note.includes('run 3 of 5 failed with exit code 7')),
    notes.join('\n'),
  );
});

test('a signal ends the series', async () => {
  const finished = await project.ttprof(['-t', 'f', '--runs', '5', 'app.cjs', 'stopped', 'wait2'], {
    onStart: (child) => {
      const timer = setInterval(() => {
        if (!project.exists('waiting')) return;
        clearInterval(timer);
        child.kill('SIGTERM');
      }, 20);
    },
  });
  assert.equal(finished.signal, 'SIGTERM', finished.stderr);
  assert.match(finished.stderr, /run 2 of 5 was ended by SIGTERM/);
  assert.equal(project.read('stopped'), '2');
});

test('progress is one line on a terminal, and nothing elsewhere', () => {
  const show = (isTTY: boolean) => {
    let written = '';
    const progress = new Progress(3, { isTTY, write: (text: string) => (written += text) });
    progress.begin(0, 'run 1 of 3', false);
    progress.clear();
    progress.begin(1, 'run 2 of 3', true);
    progress.clear();
    return written;
  };
  assert.equal(show(false), '');
  assert.match(
    show(true),
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what terminals are told
    /^ttprof: run 1 of 3\n\r\r\x1b\[2Kttprof: run 2 of 3, about \d+ s left\r\x1b\[2K$/,
  );
});

test('progress is shortened to the width of the terminal: a line that wraps could not be taken away', () => {
  let written = '';
  const progress = new Progress(3, { isTTY: true, columns: 40, write: (text: string) => (written += text) });
  progress.begin(1, 'run 2 of 3 (a-branch-with-quite-a-long-name)', true);
  progress.clear();
  const line = written.split('\r')[1]!.slice('\x1b[2K'.length);
  assert.match(line, /^ttprof: run 2 of 3.*….*about \d+ s left$/);
  assert.equal(line.length, 39);
});

test('progress leaves the last line of the app where it is, also where the app did not end it', () => {
  let written = '';
  const progress = new Progress(3, { isTTY: true, columns: 40, write: (text: string) => (written += text) });
  progress.begin(0, 'run 1 of 3', false);
  progress.clear();
  written = '';
  progress.begin(1, 'run 2 of 3', true);
  progress.clear();
  // in a column other than the first these wrap, and what is cleared is the next line
  assert.ok(written.startsWith(`${' '.repeat(39)}\r\r\x1b[2Kttprof: run 2`), JSON.stringify(written));
});
