import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { after, before, test } from 'node:test';
import { Project } from './project.js';

/*
 * A stand-in for `perf`, first in PATH: writes down its arguments, runs what is to be recorded, and prints samples as
 * `perf script` does, one each 50 µs of the time in which the program ran.
 */
const STAND_IN = `#!${process.execPath}
const { appendFileSync, readFileSync, writeFileSync } = require('node:fs');
const { spawnSync } = require('node:child_process');
const [command, ...args] = process.argv.slice(2);
appendFileSync(process.env.PERF_ARGUMENTS, JSON.stringify([command, ...args]) + '\\n');
const after = (flag) => args[args.indexOf(flag) + 1];
if (command === 'stat') {
  process.stderr.write(process.env.PERF_STAT.replaceAll(';', '\\n') + '\\n');
  process.exit(process.env.PERF_STAT.includes('Error') ? 255 : 0);
}
if (command === 'record') {
  const [program, ...rest] = args.slice(args.indexOf('--') + 1);
  const start = process.hrtime.bigint();
  const { pid, status } = spawnSync(program, rest, { stdio: 'inherit' });
  writeFileSync(after('-o'), JSON.stringify([pid, String(start), String(process.hrtime.bigint())]));
  process.exit(status ?? 1);
}
const [pid, start, end] = JSON.parse(readFileSync(after('-i'), 'utf8'));
if (process.env.PERF_SCRIPT_FAILS) {
  process.stderr.write('incompatible file format\\n');
  process.exit(1);
}
let text = '';
for (let at = BigInt(start), i = 0; at < BigInt(end); at += 50_000n, i++) {
  const time = String(at / 1_000_000_000n) + '.' + String(at % 1_000_000_000n).padStart(9, '0');
  const leaf = i % 2 === 0 ? '\\t ffffffff82 do_syscall_64 ([kernel.kallsyms])\\n' : '';
  text += pid + '/' + pid + ' ' + time + ':   2000 cycles: \\n' + leaf +
    '\\t 7f01 JS:*inner ' + process.cwd() + '/app.cjs:2:1 (/tmp/perf-' + pid + '.map)\\n' +
    '\\t 7f02 JS:~work ' + process.cwd() + '/app.cjs:3:1 (/tmp/perf-' + pid + '.map)\\n' +
    '\\t 7f03 node::Start (/usr/bin/node)\\n\\n' +
    pid + '/' + pid + ' ' + time + ':   5000 instructions: \\n\\t 7f02 JS:~work /x.js:3:1 (/tmp/perf-1.map)\\n\\n';
}
process.stdout.write(text);
`;

const ALL =
  '1,,cycles,1,100;1,,cpu-clock,1,100;1,,instructions,1,100;1,,cache-misses,1,100;1,,branch-misses,1,100;' +
  '1,,page-faults,1,100;1,,context-switches,1,100';
const APP = `
function inner(until) { while (process.hrtime.bigint() < until); }
function work() { inner(process.hrtime.bigint() + 5_000_000n); }
for (let i = 0; i < 4; i++) work();
console.log(process.env.NODE_OPTIONS.includes('--perf-basic-prof'), process.argv.length);
process.exitCode = 7;
`;

let project: Project;
before(async () => {
  project = await Project.create({ 'app.cjs': APP, 'bin/perf': STAND_IN });
  chmodSync(project.path('bin/perf'), 0o755);
  mkdirSync(project.path('none'));
});
after(() => project.remove());

let runs = 0;

