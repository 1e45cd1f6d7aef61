import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { windowsDevice } from '../../dist/report/files.js';
import { toJson } from '../../dist/report/formats/json/json.js';
import type { Report } from '../../dist/report/model.js';
import { type OutputStream, type PrintConfig, printReport, printTable } from '../../dist/report/print.js';
import { PATIENCE_MS, runToEnd } from '../run-to-end.js';
import { makeFolder } from '../temporary-folder.js';
import { makeComparison, makeFunction, makeReport, makeRun } from './make-report.js';

const folder = makeFolder();

const NOTHING: PrintConfig = { json: null, markdown: null, html: null, sort: null, top: null, quiet: false };
const unixOnly = { skip: process.platform === 'win32' && 'Windows has no such devices' };

/** A stream that keeps what it is given. */
function collect(fields: Partial<OutputStream> = {}): OutputStream & { text: string } {
  const stream = {
    ...fields,
    text: '',
    write(text: string) {
      stream.text += text;
    },
  };
  return stream;
}

function print(report: Report, config: Partial<PrintConfig>) {
  const streams = { stdout: collect(), stderr: collect() };
  const complete = printReport(report, { ...NOTHING, ...config }, streams, folder);
  return { complete, stdout: streams.stdout.text, stderr: streams.stderr.text };
}

/** A program that prints a large report (a JSON of several MB) with its real streams, and ends with 7. */
function writeProgram(config: Partial<PrintConfig>): string {
  const path = join(folder, `program-${readdirSync(folder).length}.mjs`);
  const { href } = new URL('../../dist/report/print.js', import.meta.url);
  const series = [
    { stride: 1, startNs: new Array(2e5).fill(123456), durationNs: new Array(2e5).fill(2.5e6) },
  ];
  const report = makeReport([makeFunction({ series })]);
  writeFileSync(
    path,
    `import { printReport } from ${JSON.stringify(href)};
    const report = ${JSON.stringify(report)};
    process.on('exit', () => printReport(report, ${JSON.stringify({ ...NOTHING, ...config })}));
    process.exitCode = 7;`,
  );
  return path;
}

test('the table goes to stderr, nothing to stdout', () => {
  const { complete, stdout, stderr } = print(makeComparison(), {});
  assert.ok(complete);
  assert.equal(stdout, '');
  assert.match(stderr, /^🎯 ttprof results:\n function/);
});

test('the table of a running program is all that is printed of it', () => {
  const streams = { stdout: collect(), stderr: collect() };
  printTable(makeComparison(), { ...NOTHING, json: '-', markdown: '-', quiet: true }, streams);
  assert.equal(streams.stdout.text, '');
  assert.match(streams.stderr.text, /^🎯 ttprof results:/);
});

test('quiet prints no table', () => {
  assert.deepEqual(print(makeComparison(), { quiet: true }), { complete: true, stdout: '', stderr: '' });
});

test("a console of Windows gets its text by its stream, which translates it, and never by the file's number", () => {
  const path = join(folder, 'console');
  const fd = openSync(path, 'w');
  const { platform } = process;
  Object.defineProperty(process, 'platform', { value: 'win32' });
  try {
    const stderr = collect({ isTTY: true, fd });
    printReport(makeComparison(), NOTHING, { stdout: collect(), stderr });
    assert.match(stderr.text, /±/);
    assert.equal(readFileSync(path, 'utf8'), '');
    printReport(makeComparison(), NOTHING, { stdout: collect(), stderr: collect({ fd }) });
    assert.match(readFileSync(path, 'utf8'), /±/);
  } finally {
    Object.defineProperty(process, 'platform', { value: platform });
    closeSync(fd);
  }
});

