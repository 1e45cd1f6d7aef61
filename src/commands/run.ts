import { conclude } from '../conclude.js';
import type { Settings } from '../config/config.js';
import { TtprofError } from '../errors.js';
import type { Ending } from './launch.js';
import { measureRun } from './measure-run.js';

/**
 * `ttprof -t T app.js`, `ttprof -t T -- npm test`: runs the program, then reports.
 * @throws TtprofError for wrong usage, before the program starts
 */
export async function runProgram(settings: Settings, rest: readonly string[]): Promise<Ending> {
  if (settings.targets.length === 0)
    throw new TtprofError('nothing to measure: name a target with -t [module:]function');
  if (rest.length === 0)
    throw new TtprofError('nothing to run: ttprof -t T app.js, or ttprof -t T -- command');
  const cwd = process.cwd();
  const { run, lostProcesses } = await measureRun({ settings, rest, cwd, stdio: 'inherit' });
  const code = conclude({ config: settings, cwd, runs: [run], lostProcesses, notes: [] });
  const { exitCode, signal } = run;
  return { exitCode: exitCode === 0 ? code : exitCode, signal: signal as NodeJS.Signals | null };
}
