// How near the reported times are to the truth: functions that are busy for a known time, and a parent whose million
// calls of a child are measured too. The truth is measured without ttprof, in the same process and in turns.
//
//   node bench/accuracy.mjs
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runAlone } from './output.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const FOLDER = join(ROOT, 'bench/accuracy');
/** Durations, and how many calls of each: half a second of them, at most 300,000. */
const DURATIONS_NS = [20, 50, 100, 200, 500, 1e3, 1e4, 1e5, 1e6, 1e7];
const MAX_CALLS = 300_000;
const SPENT_NS = 5e8;
/** Calls of a short loop, after which V8 has optimised the function. */
const WARMUP = '3000';
/** Steps of the child's loop, which take 1 to 2 ns each. */
const CHILD_STEPS = [50, 200, 1000];
const CHILD_CALLS = 1_000_000;
const TURNS = 50;

/** @returns rows of a table, and the figures in ns */
export function measureAccuracy({ node = process.execPath } = {}) {
  const work = DURATIONS_NS.map((ns) => {
    const calls = Math.min(MAX_CALLS, Math.ceil(SPENT_NS / ns));
    const { truthNs, report } = run(node, ['work', ns, calls], 'work');
    return { ns, truthNs, reportedNs: report.functions[0].median_ns };
  });
  const parents = CHILD_STEPS.map((steps) => {
    const { truthNs, report } = run(node, ['parent', steps, CHILD_CALLS], 'parent', 'child');
    const parent = report.functions.find(({ name }) => name.endsWith(':parent'));
    const selfNs = report.functions.reduce((sum, { self_ns }) => sum + self_ns, 0);
    // The last calls are those that the truth was measured beside.
    const durations = parent.series[0].duration_ns.slice(-TURNS);
    const reportedNs = durations.sort((a, b) => a - b)[TURNS / 2];
    return { steps, truthNs, reportedNs, selfOfTotal: selfNs / parent.total_ns };
  });
  return { title: 'Accuracy', rows: toRows(work, parents), data: { work, parents } };
}

function run(node, args, ...targets) {
  const folder = mkdtempSync(join(tmpdir(), 'ttprof-bench-'));
  try {
    const json = join(folder, 'report.json');
    const preload = pathToFileURL(join(ROOT, 'lib/register.js')).href;
    const output = execFileSync(node, ['--import', preload, join(FOLDER, 'child.mjs'), ...args.map(String)], {
      encoding: 'utf8',
      env: {
        ...process.env,
        TTPROF: targets.map((target) => `${join(FOLDER, 'functions.mjs')}:${target}`).join(' '),
        TTPROF_QUIET: '1',
        ...(args[0] === 'work' ? { TTPROF_WARMUP: WARMUP } : {}),
        TTPROF_JSON: json,
      },
    });
    return { ...JSON.parse(output), report: JSON.parse(readFileSync(json, 'utf8')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const show = (ns) => (ns < 1e4 ? `${ns.toFixed(1)} ns` : `${(ns / 1e3).toFixed(1)} μs`);

function toRows(work, parents) {
  const header = ['function', 'truth', 'reported', 'off by', 'of the truth'];
  const row = (what, truthNs, reportedNs) => [
    what,
    show(truthNs),
    show(reportedNs),
    show(reportedNs - truthNs),
    `${((100 * (reportedNs - truthNs)) / truthNs).toFixed(1)} %`,
  ];
  return [
    header,
    ...work.map(({ ns, truthNs, reportedNs }) => row(`busy for ${show(ns)}`, truthNs, reportedNs)),
    ...parents.map(({ steps, truthNs, reportedNs }) =>
      row(`parent of 20,000 measured calls of ${steps} steps`, truthNs, reportedNs),
    ),
    ...parents.map(({ steps, selfOfTotal }) => [
      `own times of both, of the total (${steps} steps)`,
      '1',
      selfOfTotal.toFixed(9),
      '',
      '',
    ]),
  ];
}

runAlone(import.meta.url, 'accuracy', measureAccuracy);
