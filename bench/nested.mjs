// How near the times of measured functions are to the truth that call short measured functions, each in several processes:
// V8 decides anew in each. The truth is a copy of the outer function, timed without ttprof in the same process and in turns.
//
//   node bench/nested.mjs [--processes 5]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { median } from './medians.mjs';
import { INNER_CALLS, SHAPES } from './nested/shapes.mjs';
import { runAlone } from './output.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const TURNS = 500;
/** Off by more, for each call of the inner function, is bold: what the accuracy of short calls is promised to be. */
const BOUND_NS = 5;

/** @returns rows of a table, and the figures in ns */
export function measureNested({ node = process.execPath, processes = 5 } = {}) {
  const data = Object.keys(SHAPES).map((shape) => ({
    shape,
    runs: Array.from({ length: processes }, () => measureShape(node, shape)),
  }));
  return { title: 'Measured calls within measured calls', rows: toRows(data), data };
}

function measureShape(node, shape) {
  const folder = mkdtempSync(join(tmpdir(), 'ttprof-bench-'));
  try {
    const [measured, plain, json] = ['measured.mjs', 'plain.mjs', 'report.json'].map((name) =>
      join(folder, name),
    );
    for (const file of [measured, plain]) writeFileSync(file, SHAPES[shape]);
    const preload = pathToFileURL(join(ROOT, 'lib/register.js')).href;
    const output = execFileSync(
      node,
      ['--import', preload, join(ROOT, 'bench/nested/child.mjs'), measured, plain, String(TURNS)],
      {
        encoding: 'utf8',
        env: {
          ...process.env,
          TTPROF: ['outer', 'middle', 'inner'].map((name) => `${measured}:${name}`).join(' '),
          TTPROF_QUIET: '1',
          TTPROF_JSON: json,
        },
      },
    );
    const { functions } = JSON.parse(readFileSync(json, 'utf8'));
    const find = (name) => functions.find((each) => each.name.endsWith(`:${name}`));
    return {
      ...JSON.parse(output),
      reportedNs: medianOfLastHalf(find('outer')),
      innerNs: medianOfLastHalf(find('inner')),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function medianOfLastHalf({ series }) {
  const [{ duration_ns: durations }] = series;
  return median(durations.slice(-durations.length / 2));
}

function toRows(data) {
  const show = (ns) => `${ns.toFixed(0)} ns`;
  return [
    [
      'how it calls',
      'truth',
      'reported',
      'too long by, for each call inside',
      'the worst process',
      'the inner one',
    ],
    ...data.map(({ shape, runs }) => {
      const errors = runs
        .map(({ truthNs, reportedNs }) => (reportedNs - truthNs) / INNER_CALLS)
        .sort((a, b) => Math.abs(a) - Math.abs(b));
      const showError = (ns) => (Math.abs(ns) > BOUND_NS ? `**${ns.toFixed(1)} ns**` : `${ns.toFixed(1)} ns`);
      return [
        shape,
        show(median(runs.map(({ truthNs }) => truthNs))),
        show(median(runs.map(({ reportedNs }) => reportedNs))),
        showError(median(errors)),
        showError(errors.at(-1)),
        `${median(runs.map(({ innerNs }) => innerNs)).toFixed(1)} ns`,
      ];
    }),
  ];
}

runAlone(import.meta.url, 'nested', measureNested, 'processes');
