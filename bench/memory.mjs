// Resident memory against the number of calls, and against the number of measured functions, with and without ttprof.
//
//   node bench/memory.mjs [--most-calls 100000000]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runAlone } from './output.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const FOLDER = join(ROOT, 'bench/memory');
const CALLS = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8];
const FUNCTIONS = [1, 100, 1000, 5000];
/**
 * V8 keeps all that it needed to compile functions in the background until none is waiting any more
 * (`MaglevConcurrentDispatcher`): some 100 kB for each of thousands that become hot at once, ttprof or not. What it
 * compiles in the program's thread is gone at once, and shows what is ttprof's.
 */
const QUEUES = [
  { name: 'compiled in the background', flags: [] },
  { name: 'compiled in the thread', flags: ['--single-threaded'] },
];

/** @returns rows of a table, and the figures in MB */
export function measureMemory({ node = process.execPath, mostCalls = 1e8 } = {}) {
  const counts = CALLS.filter((count) => count <= mostCalls);
  const target = `${join(FOLDER, 'calls.mjs')}:measured`;
  const [plain, measured] = [null, target].map((t) => run(node, t, ['calls', ...counts]));
  const calls = counts.map((count, i) => ({ count, plainMb: plain[i], measuredMb: measured[i] }));
  const folder = mkdtempSync(join(tmpdir(), 'ttprof-bench-'));
  try {
    const functions = FUNCTIONS.flatMap((count) => {
      const file = join(folder, `functions-${count}.mjs`);
      const texts = Array.from({ length: count }, (_, i) => `function f${i}(x) { return x + ${i} }`);
      const names = texts.map((_, i) => `f${i}`);
      writeFileSync(file, `${texts.join('\n')}\nexport const functions = [${names}];\n`);
      return QUEUES.map((queue) => {
        const [plainMb, measuredMb] = [null, `${file}:*`].map(
          (target) => run(node, target, ['functions', file], queue.flags)[0],
        );
        return { count, queue: queue.name, plainMb, measuredMb };
      });
    });
    return { title: 'Memory', rows: toRows(calls, functions), data: { calls, functions } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(node, target, args, flags = []) {
  const preload = ['--import', pathToFileURL(join(ROOT, 'lib/register.js')).href];
  const output = execFileSync(
    node,
    [
      '--expose-gc',
      ...flags,
      ...(target === null ? [] : preload),
      join(FOLDER, 'child.mjs'),
      ...args.map(String),
    ],
    { encoding: 'utf8', env: { ...process.env, TTPROF: target ?? '', TTPROF_QUIET: '1' } },
  );
  return JSON.parse(output).results;
}

function toRows(calls, functions) {
  const row = (what, { plainMb, measuredMb }) => [
    what,
    `${plainMb.toFixed(1)} MB`,
    `${measuredMb.toFixed(1)} MB`,
    `${(measuredMb - plainMb).toFixed(1)} MB`,
  ];
  return [
    ['program', 'without ttprof', 'with ttprof', 'added'],
    ...calls.map((entry) => row(`${entry.count.toLocaleString('en')} calls of one function`, entry)),
    ...functions.map((entry) =>
      row(`1,000 calls of each of ${entry.count.toLocaleString('en')} functions, ${entry.queue}`, entry),
    ),
  ];
}

runAlone(import.meta.url, 'memory', measureMemory, 'most-calls');
