// What `ttprof ab` says of a true change of 0, 5 and 10 %: with pairs in turns (in two processes or in one) until all is
// decided, with a fixed number of pairs in turns, and with runs one after the other (`--turns off`, ten a side).
//
//   node bench/power.mjs [--pairs 40] [--load 0] [--experiments 800] [--ways process,module,off]
//
// Real pairs of processes are measured, with `--load` busy processes beside them; experiments draw from them with
// replacement, and decide as the command does. The row of 0 % is identical code: what it calls faster or slower is false.
import { parseArgs } from 'node:util';
import { describeShift } from '../dist/report/compare/evidence.js';
import { judge } from '../dist/report/compare/judge.js';
import { MAX_PAIRS } from '../dist/report/statistics/group-sequential.js';
import { shiftBetween, shiftWithinPairs } from '../dist/report/statistics/rank-tests/hodges-lehmann.js';
import { startLoad } from './comparisons/load.mjs';
import { decideAtLooks, MARGIN_PERCENT, runPair } from './comparisons/run-pairs.mjs';
import { STEPS } from './comparisons/run-workload.mjs';
import { percent } from './comparisons/verdicts.mjs';
import { JOBS, writeWorkload } from './comparisons/workload.mjs';
import { printTable, saveResults } from './output.mjs';

const FIXED_PAIRS = 10;
const MS_PER_SECOND = 1000;
/** Steps of the version that is compared with the base: one more in twenty is 5 %. */
const CHANGES = { '0 %': STEPS, '+5 %': STEPS + STEPS / 20, '+10 %': STEPS + STEPS / 10 };
const VERDICTS = ['faster', 'same', 'unsure', 'slower'];

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '40' },
    load: { type: 'string', default: '0' },
    experiments: { type: 'string', default: '800' },
    ways: { type: 'string', default: 'process,module,off' },
  },
});
const [pairs, load, experiments] = [values.pairs, values.load, values.experiments].map(Number);
const ways = values.ways.split(',');
/** By way and change, and by job: what each pair says of it. */
const measured = {};
const spentMs = Object.fromEntries(ways.map((way) => [way, 0]));
await measureAll();

const table = [['true change', 'way', ...VERDICTS, 'pairs']];
const results = {};
for (const change of Object.keys(CHANGES))
  for (const [way, decide] of Object.entries(listDecisions())) {
    const trials = JOBS.flatMap((_, job) =>
      Array.from({ length: experiments / JOBS.length }, () => decide(change, job)),
    );
    const counts = Object.fromEntries(
      VERDICTS.map((verdict) => [verdict, trials.filter((trial) => trial.verdict === verdict).length]),
    );
    const meanPairs = trials.reduce((sum, trial) => sum + trial.pairs, 0) / trials.length;
    results[`${change}, ${way}`] = { trials: trials.length, ...counts, meanPairs };
    const shares = VERDICTS.map((verdict) => percent(counts[verdict], trials.length));
    table.push([change, way, ...shares, meanPairs.toFixed(1)]);
  }
printTable(table);
const pairsOfAWay = pairs * Object.keys(CHANGES).length;
for (const way of ways)
  console.log(`${way}: ${(spentMs[way] / pairsOfAWay / MS_PER_SECOND).toFixed(2)} s a pair`);
saveResults(`power-load-${load}`, { jobs: JOBS, pairs, load, experiments, results, spentMs, measured });

async function measureAll() {
  const { folder, remove } = writeWorkload();
  const endLoad = startLoad(load);
  try {
    // all ways and changes meet the same moods of the machine
    for (let pair = 0; pair < pairs; pair++) {
      console.error(`pair ${pair + 1} of ${pairs}`);
      for (const [change, steps] of Object.entries(CHANGES))
        for (const way of ways) {
          const startMs = Date.now();
          const jobs = await runPair(folder, way, steps);
          spentMs[way] += Date.now() - startMs;
          const lists = (measured[`${way} ${change}`] ??= JOBS.map(() => []));
          for (const [job, said] of jobs.entries()) lists[job].push(said);
        }
    }
  } finally {
    endLoad();
    remove();
  }
}

/** By name: draws one experiment, and what the command would say of it. */
function listDecisions() {
  const draw = (way, change, job, count) =>
    Array.from({ length: count }, () => {
      const list = measured[`${way} ${change}`][job];
      return list[Math.floor(Math.random() * list.length)];
    });
  const drawDifferences = (way, change, job, count) =>
    draw(way, change, job, count).map((pair) => pair.difference);
  const decideFixed = (method, shift) => ({
    ...judge(describeShift(method, shift, FIXED_PAIRS), MARGIN_PERCENT),
    pairs: FIXED_PAIRS,
  });
  const decisions = {};
  for (const way of ways.filter((each) => each !== 'off')) {
    decisions[`${way}, until decided`] = (change, job) =>
      decideAtLooks(drawDifferences(way, change, job, MAX_PAIRS));
    decisions[`${way}, ${FIXED_PAIRS} pairs`] = (change, job) =>
      decideFixed('pairs', shiftWithinPairs(drawDifferences(way, change, job, FIXED_PAIRS)));
  }
  if (ways.includes('off'))
    decisions[`off, ${FIXED_PAIRS} runs a side`] = (change, job) => {
      const before = draw('off', change, job, FIXED_PAIRS).map((pair) => pair.before);
      const after = draw('off', change, job, FIXED_PAIRS).map((pair) => pair.after);
      return decideFixed('runs', shiftBetween(before, after));
    };
  return decisions;
}
