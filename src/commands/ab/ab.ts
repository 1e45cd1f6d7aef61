import { setImmediate as nextTurn } from 'node:timers/promises';
import { AS_MANY_AS_NEEDED, type Settings } from '../../config/config.js';
import { checkPower } from '../../session/conclude.js';
import { TtprofError } from '../../shared/errors.js';
import type { Ending } from '../run/launch.js';
import { checkProgram } from '../run/run.js';
import { Interruption } from '../run/signals.js';
import { openSides } from './base-folder.js';
import { compareSides } from './compare-sides.js';
import { provideDependencies } from './dependencies.js';
import type { Sides } from './sides.js';

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
  if (settings.runs !== AS_MANY_AS_NEEDED) checkPower(settings, settings.runs, settings.runs, 'base');
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
