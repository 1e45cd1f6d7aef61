// How often a true change of 5 and of 10 % is found with 10 runs a side, and how often a program that did not change is
// proved the same.
//
//   node bench/power.mjs [--groups 13]
//
// Each group is 10 runs of each version, in ABBA order as `ttprof ab` makes them, with 8 jobs: 104 trials of each
// change by default, in about six minutes. The jobs are equal steps: 21 of them instead of 20 are 5 % more.
import { parseArgs } from 'node:util';
import { compareSides, runWorkload, STEPS } from './comparisons/run-workload.mjs';
import { countVerdicts, percent } from './comparisons/verdicts.mjs';
import { JOBS, writeWorkload } from './comparisons/workload.mjs';
import { printTable, saveResults } from './output.mjs';

const RUNS = 10;
const FIVE = STEPS / 20;
/** Steps of each version that is compared with the base. */
const CHANGES = { '0 %': STEPS, '+5 %': STEPS + FIVE, '+10 %': STEPS + 2 * FIVE };

const { values } = parseArgs({ options: { groups: { type: 'string', default: '13' } } });
const groups = Number(values.groups);
const { folder, remove } = writeWorkload();
const deltas = Object.fromEntries(Object.keys(CHANGES).map((change) => [change, []]));
try {
  for (let group = 0; group < groups; group++) {
    console.error(`group ${group + 1} of ${groups}`);
    const base = [];
    const changed = Object.fromEntries(Object.keys(CHANGES).map((change) => [change, []]));
    for (let i = 0; i < RUNS; i++) {
      // base first, then last: each version is as often before it as after
      const order = [
        () => run(base, STEPS),
        ...Object.entries(CHANGES).map(
          ([change, steps]) =>
            () =>
              run(changed[change], steps),
        ),
      ];
      for (const one of i % 2 === 0 ? order : order.reverse()) await one();
    }
    for (const [change, runs] of Object.entries(changed))
      deltas[change].push(...compareSides(folder, base, runs));
  }
} finally {
  remove();
}

const counts = Object.fromEntries(
  Object.entries(deltas).map(([change, list]) => [change, countVerdicts(list)]),
);
const rows = [['true change', 'trials', 'faster', 'same', 'unsure', 'slower', 'half width']];
for (const [change, { comparisons, faster, same, unsure, slower, medianHalfWidth }] of Object.entries(
  counts,
)) {
  const shares = [faster, same, unsure, slower].map((count) => percent(count, comparisons));
  rows.push([change, String(comparisons), ...shares, `${medianHalfWidth.toFixed(1)} %`]);
}
printTable(rows);
saveResults('power', { jobs: JOBS, runsPerSide: RUNS, counts });

async function run(runs, steps) {
  runs.push(await runWorkload(folder, 'single', steps));
}
