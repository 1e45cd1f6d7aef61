import type { Settings } from '../../config/config.js';
import { conclude, openBaseline } from '../../session/conclude.js';
import { TtprofError } from '../../shared/errors.js';
import type { Ending } from './launch.js';
import { measureRuns, summarize } from './measure-runs.js';

/**
 * `ttprof -t T app.js`, `ttprof -t T -- npm test`: runs the program, as often as `--runs` says, then reports.
 * @throws {TtprofError} for wrong usage, before the program starts
 */
export async function runProgram(settings: Settings, rest: readonly string[]): Promise<Ending> {
  checkProgram(settings, rest);
  const cwd = process.cwd();
  const baseline = openBaseline(settings, settings.runs);
  const plan = Array.from({ length: settings.runs }, (_, run) => ({
    name: `run ${run + 1} of ${settings.runs}`,
    settings,
    rest,
    cwd,
  }));
  const { measured, failure } = await measureRuns(plan, settings);
  const code = conclude({
    config: settings,
    cwd,
    ...summarize(measured),
    baseline,
    notes: failure !== null && settings.runs > 1 ? [failure] : [],
  });
  const { exitCode, signal } = measured.at(-1)!.run;
  return { exitCode: exitCode === 0 ? code : exitCode, signal: signal as NodeJS.Signals | null };
}

/** @throws {TtprofError} where there is nothing to measure or to run */
export function checkProgram(settings: Settings, rest: readonly string[]): void {
  if (settings.targets.length === 0) {
    throw new TtprofError('nothing to measure: name a target with -t [module:]function');
  }
  const [excluded] = settings.targets;
  if (settings.targets.every((target) => target.startsWith('!'))) {
    throw new TtprofError(
      `nothing to measure: \`${excluded}\` only leaves out; name what to leave it out of, as in -t 'src/**:*' -t '${excluded}'`,
    );
  }
  if (!rest[0]) {
    throw new TtprofError('nothing to run: ttprof -t T app.js, or ttprof -t T -- command');
  }
}
