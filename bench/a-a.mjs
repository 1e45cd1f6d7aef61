// How often identical code is called faster or slower (at most 5 % of comparisons may be), for each way in which ttprof
// compares. `--load` is the number of busy processes beside it.
//
//   node bench/a-a.mjs [--load 0] [--pairs 210] [--groups 25] [--only pairs,runs,modules]
//
// `pairs`: pairs of `ttprof ab`, in turns. The pairs of each job are divided among comparisons, as many for each as it
// takes to decide, none used twice. `runs`: each group is 10 runs of a program with 8 jobs, so that the default gives 200
// comparisons of ten runs against ten and 2000 within one run; about six minutes on a quiet machine.
import { parseArgs } from 'node:util';
import { startLoad } from './comparisons/load.mjs';
import { compareModules, writeModules } from './comparisons/modules.mjs';
import { decideAtLooks, runPair } from './comparisons/run-pairs.mjs';
import { comparePairs, compareSides, runWorkload } from './comparisons/run-workload.mjs';
import { countVerdicts, percent } from './comparisons/verdicts.mjs';
import { JOBS, writeWorkload } from './comparisons/workload.mjs';
import { printTable, saveResults } from './output.mjs';

const RUNS = 10;
/** Runs in which all calls of one copy come before those of the other, for ten in which they take turns. */
const SEQUENCES_PER_GROUP = 5;

const { values } = parseArgs({
  options: {
    load: { type: 'string', default: '0' },
    pairs: { type: 'string', default: '210' },
    groups: { type: 'string', default: '25' },
    only: { type: 'string', default: 'pairs,runs,modules' },
  },
});
const [load, pairs, groups] = [values.load, values.pairs, values.groups].map(Number);
const only = values.only.split(',');
const { folder, remove } = writeWorkload();
const endLoad = startLoad(load);
const modes = {};
try {
  if (only.includes('pairs')) modes['ab, in turns, until decided'] = countVerdicts(await measurePairs());
  if (only.includes('runs'))
    for (const [mode, deltas] of Object.entries(await measureRuns())) modes[mode] = countVerdicts(deltas);
  if (only.includes('modules'))
    modes['-x --runs 10, two CommonJS modules'] = countVerdicts(await measureModules());
} finally {
  endLoad();
  remove();
}
saveResults(`a-a-load-${load}`, { jobs: JOBS, runsPerSide: RUNS, pairs, load, modes });

const rows = [['mode', 'load', 'comparisons', 'faster or slower', 'same', 'unsure']];
for (const [mode, { comparisons, faster, slower, same, unsure }] of Object.entries(modes)) {
  const shares = [faster + slower, same, unsure].map((count) => percent(count, comparisons));
  rows.push([mode, String(load), String(comparisons), ...shares]);
}
printTable(rows);

/** @returns the verdicts of `ttprof ab`, with the job's number: not all have equally many */
async function measurePairs() {
  const differences = JOBS.map(() => []);
  for (let pair = 0; pair < pairs; pair++) {
    if (pair % RUNS === 0) console.error(`${pair} of ${pairs} pairs`);
    for (const [job, { difference }] of (await runPair(folder, 'process')).entries())
      differences[job].push(difference);
  }
  return differences.flatMap((list, job) => {
    const judgements = [];
    for (let rest = list; ; ) {
      const judgement = decideAtLooks(rest);
      if (judgement === null) return judgements;
      rest = rest.slice(judgement.pairs);
      judgements.push({ ...judgement, job });
    }
  });
}

/** Each group is ten runs of a program that loads one CommonJS module twice. */
async function measureModules() {
  const modules = writeModules();
  try {
    const deltas = [];
    for (let group = 0; group < groups; group++) deltas.push(await compareModules(modules.folder, RUNS));
    return deltas;
  } finally {
    modules.remove();
  }
}

async function measureRuns() {
  const turns = await run(groups * RUNS + RUNS, 'turns');
  const sequences = await run(groups * SEQUENCES_PER_GROUP, 'sequence');
  return {
    '-x, calls in turns': turns.flatMap((one) => comparePairs(folder, [one])),
    '-x, one after the other': sequences.flatMap((one) => comparePairs(folder, [one])),
    '-x --runs 10, calls in turns': cut(turns, RUNS).flatMap((group) => comparePairs(folder, group)),
    '-x --runs 10, one after the other': cut(sequences, RUNS).flatMap((group) => comparePairs(folder, group)),
    '--runs 10 against a baseline of 10': windows(turns).flatMap((window) =>
      compareSides(folder, window.slice(0, RUNS), window.slice(RUNS)),
    ),
    'ab --turns off, 10 runs a side': windows(turns).flatMap((window) => {
      // base, current, current, base, base, …
      const isBase = (_, i) => i % 4 === 0 || i % 4 === 3;
      return compareSides(
        folder,
        window.filter(isBase),
        window.filter((one, i) => !isBase(one, i)),
      );
    }),
  };
}

async function run(count, order) {
  const runs = [];
  for (let i = 0; i < count; i++) {
    if (i % RUNS === 0) console.error(`${order}: ${i} of ${count} runs`);
    runs.push(await runWorkload(folder, order));
  }
  return runs;
}

/** Every `length` of them, a leftover dropped. */
function cut(runs, length) {
  return Array.from({ length: Math.floor(runs.length / length) }, (_, i) =>
    runs.slice(i * length, (i + 1) * length),
  );
}

/** Each group with the one after it: 20 runs in the order in which they were made. */
function windows(runs) {
  return Array.from({ length: runs.length / RUNS - 1 }, (_, i) => runs.slice(i * RUNS, (i + 2) * RUNS));
}