async function run(stat: string, env: NodeJS.ProcessEnv = {}, path?: string) {
  const said = project.path(`arguments-${++runs}.txt`);
  const finished = await project.ttprof(['-t', 'app.cjs:work', '--perf', '--json', 'out.json', 'app.cjs'], {
    env: {
      PATH: path ?? `${project.path('bin')}${delimiter}${process.env.PATH}`,
      PERF_STAT: stat,
      PERF_ARGUMENTS: said,
      ...env,
    },
  });
  const report = JSON.parse(readFileSync(project.path('out.json'), 'utf8'));
  const commands = (): string[][] =>
    readFileSync(said, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  return { ...finished, work: report.functions[0], notes: report.notes as string[], commands };
}

const onLinux = { skip: process.platform !== 'linux' && 'perf is a tool of Linux' };

test(
  'the program runs below perf record, as it would alone, and its samples are given to targets',
  onLinux,
  async () => {
    const { code, stdout, stderr, work, commands } = await run(ALL);
    assert.equal(code, 7);
    assert.match(stdout, /^true 2$/m);
    const [stat, record, script] = commands();
    assert.equal(stat![0], 'stat');
    assert.deepEqual(record!.slice(0, 11), [
      ...['record', '-q', '-k', 'CLOCK_MONOTONIC', '-F', '999', '-g'],
      ...['-e', 'cycles', '-e', 'instructions'],
    ]);
    assert.equal(record!.at(-1), 'app.cjs');
    assert.equal(script![0], 'script');

    const { perf, calls, total_ns: total } = work;
    assert.equal(calls, 4);
    assert.equal(perf.event, 'cycles');
    // before and after the calls samples are nobody's
    const share = (perf.samples * 50_000) / total;
    assert.ok(Math.abs(share - 1) < 0.1, `${share}`);
    assert.equal(perf.js + perf.native + perf.kernel, perf.samples);
    assert.ok(Math.abs(perf.js - perf.kernel) <= 8, `${perf.js} and ${perf.kernel}`);
    assert.equal(perf.counters.instructions, 2.5 * perf.counters.cycles);
    assert.deepEqual(
      perf.nodes.map(({ name, file, line }: { name: string; file: string; line: number }) => [
        name,
        file,
        line,
      ]),
      [
        ['work', 'app.cjs', 3],
        ['inner', 'app.cjs', 2],
        ['do_syscall_64', '[kernel]', 0],
      ],
    );
    assert.match(
      stderr,
      / perf inside app\.cjs:work: [\d,]+ samples of cycles, one each 1\.00ms: (?:49|50)\.\d% JavaScript/,
    );
    assert.match(stderr, /instructions, 2\.50 instructions a cycle\n/);
    assert.deepEqual(
      readdirSync(project.folder).filter((name) => name.startsWith('isolate')),
      [],
    );
  },
);

test('without perf one line says so, and the report is as without', onLinux, async () => {
  const { code, work, notes } = await run(ALL, {}, project.path('none'));
  assert.equal(code, 7);
  assert.equal(work.calls, 4);
  assert.equal(work.perf, undefined);
  assert.deepEqual(
    notes.filter((note) => note.startsWith('--perf')),
    [
      '--perf: nothing is sampled, because there is no perf in PATH; install it (linux-perf on Debian, linux-tools-generic on Ubuntu)',
    ],
  );
});

test('where the kernel forbids it its setting is named with its value', onLinux, async () => {
  const { code, work, notes, stdout, commands } = await run(
    'Error:;Access to performance monitoring and observability operations is limited.',
  );
  assert.equal(code, 7);
  assert.match(stdout, /^false 2$/m);
  assert.equal(work.calls, 4);
  const value = readFileSync('/proc/sys/kernel/perf_event_paranoid', 'utf8').trim();
  const said = notes.filter((note) => note.startsWith('--perf'));
  assert.equal(said.length, 1);
  assert.ok(said[0]!.includes(`perf_event_paranoid is ${value},`), said[0]);
  assert.equal(commands().length, 1);
});

test('an event that the machine lacks is named; without cycles the clock samples', onLinux, async () => {
  const { notes, commands } = await run(
    '<not supported>,,cycles,0,100;1,msec,cpu-clock,1,100;<not supported>,,instructions,0,100;1,,page-faults,1,100',
  );
  assert.ok(
    notes.includes(
      '--perf: this machine does not count cycles, instructions, cache-misses, branch-misses, context-switches; samples are taken by cpu-clock',
    ),
    notes.join('\n'),
  );
  assert.deepEqual(commands()[1]!.slice(7, 11), ['-e', 'cpu-clock', '-e', 'page-faults']);
});

test('without the right to see the kernel that is said', onLinux, async () => {
  const { notes } = await run(ALL.replaceAll(/,,([\w-]+),/g, ',,$1:u,'));
  assert.match(
    notes.find((note) => note.startsWith('--perf'))!,
    /without the kernel's part.*perf_event_paranoid is -?\d/,
  );
});

test('a program that cannot be run is named as ever', onLinux, async () => {
  const { code, stderr } = await project.ttprof(['-t', 'app.cjs:work', '--perf', 'nothing.cjs'], {
    env: {
      PATH: `${project.path('bin')}${delimiter}${process.env.PATH}`,
      PERF_STAT: ALL,
      PERF_ARGUMENTS: project.path('arguments.txt'),
    },
  });
  assert.equal(code, 2);
  assert.match(stderr, /^ttprof: cannot run "nothing\.cjs": no such file/m);
});

test('samples that cannot be read are one line', onLinux, async () => {
  const { code, work, notes } = await run(ALL, { PERF_SCRIPT_FAILS: '1' });
  assert.equal(code, 7);
  assert.equal(work.calls, 4);
  assert.ok(
    notes.includes('--perf: its samples cannot be read: perf script ended with 1: incompatible file format'),
  );
});

test('--perf together with --drill or --sample is refused', async () => {
  for (const [other, name] of [
    [['--drill'], '--drill'],
    [['--sample', '9'], '--sample'],
  ] as const) {
    const { code, stderr } = await project.ttprof(['-t', 'app.cjs:work', '--perf', ...other, 'app.cjs']);
    assert.equal(code, 2);
    assert.match(stderr, new RegExp(`--perf and ${name} exclude each other`));
  }
});
