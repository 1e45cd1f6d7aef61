// Runs the workload as `ttprof` runs a program: a process of its own, instrumented, its recording read back.
import { measureRun } from '../../dist/commands/run/measure-run.js';
import { defaultSettings } from '../../dist/config/options.js';
import { buildReport } from '../../dist/report/build-report.js';
import { JOBS } from './workload.mjs';

/** One step more is a change of 5 %, two are 10 %. */
export const STEPS = 20;
/** The jobs; a pattern that ended in `*` would take the callbacks in them too. */
const TARGETS = ['work.mjs:*_a', 'work.mjs:*_b'];
/** Of each function in a run: two that take turns are called for 50 ms and more, long enough for a verdict. */
export const CALLS = 2000;

/**
 * @param {string} folder of the workload
 * @param {'turns' | 'sequence' | 'single'} order `single` calls only the first copy
 * @param {number} steps of each call
 * @returns the run's recording
 */
export async function runWorkload(folder, order, steps = STEPS) {
  const settings = { ...defaultSettings(), targets: TARGETS };
  const rest = ['app.mjs', order, String(CALLS), String(steps)];
  const { run, output } = await measureRun({ settings, rest, cwd: folder, hidden: true });
  if (run.exitCode !== 0) throw new Error(`the workload failed: ${output}`);
  return run;
}

/** The report of runs, compared as `-x` or with a baseline would. */
export function report(folder, runs, { targets = TARGETS, compare = false, baseline = null } = {}) {
  const kept = runs.map((run) => selectFunctions(run, targets));
  return buildReport(kept, {
    config: { ...defaultSettings(), targets, compare },
    cwd: folder,
    outcomes: [],
    version: '0',
    baseline: baseline && { kind: 'base', source: 'base', report: baseline },
  });
}

/** The run as if only these functions had been named, in this order. */
function selectFunctions(run, targets) {
  if (targets === TARGETS) return run;
  const wanted = new Set(targets.map((target) => target.slice(target.indexOf(':') + 1)));
  const select = (thread) => ({
    ...thread,
    functions: thread.functions
      .filter(({ name }) => wanted.has(name))
      .map((recording) => ({ ...recording, targets: [`work.mjs:${recording.name}`], callers: [] })),
  });
  const processes = run.processes.map((process) => ({
    ...process,
    targets: [],
    threads: process.threads.map(select),
  }));
  return { ...run, processes };
}

/** The verdicts on the second copies against the first ones, a row for each job. */
export function comparePairs(folder, runs) {
  return JOBS.map((job) => {
    const targets = [`work.mjs:${job}_a`, `work.mjs:${job}_b`];
    return report(folder, runs, { targets, compare: true }).functions[1].delta;
  });
}

/** The verdicts on these runs against those of the other side, a row for each job. */
export function compareSides(folder, before, after) {
  const targets = JOBS.map((job) => `work.mjs:${job}_a`);
  const baseline = report(folder, before, { targets });
  return report(folder, after, { targets, baseline }).functions.map((row) => row.delta);
}
