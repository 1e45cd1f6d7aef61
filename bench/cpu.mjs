// What --cpu says of functions that compute, sleep and are short, against the CPU time of their copies without ttprof, on the
// machine as it is and with two busy processes a core; and what share of the calls' time the readings take.
//
//   node bench/cpu.mjs
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runAlone } from './output.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const FOLDER = join(ROOT, 'bench/cpu');
const TARGETS = ['spinlock', 'sleeper', 'short', 'middling'];
const BUSY_PER_CORE = 2;

/** @returns rows of a table, and the figures in ns per call */
export function measureCpu({ node = process.execPath } = {}) {
  const quiet = run(node);
  const loaded = withLoad(() => run(node));
  const data = TARGETS.map((name) => ({ name, quiet: quiet[name], loaded: loaded[name] }));
  return { title: 'CPU time', rows: toRows(data), data };
}

function run(node) {
  const folder = mkdtempSync(join(tmpdir(), 'ttprof-bench-'));
  try {
    const json = join(folder, 'report.json');
    const preload = pathToFileURL(join(ROOT, 'lib/register.js')).href;
    const output = execFileSync(node, ['--import', preload, 'child.mjs'], {
      cwd: FOLDER,
      encoding: 'utf8',
      env: {
        ...process.env,
        TTPROF_CPU: '1',
        TTPROF: TARGETS.map((name) => `./functions.mjs:${name}`).join(' '),
        TTPROF_QUIET: '1',
        TTPROF_JSON: json,
      },
    });
    const { functions } = JSON.parse(readFileSync(json, 'utf8'));
    const { truthsNs, readingNs } = JSON.parse(output);
    return Object.fromEntries(
      TARGETS.map((name) => {
        const { calls, cpu_ns, cpu_calls, total_ns } = functions.find((each) =>
          each.name.endsWith(`:${name}`),
        );
        const readings = cpu_calls === undefined ? 2 * calls : 3 * cpu_calls;
        const ofTime = (readings * readingNs) / total_ns;
        return [
          name,
          { truthNs: truthsNs[name], reportedNs: cpu_ns / calls, read: (cpu_calls ?? calls) / calls, ofTime },
        ];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Does something while other processes keep the machine busy. */
function withLoad(work) {
  const others = Array.from({ length: BUSY_PER_CORE * availableParallelism() }, () =>
    spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
  );
  try {
    return work();
  } finally {
    for (const other of others) other.kill('SIGKILL');
  }
}

const show = (ns) =>
  ns < 1e4 ? `${ns.toFixed(0)} ns` : ns < 1e6 ? `${(ns / 1e3).toFixed(0)} μs` : `${(ns / 1e6).toFixed(1)} ms`;
const share = (value) => `${(100 * value).toFixed(1)} %`;

function toRows(data) {
  return [
    [
      'CPU time of a call',
      'truth',
      'reported',
      'truth, loaded',
      'reported, loaded',
      'calls read',
      'readings, of their time',
    ],
    ...data.map(({ name, quiet, loaded }) => [
      name,
      show(quiet.truthNs),
      show(quiet.reportedNs),
      show(loaded.truthNs),
      show(loaded.reportedNs),
      share(quiet.read),
      share(quiet.ofTime),
    ]),
  ];
}

runAlone(import.meta.url, 'cpu', measureCpu);
