// Makes pairs of runs of the workload, as `ttprof ab` does.
import { measureInTurns, measureOneAfterTheOther } from '../../dist/commands/ab/measure-pair.js';
import { inOneProcess } from '../../dist/commands/ab/one-process/measure-in-one.js';
import { defaultSettings } from '../../dist/config/options.js';
import { gatherAtLooks, measureDifferences } from '../../dist/report/compare/evidence-of-pairs.js';
import { judge } from '../../dist/report/compare/judge.js';
import { LOOKS } from '../../dist/report/statistics/group-sequential.js';
import { report, STEPS } from './run-workload.mjs';
import { JOBS, writeWorkload } from './workload.mjs';

/** Calls of each function in a run, as in the measurements on which the method rests. */
const CALLS = 800;
export const MARGIN_PERCENT = 2;

const targets = JOBS.map((job) => `work.mjs:${job}_a`);

/**
 * Makes one pair.
 * @param {string} folder of the workload
 * @param {'process' | 'module' | 'off'} way as of `--turns`
 * @param {number} steps of each call of the version that is compared with the base
 * @returns for each job the logarithm of its ratio in this pair, and those of both medians
 */
export async function runPair(folder, way, steps = STEPS) {
  if (way === 'module') return runInOneProcess(folder, steps);
  const plan = (name, count) => ({
    name,
    settings: { ...defaultSettings(), targets },
    rest: ['app.mjs', 'single', String(CALLS), String(count)],
    cwd: folder,
  });
  const plans = { base: plan('base', STEPS), head: plan('now', steps) };
  const options = { shown: 'none', onOneCore: true, abort: new AbortController().signal };
  const first = Math.random() < 0.5 ? 'base' : 'head';
  const pair = await (way === 'process'
    ? measureInTurns(plans, options)
    : measureOneAfterTheOther(plans, first, options));
  for (const { run, output } of [pair.base, pair.head])
    if (run.exitCode !== 0) throw new Error(`the workload failed: ${output}`);
  if (pair.obstacles?.length > 0) throw new Error(`no turns were taken: ${pair.obstacles}`);
  return describePair(pair, folder, folder);
}

function describePair(pair, baseFolder, headFolder) {
  const before = report(baseFolder, [pair.base.run], { targets }).functions;
  const after = report(headFolder, [pair.head.run], { targets }).functions;
  return JOBS.map((_, job) => ({
    difference: measureDifferences(before[job], after[job])[0],
    before: Math.log(before[job].medianNs),
    after: Math.log(after[job].medianNs),
  }));
}

/** By steps: a folder of the changed version, and what makes its pairs. */
const changed = new Map();

/** Both versions are called by one program, each as often as in processes of their own. */
async function runInOneProcess(baseFolder, steps) {
  if (!changed.has(steps)) {
    const { folder, remove } = writeWorkload(steps - STEPS);
    process.on('exit', remove);
    const sides = { head: { root: folder, cwd: folder }, base: { root: baseFolder, cwd: baseFolder } };
    const stop = (reason) => {
      throw new Error(reason);
    };
    changed.set(steps, { folder, makePair: inOneProcess(sides, stop) });
  }
  const { folder, makePair } = changed.get(steps);
  const plan = (name, cwd) => ({
    name,
    settings: { ...defaultSettings(), targets },
    rest: ['app.mjs', 'single', String(2 * CALLS), String(STEPS)],
    cwd,
  });
  const options = { shown: 'none', onOneCore: true, abort: new AbortController().signal };
  const pair = await makePair({ base: plan('base', baseFolder), head: plan('now', folder) }, options);
  return describePair(pair, baseFolder, folder);
}

/**
 * What the command would say of one target after the look that decides it.
 * @param {readonly number[]} differences of pairs, in their order; fewer than the last look takes are none at all
 * @returns the judgement, and after how many pairs; null where they are too few for the next look
 */
export function decideAtLooks(differences) {
  for (const { pairs } of LOOKS) {
    if (differences.length < pairs) return null;
    const evidence = gatherAtLooks(differences.slice(0, pairs), { untilDecided: true, seconds: 0 });
    const judgement = judge(evidence, MARGIN_PERCENT);
    if (judgement.verdict !== 'unsure' || pairs === LOOKS.at(-1).pairs) return { ...judgement, pairs };
  }
}
