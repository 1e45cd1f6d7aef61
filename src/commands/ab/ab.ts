import { isAbsolute, resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Settings } from '../../config/config.js';
import { checkPower, conclude, describe } from '../../session/conclude.js';
import { TtprofError } from '../../shared/errors.js';
import type { Ending } from '../run/launch.js';
import { measureRuns, type PlannedRun, summarize } from '../run/measure-runs.js';
import { isNodeScript } from '../run/resolve-program.js';
import { checkProgram } from '../run/run.js';
import { Interruption } from '../run/signals.js';
import { openSides, type Sides } from './base-folder.js';
import { provideDependencies } from './dependencies.js';
import { mapEnvironment, mapPath, mapTarget } from './map-path.js';

/**
 * `ttprof ab --base REV_OR_DIR -t T app.js`: two versions of the code in turns on one machine, one report with a
 * verdict for each target. What it makes is removed, whatever happens.
 * @throws {TtprofError} for wrong usage, before the program starts
 */
export async function compareVersions(settings: Settings, rest: readonly string[]): Promise<Ending> {
  const { base } = settings;
  if (base === null)
    throw new TtprofError('nothing to compare with: ttprof ab --base REV_OR_DIR -t T app.js');
  checkProgram(settings, rest);
  checkPower(settings, settings.runs, settings.runs, 'base');
  const interruption = new Interruption();
  let sides: Sides | null = null;
  try {
    sides = openSides(base, process.cwd());
    await nextTurn();
    if (interruption.received === null && sides.isCheckout) provideDependencies(sides, settings.install);
    await nextTurn();
    if (interruption.received !== null) return { exitCode: null, signal: interruption.received };
    return await compareSides(sides, settings, rest);
  } finally {
    sides?.remove();
    interruption.stop();
  }
}

async function compareSides(sides: Sides, settings: Settings, rest: readonly string[]): Promise<Ending> {
  const plan = planRuns(sides, settings, rest);
  const { measured, failure, received } = await measureRuns(plan, settings);
  const ofSide = (isBase: boolean) => measured.filter((_, index) => plan[index]!.isBase === isBase);
  const [baseRuns, headRuns] = [ofSide(true), ofSide(false)];
  const { exitCode, signal } = measured.at(-1)!.run;
  const ending = { exitCode, signal: (signal ?? received) as NodeJS.Signals | null };
  if (baseRuns.length === 0 || headRuns.length === 0) return ending;
  const config = { ...settings, compare: false, baseline: null };
  const notes = failure === null ? [] : [failure];
  const report = describe({ config, cwd: sides.base.cwd, baseline: null, ...summarize(baseRuns), notes: [] });
  const code = conclude({
    config,
    cwd: sides.head.cwd,
    baseline: { kind: 'base', source: sides.source, report },
    ...summarize(headRuns),
    notes,
  });
  return ending.signal === null && exitCode === 0 ? { exitCode: code, signal: null } : ending;
}

interface SideRun extends PlannedRun {
  readonly isBase: boolean;
}

/** Base, now, now, base, …: what changes slowly in the machine meets both sides alike. */
function planRuns(sides: Sides, settings: Settings, rest: readonly string[]): SideRun[] {
  const total = 2 * settings.runs;
  const base = planBase(sides, settings, rest);
  const head = { settings, rest, cwd: sides.head.cwd };
  return Array.from({ length: total }, (_, index) => {
    const isBase = index % 4 === 0 || index % 4 === 3;
    const name = `run ${index + 1} of ${total} (${isBase ? sides.source : 'now'})`;
    return { ...(isBase ? base : head), isBase, name };
  });
}

function planBase(sides: Sides, settings: Settings, rest: readonly string[]): Omit<PlannedRun, 'name'> {
  const [first = '', ...args] = rest;
  const { cwd } = sides.base;
  const program = isAbsolute(first) ? mapPath(first, sides) : first;
  if (isNodeScript(resolve(sides.head.cwd, first)) && !isNodeScript(resolve(cwd, program))) {
    throw new TtprofError(
      `${sides.source} has no ${first}: where it is built, build it in a folder of its own and name that with --base`,
    );
  }
  return {
    settings: { ...settings, targets: settings.targets.map((target) => mapTarget(target, sides)) },
    rest: [program, ...args],
    cwd,
    env: mapEnvironment(process.env, sides),
  };
}
