// How near the reported times are to the truth: functions of several kinds, of 20 ns to 10 ms, and for each kind parents
// of 20,000 and of 100 calls of 300 ns that are measured too. The truth is the same function timed in batches of 100 μs
// without ttprof, in the same process and in turns: the mean of two copies, which differ as well (the last row).
//
//   node bench/accuracy.mjs [--processes 5]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { KINDS, moduleText } from './accuracy/kinds.mjs';
import { typical } from './accuracy/typical.mjs';
import { median } from './medians.mjs';
import { runAlone } from './output.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** What the parent calls is as long as the last one. */
const LENGTHS_NS = [20, 50, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 300];
/** What is promised: within so much of the truth. */
const BOUND_NS = 5;
const BOUND_SHARE = 0.02;
/** Of the parents that child.mjs measures, by how long what they call is. */
const PARENT_TITLES = [
  (length) => `parent of 20,000 × ${length}`,
  (length) => `parent of 100 × ${length}, first 8,000 calls`,
];
/** Each kind is measured in so many processes: V8 compiles a text better in one than in the next. */
const PROCESSES = 5;

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
      parents: PARENT_TITLES.map((_, index) => middleOf(runs.map(({ parents }) => parents[index]))),
      ownOfTotal: runs[0].ownOfTotal,
    };
  });
  return { title: 'Accuracy', rows: toRows(data), data };
}

function measureKind(node, kind) {
  const folder = mkdtempSync(join(tmpdir(), 'ttprof-bench-'));
  try {
    const modules = ['measured.mjs', 'plain.mjs', 'other.mjs'].map((name) => join(folder, name));
    for (const file of modules) writeFileSync(file, moduleText(kind, LENGTHS_NS.length));
    const [measured] = modules;
    const json = join(folder, 'report.json');
    const preload = pathToFileURL(join(ROOT, 'lib/register.js')).href;
    const child = join(ROOT, 'bench/accuracy/child.mjs');
    const output = execFileSync(
      node,
      ['--allow-natives-syntax', '--import', preload, child, ...modules, ...LENGTHS_NS.map(String)],
      {
        encoding: 'utf8',
        env: {
          ...process.env,
          TTPROF: `${measured}:*`,
          TTPROF_QUIET: '1',
          TTPROF_JSON: json,
        },
      },
    );
    const { works, parents } = JSON.parse(output);
    const { functions } = JSON.parse(readFileSync(json, 'utf8'));
    const find = (name) => functions.find((each) => each.name.endsWith(`:${name}`));
    return {
      works: works.map(({ calls, truthsNs }, index) =>
        compare(truthsNs, typicalOfLast(find(`work${index}`), calls, LENGTHS_NS[index])),
      ),
      parents: parents.map(({ name, turns, truthsNs }) =>
        compare(truthsNs, typicalOfLast(find(name), turns, truthsNs[0])),
      ),
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

/** Of what parents call, the outermost calls' time is not told apart: less what the parents' hold. */
function sumOfOutermost(functions) {
  const totalNs = functions.reduce((sum, { total_ns }) => sum + total_ns, 0);
  const inParentNs = functions.flatMap(({ callers }) => callers.filter(({ name }) => name !== null));
  return totalNs - inParentNs.reduce((sum, { total_ns }) => sum + total_ns, 0);
}

/** What is reported of one process, and how far that and the second copy are off, in ns. */
function compare([plainNs, otherNs], reportedNs) {
  const truthNs = (plainNs + otherNs) / 2;
  return { truthNs, offNs: reportedNs - truthNs, copiesNs: Math.abs(plainNs - otherNs) };
}

/** The middle of processes or of kinds. */
function middleOf(compared) {
  const middle = (field) => median(compared.map((each) => each[field] / each.truthNs));
  const truthNs = median(compared.map((each) => each.truthNs));
  return { truthNs, offNs: middle('offNs') * truthNs, copiesNs: middle('copiesNs') * truthNs };
}

const show = (ns) => (ns < 1e4 ? `${ns.toFixed(0)} ns` : ns < 1e6 ? `${ns / 1e3} μs` : `${ns / 1e6} ms`);

function showDifference(ns, truthNs) {
  const share = ns / truthNs;
  const within = Math.abs(ns) <= BOUND_NS || Math.abs(share) <= BOUND_SHARE;
  const text = truthNs < 250 ? `${ns.toFixed(0)} ns` : `${(100 * share).toFixed(1)} %`;
  return within ? text : `**${text}**`;
}

/** What is off by more than the bounds is bold. */
function toRows(data) {
  const columns = LENGTHS_NS.map((ns, index) => ({
    ns,
    title: show(ns),
    of: ({ works }) => works[index],
  })).sort((a, b) => a.ns - b.ns);
  for (const [index, titleOf] of PARENT_TITLES.entries())
    columns.push({ title: titleOf(show(LENGTHS_NS.at(-1))), of: ({ parents }) => parents[index] });
  const off = ({ offNs, truthNs }) => showDifference(offNs, truthNs);
  const middles = columns.map(({ of }) => middleOf(data.map(of)));
  return [
    ['reported less the truth', ...columns.map(({ title }) => title)],
    ...data.map((each) => [each.kind, ...columns.map(({ of }) => off(of(each)))]),
    ['the middle of them', ...middles.map(off)],
    [
      '*two copies without ttprof, the middle of their differences*',
      ...middles.map(({ copiesNs, truthNs }) => showDifference(copiesNs, truthNs)),
    ],
  ];
}

runAlone(import.meta.url, 'accuracy', measureAccuracy, 'processes');
