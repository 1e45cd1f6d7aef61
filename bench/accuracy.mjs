// How near the reported times are to the truth: functions of several kinds, of 20 ns to 10 ms, and for each kind a parent of
// 20,000 calls of 300 ns that are measured too. The truth is the same function timed in batches of 100 μs without ttprof,
// in the same process and in turns.
//
//   node bench/accuracy.mjs [--processes 3]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { KINDS, moduleText } from './accuracy/kinds.mjs';
import { typical } from './accuracy/typical.mjs';
import { runAlone } from './output.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** The last one's is called by the parent. */
const LENGTHS_NS = [20, 50, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 300];
/** What is promised: within so much of the truth. */
const BOUND_NS = 5;
const BOUND_SHARE = 0.02;
/** Each kind is measured in so many processes: V8 compiles two copies of one text apart, and better in one than in the next. */
const PROCESSES = 3;

/** @returns rows of a table, and the figures in ns */
export function measureAccuracy({ node = process.execPath, processes = PROCESSES } = {}) {
  const data = Object.keys(KINDS).map((kind) => {
    const runs = Array.from({ length: processes }, () => measureKind(node, kind));
    return {
      kind,
      works: LENGTHS_NS.map((lengthNs, index) => ({
        lengthNs,
        ...middleOf(runs.map(({ works }) => works[index])),
      })),
      parent: middleOf(runs.map(({ parent }) => parent)),
      ownOfTotal: runs[0].ownOfTotal,
    };
  });
  return { title: 'Accuracy', rows: toRows(data), data };
}

function measureKind(node, kind) {
  const folder = mkdtempSync(join(tmpdir(), 'ttprof-bench-'));
  try {
    const [measured, plain, json] = ['measured.mjs', 'plain.mjs', 'report.json'].map((name) =>
      join(folder, name),
    );
    for (const file of [measured, plain]) writeFileSync(file, moduleText(kind, LENGTHS_NS.length));
    const preload = pathToFileURL(join(ROOT, 'lib/register.js')).href;
    const child = join(ROOT, 'bench/accuracy/child.mjs');
    const output = execFileSync(
      node,
      ['--allow-natives-syntax', '--import', preload, child, measured, plain, ...LENGTHS_NS.map(String)],
      {
        encoding: 'utf8',
        env: {
          ...process.env,
          TTPROF: `${measured}:work* ${measured}:parent`,
          TTPROF_QUIET: '1',
          TTPROF_JSON: json,
        },
      },
    );
    const { works, parent } = JSON.parse(output);
    const { functions } = JSON.parse(readFileSync(json, 'utf8'));
    const find = (name) => functions.find((each) => each.name.endsWith(`:${name}`));
    return {
      works: works.map(({ calls, truthNs }, index) => ({
        truthNs,
        reportedNs: typicalOfLast(find(`work${index}`), calls, LENGTHS_NS[index]),
      })),
      parent: {
        truthNs: parent.truthNs,
        reportedNs: typicalOfLast(find('parent'), parent.turns, parent.truthNs),
      },
      ownOfTotal: functions.reduce((sum, { self_ns }) => sum + self_ns, 0) / sumOfOutermost(functions),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The last calls are those that the truth was measured beside. Where a series keeps one call in some, fewer stand for them. */
function typicalOfLast({ series }, calls, lengthNs) {
  const [{ duration_ns: durations, stride }] = series;
  return typical(durations.slice(-Math.floor(calls / stride)), lengthNs);
}

/** Of the last function, which the parent calls, the outermost calls' time is not told apart: less what the parent's hold. */
function sumOfOutermost(functions) {
  const totalNs = functions.reduce((sum, { total_ns }) => sum + total_ns, 0);
  const inParentNs = functions.flatMap(({ callers }) =>
    callers.filter(({ name }) => name?.endsWith(':parent')),
  );
  return totalNs - inParentNs.reduce((sum, { total_ns }) => sum + total_ns, 0);
}

const show = (ns) => (ns < 1e4 ? `${ns.toFixed(0)} ns` : ns < 1e6 ? `${ns / 1e3} μs` : `${ns / 1e6} ms`);

function showDifference({ truthNs, reportedNs }) {
  const ns = reportedNs - truthNs;
  const share = ns / truthNs;
  const within = Math.abs(ns) <= BOUND_NS || Math.abs(share) <= BOUND_SHARE;
  const text = truthNs < 250 ? `${ns.toFixed(0)} ns` : `${(100 * share).toFixed(1)} %`;
  return within ? text : `**${text}**`;
}

/** What is off by more than the bounds is bold. */
function toRows(data) {
  const lengths = LENGTHS_NS.map((ns, index) => ({ ns, index })).sort((a, b) => a.ns - b.ns);
  return [
    ['reported less the truth', ...lengths.map(({ ns }) => show(ns)), 'parent of 20,000 × 300 ns'],
    ...data.map(({ kind, works, parent }) => [
      kind,
      ...lengths.map(({ index }) => showDifference(works[index])),
      showDifference(parent),
    ]),
    [
      'the middle of them',
      ...lengths.map(({ index }) => showDifference(middleOf(data.map(({ works }) => works[index])))),
      showDifference(middleOf(data.map(({ parent }) => parent))),
    ],
  ];
}

function middleOf(pairs) {
  const sorted = pairs.toSorted((a, b) => a.reportedNs - a.truthNs - (b.reportedNs - b.truthNs));
  const at = (half) => sorted[half];
  const [low, high] = [at(Math.floor((sorted.length - 1) / 2)), at(Math.floor(sorted.length / 2))];
  const truthNs = (low.truthNs + high.truthNs) / 2;
  return {
    truthNs,
    reportedNs: truthNs + (low.reportedNs - low.truthNs + high.reportedNs - high.truthNs) / 2,
  };
}

runAlone(import.meta.url, 'accuracy', measureAccuracy, 'processes');
