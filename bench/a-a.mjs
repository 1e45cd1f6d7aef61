// How often identical code is called faster or slower (it must not be in more than 5 % of comparisons), in each way in
// which ttprof compares, on the machine as it is and with another process loading it.
//
//   node bench/a-a.mjs [--groups 25] [--condition quiet | loaded]
//
// Each group is 10 runs of a program with 8 jobs, so that the default gives 200 comparisons of ten runs against ten
// and 2000 within one run, in each condition. Takes about six minutes for each.
import { parseArgs } from 'node:util';
import { disturb } from './comparisons/disturb.mjs';
import { comparePairs, compareSides, runWorkload } from './comparisons/run-workload.mjs';
import { countVerdicts, percent } from './comparisons/verdicts.mjs';
import { JOBS, writeWorkload } from './comparisons/workload.mjs';
import { printTable, saveResults } from './output.mjs';

const RUNS = 10;
/** Runs in which all calls of one copy come before those of the other, for ten in which they take turns. */
const SEQUENCES_PER_GROUP = 5;

const { values } = parseArgs({
  options: { groups: { type: 'string', default: '25' }, condition: { type: 'string' } },
});
const groups = Number(values.groups);
const { folder, remove } = writeWorkload();
const conditions = {};
try {
  for (const condition of values.condition ? [values.condition] : ['quiet', 'loaded']) {
    const end = condition === 'loaded' ? disturb() : () => {};
    try {
      conditions[condition] = await measure();
    } finally {
      end();
    }
    saveResults(`a-a-${condition}`, { jobs: JOBS, runsPerSide: RUNS, modes: conditions[condition] });
  }
} finally {
  remove();
}

const rows = [['mode', 'machine', 'comparisons', 'faster or slower', 'same', 'unsure']];
for (const [condition, modes] of Object.entries(conditions)) {
  for (const [mode, { comparisons, faster, slower, same, unsure }] of Object.entries(modes)) {
    const shares = [faster + slower, same, unsure].map((count) => percent(count, comparisons));
    rows.push([mode, condition === 'quiet' ? 'as it is' : 'loaded', String(comparisons), ...shares]);
  }
}
printTable(rows);

async function measure() {
  const turns = await run(groups * RUNS + RUNS, 'turns');
  const sequences = await run(groups * SEQUENCES_PER_GROUP, 'sequence');
  const compared = {
    '-x, calls in turns': turns.flatMap((one) => comparePairs(folder, [one])),
    '-x, one after the other': sequences.flatMap((one) => comparePairs(folder, [one])),
    '-x --runs 10, calls in turns': cut(turns, RUNS).flatMap((group) => comparePairs(folder, group)),
    '-x --runs 10, one after the other': cut(sequences, RUNS).flatMap((group) => comparePairs(folder, group)),
    '--runs 10 against a baseline of 10': windows(turns).flatMap((window) =>
      compareSides(folder, window.slice(0, RUNS), window.slice(RUNS)),
    ),
    'ab, 10 runs a side': windows(turns).flatMap((window) => {
      // base, current, current, base, base, …
      const isBase = (_, i) => i % 4 === 0 || i % 4 === 3;
      return compareSides(
        folder,
        window.filter(isBase),
        window.filter((one, i) => !isBase(one, i)),
      );
    }),
  };
  return Object.fromEntries(Object.entries(compared).map(([mode, deltas]) => [mode, countVerdicts(deltas)]));
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
