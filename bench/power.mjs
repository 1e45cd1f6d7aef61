// What `ttprof ab` says of a true change of 0, 5 and 10 %: with pairs in turns until all is decided, with a fixed number
// of pairs in turns, and with runs one after the other (`--turns off`, ten a side).
//
//   node bench/power.mjs [--pairs 40] [--load 0] [--experiments 800] [--ways process,off]
//
// Real pairs of processes are measured, with so many busy processes beside them; experiments draw from them with
// replacement, and decide as the command does. The row of 0 % is identical code: what it calls faster or slower is false.
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { measureInTurns, measureOneAfterTheOther } from '../dist/commands/ab/measure-pair.js';
import { defaultSettings } from '../dist/config/options.js';
import { describeShift } from '../dist/report/compare/evidence.js';
import { gatherAtLooks, measureDifferences } from '../dist/report/compare/evidence-of-pairs.js';
import { judge } from '../dist/report/compare/judge.js';
import { MAX_PAIRS } from '../dist/report/statistics/group-sequential.js';
import { shiftBetween, shiftWithinPairs } from '../dist/report/statistics/rank-tests/hodges-lehmann.js';
import { report, STEPS } from './comparisons/run-workload.mjs';
import { JOBS, writeWorkload } from './comparisons/workload.mjs';
import { printTable, saveResults } from './output.mjs';

/** Calls of each function in a run, as in the measurements on which the method rests. */
const CALLS = 800;
const MARGIN_PERCENT = 2;
const FIXED_PAIRS = 10;
/** Steps of the version that is compared with the base: one more in twenty is 5 %. */
const CHANGES = { '0 %': STEPS, '+5 %': STEPS + STEPS / 20, '+10 %': STEPS + STEPS / 10 };
const TARGETS = JOBS.map((job) => `work.mjs:${job}_a`);

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '40' },
    load: { type: 'string', default: '0' },
    experiments: { type: 'string', default: '800' },
    ways: { type: 'string', default: 'process,off' },
  },
});
const [pairs, load, experiments] = [values.pairs, values.load, values.experiments].map(Number);
const ways = values.ways.split(',');
const { folder, remove } = writeWorkload();
const busy = Array.from({ length: load }, () =>
  spawn(process.execPath, ['-e', 'for (let x = 0; ; x++) Math.sqrt(x)'], { stdio: 'ignore' }),
);
const measured = {};
const spentMs = {};
try {
  // all ways and changes meet the same moods of the machine
  for (let pair = 0; pair < pairs; pair++) {
    console.error(`pair ${pair + 1} of ${pairs}`);
    for (const [change, steps] of Object.entries(CHANGES))
      for (const way of ways) await measure(way, change, steps);
  }
} finally {
  for (const child of busy) child.kill('SIGKILL');
  remove();
}

const table = [['true change', 'way', 'faster', 'same', 'unsure', 'slower', 'pairs']];
const results = {};
for (const change of Object.keys(CHANGES))
  for (const [way, decide] of Object.entries(listDecisions())) {
    const counts = { faster: 0, same: 0, unsure: 0, slower: 0, pairs: 0, trials: 0 };
    for (const job of TARGETS.keys())
      for (let trial = 0; trial < experiments / TARGETS.length; trial++) {
        const { verdict, size } = decide(change, job);
        counts[verdict]++;
        counts.pairs += size;
        counts.trials++;
      }
    results[`${change}, ${way}`] = counts;
    const share = (verdict) => `${((100 * counts[verdict]) / counts.trials).toFixed(1)} %`;
    const shares = ['faster', 'same', 'unsure', 'slower'].map(share);
    table.push([change, way, ...shares, (counts.pairs / counts.trials).toFixed(1)]);
  }
printTable(table);
for (const way of ways) console.log(`${way}: ${(spentMs[way] / pairs / 3000).toFixed(2)} s a pair`);
saveResults(`power-load-${load}`, { jobs: JOBS, pairs, load, experiments, results, spentMs });

/** Runs one pair, and keeps what it says of each job. */
async function measure(way, change, steps) {
  const settings = { ...defaultSettings(), targets: TARGETS };
  const plan = (name, count) => ({
    name,
    settings,
    rest: ['app.mjs', 'single', String(CALLS), String(count)],
    cwd: folder,
  });
  const plans = { base: plan('base', STEPS), head: plan('now', steps) };
  const options = { hidden: true, abort: new AbortController().signal };
  const startMs = Date.now();
  const first = Math.random() < 0.5 ? 'base' : 'head';
  const { base, head } =
    way === 'process'
      ? await measureInTurns(plans, options)
      : await measureOneAfterTheOther(plans, first, options);
  spentMs[way] = (spentMs[way] ?? 0) + Date.now() - startMs;
  const [before, after] = [base, head].map(
    ({ run }) => report(folder, [run], { targets: TARGETS }).functions,
  );
  for (const job of TARGETS.keys()) {
    const list = ((measured[`${way} ${change}`] ??= [])[job] ??= []);
    list.push({
      difference: measureDifferences(before[job], after[job])[0],
      before: Math.log(before[job].medianNs),
      after: Math.log(after[job].medianNs),
    });
  }
}

/** By name: draws one experiment, and what the command would say of it. */
function listDecisions() {
  const draw = (way, change, job, count) =>
    Array.from({ length: count }, () => {
      const list = measured[`${way} ${change}`][job];
      return list[Math.floor(Math.random() * list.length)];
    });
  const decisions = {};
  if (ways.includes('process')) {
    decisions['turns, until decided'] = (change, job) => {
      const differences = draw('process', change, job, MAX_PAIRS).map((pair) => pair.difference);
      for (const size of [7, 10, 14, 20, MAX_PAIRS]) {
        const evidence = gatherAtLooks(differences.slice(0, size), { untilDecided: true, seconds: 0 });
        const { verdict } = judge(evidence, MARGIN_PERCENT);
        if (verdict !== 'unsure' || size === MAX_PAIRS) return { verdict, size };
      }
    };
    decisions[`turns, ${FIXED_PAIRS} pairs`] = (change, job) => {
      const differences = draw('process', change, job, FIXED_PAIRS).map((pair) => pair.difference);
      const evidence = describeShift('pairs', shiftWithinPairs(differences), FIXED_PAIRS);
      return { ...judge(evidence, MARGIN_PERCENT), size: FIXED_PAIRS };
    };
  }
  if (ways.includes('off'))
    decisions[`off, ${FIXED_PAIRS} runs a side`] = (change, job) => {
      const drawn = draw('off', change, job, FIXED_PAIRS);
      const others = draw('off', change, job, FIXED_PAIRS);
      const shift = shiftBetween(
        drawn.map((pair) => pair.before),
        others.map((pair) => pair.after),
      );
      return { ...judge(describeShift('runs', shift, FIXED_PAIRS), MARGIN_PERCENT), size: FIXED_PAIRS };
    };
  return decisions;
}