test('a terminal gives its width and colour, anything else gets neither', () => {
  const report = makeComparison();
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  delete process.env.NO_COLOR;
  delete process.env.FORCE_COLOR;
  process.env.TERM = 'xterm';
  try {
    const render = (stderr: OutputStream & { text: string }) => {
      printReport(report, NOTHING, { stdout: collect(), stderr });
      return stderr.text;
    };
    assert.ok(render(collect({ isTTY: true, columns: 60 })).includes('\x1b[1m'));
    assert.doesNotMatch(render(collect({ isTTY: true, columns: 60 })), /min … max/);
    assert.match(render(collect({ columns: 60 })), /min … max/);
    assert.ok(!render(collect({ columns: 60 })).includes('\x1b'));
    process.env.TERM = 'dumb';
    assert.ok(!render(collect({ isTTY: true, columns: 60 })).includes('\x1b'));
    process.env.FORCE_COLOR = '1';
    assert.ok(render(collect()).includes('\x1b'));
    process.env.FORCE_COLOR = '0';
    process.env.TERM = 'xterm';
    assert.ok(!render(collect({ isTTY: true, columns: 60 })).includes('\x1b'));
    delete process.env.FORCE_COLOR;
    process.env.NO_COLOR = '1';
    assert.ok(!render(collect({ isTTY: true, columns: 60 })).includes('\x1b'));
  } finally {
    for (const [name, value] of Object.entries({ NO_COLOR, FORCE_COLOR, TERM })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
});

test('files are written where the configuration starts, and whole', () => {
  mkdirSync(join(folder, 'out'));
  const { complete } = print(makeComparison(), {
    json: 'out/a.json',
    html: 'out/a.html',
    markdown: 'out/a.md',
  });
  assert.ok(complete);
  assert.equal(readFileSync(join(folder, 'out/a.json'), 'utf8'), toJson(makeComparison()));
  assert.match(readFileSync(join(folder, 'out/a.html'), 'utf8'), /^<!doctype html>/i);
  assert.deepEqual(readdirSync(join(folder, 'out')).sort(), ['a.html', 'a.json', 'a.md']);
});

test('Markdown is appended, with an empty line between', () => {
  print(makeComparison(), { markdown: 'summary.md' });
  const once = readFileSync(join(folder, 'summary.md'), 'utf8');
  print(makeComparison(), { markdown: 'summary.md' });
  assert.equal(readFileSync(join(folder, 'summary.md'), 'utf8'), `${once}\n${once}`);
});

test('a path of - is stdout', () => {
  assert.equal(print(makeComparison(), { json: '-', quiet: true }).stdout, toJson(makeComparison()));
  assert.match(print(makeComparison(), { markdown: '-' }).stdout, /^### 🎯 ttprof results/);
});

test('what cannot be written gets one line, and the rest is written', () => {
  const { complete, stderr } = print(makeComparison(), {
    json: 'missing/a.json',
    markdown: 'out',
    html: 'summary.md/a.html',
  });
  assert.equal(complete, false);
  assert.match(stderr, /^🎯 ttprof results:/);
  assert.deepEqual(stderr.split('\n').slice(-4), [
    'ttprof: cannot write --json missing/a.json: its folder does not exist',
    'ttprof: cannot write --html summary.md/a.html: a part of the path is a file, not a folder',
    'ttprof: cannot write --markdown out: is a folder, not a file',
    '',
  ]);
});

test('a write that fails midway leaves the old file and no other', unixOnly, () => {
  const limited = join(folder, 'limited');
  mkdirSync(limited);
  const path = join(limited, 'a.json');
  writeFileSync(path, 'old');
  const command = ['ulimit -f 100; exec "$0" "$1"', process.execPath, writeProgram({ json: path })];
  const { status, stderr } = runToEnd('sh', ['-c', ...command]);
  assert.equal(status, 7);
  assert.match(stderr, /^🎯 ttprof results:/);
  assert.match(stderr, /ttprof: cannot write --json .*: the file would become too large\n$/);
  assert.deepEqual(readdirSync(limited), ['a.json']);
  assert.equal(readFileSync(path, 'utf8'), 'old');
});

test('a file whose name is as long as the file system allows is written', () => {
  const name = `${'x'.repeat(250)}.json`;
  assert.ok(print(makeComparison(), { json: name, quiet: true }).complete);
  rmSync(join(folder, name));
});

test('a link stays a link, and the file keeps its mode', unixOnly, () => {
  const target = join(folder, 'target.json');
  writeFileSync(target, 'old');
  chmodSync(target, 0o640);
  symlinkSync(target, join(folder, 'link.json'));
  assert.ok(print(makeComparison(), { json: 'link.json' }).complete);
  assert.ok(lstatSync(join(folder, 'link.json')).isSymbolicLink());
  assert.equal(readFileSync(target, 'utf8'), toJson(makeComparison()));
  assert.equal(statSync(target).mode & 0o777, 0o640);
});

test('a full disk: one line, the table is shown, the exit code stays', {
  skip: !existsSync('/dev/full') && 'no /dev/full',
}, () => {
  const program = writeProgram({ json: '/dev/full', markdown: '/dev/full' });
  const { status, stderr, stdout } = runToEnd(process.execPath, [program]);
  assert.equal(status, 7);
  assert.equal(stdout, '');
  assert.match(stderr, /🎯 ttprof results:/);
  assert.match(stderr, /ttprof: cannot write --json \/dev\/full: no space left on the device\n/);
  assert.match(stderr, /ttprof: cannot write --markdown \/dev\/full: no space left on the device\n$/);
  assert.ok(statSync('/dev/full').isCharacterDevice());
});

test('a pipe that is read late and slowly gets everything', async () => {
  const program = writeProgram({ json: '-', quiet: true });
  const child = spawn(process.execPath, [program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: PATIENCE_MS,
  });
  await new Promise((resolve) => setTimeout(resolve, 300)); // the pipe is full by now
  let text = '';
  for await (const chunk of child.stdout!.setEncoding('utf8')) text += chunk;
  assert.ok(text.length > 2e6);
  assert.equal(JSON.parse(text).functions[0].series[0].start_ns.length, 2e5);
});

test('a reader that leaves early is no failure worth a word', async () => {
  const program = writeProgram({ json: '-' });
  const child = spawn(process.execPath, [program], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: PATIENCE_MS,
  });
  child.stdout!.once('data', () => child.stdout!.destroy());
  let stderr = '';
  child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const [code] = await once(child, 'close');
  assert.equal(code, 7);
  assert.match(stderr, /🎯 ttprof results:/);
  assert.doesNotMatch(stderr, /cannot write/);
});

test('a closed stderr loses the table and nothing else', async () => {
  const path = join(folder, 'closed-stderr.json');
  const program = writeProgram({ json: path });
  const child = spawn(process.execPath, [program], {
    stdio: ['ignore', 'inherit', 'pipe'],
    timeout: PATIENCE_MS,
  });
  child.stderr!.destroy();
  const [code] = await once(child, 'close');
  assert.equal(code, 7);
  assert.equal(JSON.parse(readFileSync(path, 'utf8')).version, 1);
});

test('roots of one parent that overlap write one file together', () => {
  const { NODE_TEST_CONTEXT } = process.env;
  delete process.env.NODE_TEST_CONTEXT; // children of node --test need not overlap, and this is one
  const own = { pid: process.pid, parentPid: 1, startedAt: '2026-01-01T00:00:10.000Z', durationNs: 5e9 };
  const sibling = { ...own, pid: process.pid + 1, startedAt: '2026-01-01T00:00:08.000Z' };
  const write = (run: object, calls: number) => {
    const report = makeReport([makeFunction({ calls })], { run: makeRun({ runs: 1, ...run }) });
    assert.ok(print(report, { json: 'shared.json', quiet: true }).complete);
    return JSON.parse(readFileSync(join(folder, 'shared.json'), 'utf8'));
  };
  write(sibling, 100); // under another pid: written as it is
  const merged = write(own, 20);
  assert.equal(merged.functions[0].calls, 120);
  assert.equal(merged.run.runs, 1);
  assert.equal(merged.run.processes, 2);
  write({ ...sibling, startedAt: '2026-01-01T00:00:01.000Z' }, 100); // ended before we began: a run of its own
  assert.equal(write(own, 20).functions[0].calls, 20);
  process.env.NODE_TEST_CONTEXT = NODE_TEST_CONTEXT ?? 'child-v8';
  write({ ...sibling, startedAt: '2026-01-01T00:00:01.000Z' }, 100);
  assert.equal(write(own, 20).functions[0].calls, 120);
  if (NODE_TEST_CONTEXT === undefined) delete process.env.NODE_TEST_CONTEXT;
  assert.equal(existsSync(join(folder, 'shared.json.lock')), false);
});

test('many processes that end at once lose nothing', async () => {
  const shared = join(folder, 'many.json');
  const program = join(folder, 'many.mjs');
  const at = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  writeFileSync(
    program,
    `import { printReport } from ${at('../../dist/report/print.js')};
    const report = ${JSON.stringify(makeReport([makeFunction({ calls: 10 })]))};
    const run = { ...report.run, pid: process.pid, parentPid: process.ppid, startedAt: new Date(0).toISOString(), durationNs: 1e9 };
    printReport({ ...report, run }, ${JSON.stringify({ ...NOTHING, quiet: true, json: shared })});`,
  );
  const children = Array.from({ length: 6 }, () =>
    spawn(process.execPath, [program], { stdio: 'inherit', timeout: PATIENCE_MS }),
  );
  await Promise.all(children.map((child) => once(child, 'exit')));
  const { functions, run } = JSON.parse(readFileSync(shared, 'utf8'));
  assert.equal(functions[0].calls, 60);
  assert.equal(run.processes, 6);
});

test('NUL and its like are devices in every folder of Windows, and names of files elsewhere', () => {
  for (const path of ['NUL', 'nul', 'C:\\code\\NUL', 'C:/code/nul.json', 'CON', 'lpt1'])
    assert.match(windowsDevice(path, 'win32') ?? '', /^\\\\\.\\(?:nul|con|lpt1)$/i, path);
  for (const path of ['null', 'annul', 'NUL/a.json', 'com', 'a.nul'])
    assert.equal(windowsDevice(path, 'win32'), null);
  assert.equal(windowsDevice('NUL', 'linux'), null);
});
