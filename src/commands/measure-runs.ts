import type { Settings } from '../config/config.js';
import { say } from '../say.js';
import { type MeasuredRun, measureRun } from './measure-run.js';
import { Progress } from './progress.js';

/** One run of a series. */
export interface PlannedRun {
  /** As in `run 3 of 10`. */
  readonly name: string;
  /** Where the program runs: absolute. */
  readonly cwd: string;
}

export interface SeriesOptions {
  readonly settings: Settings;
  readonly rest: readonly string[];
  readonly plan: readonly PlannedRun[];
}

export interface Series {
  /** In the order of the plan; fewer where one failed. */
  readonly measured: readonly MeasuredRun[];
  /** One line that says which run failed and how; null where none did. */
  readonly failure: string | null;
}

/**
 * Runs the program as planned, one run after the other, until one fails or a signal comes. Of the app's output the
 * first run's is shown, with `--verbose` all; of a failed run the end.
 * @throws TtprofError where the program cannot be started
 */
export async function measureRuns({ settings, rest, plan }: SeriesOptions): Promise<Series> {
  const measured: MeasuredRun[] = [];
  const progress = new Progress(plan.length);
  for (const [index, { name, cwd }] of plan.entries()) {
    const hidden = index > 0 && !settings.verbose;
    progress.begin(index, name, hidden);
    let one: MeasuredRun;
    try {
      one = await measureRun({ settings, rest, cwd, hidden });
    } finally {
      progress.clear();
    }
    measured.push(one);
    const failure = describeFailure(one, name);
    if (failure !== null) {
      if (plan.length > 1) sayFailure(failure, one.output);
      return { measured, failure };
    }
    if (one.received !== null) {
      return { measured, failure: `${name} was the last: ${one.received} came` };
    }
  }
  return { measured, failure: null };
}

function describeFailure({ run: { exitCode, signal } }: MeasuredRun, name: string): string | null {
  if (signal !== null) return `${name} was ended by ${signal}`;
  return exitCode === 0 ? null : `${name} failed with exit code ${exitCode}`;
}

function sayFailure(failure: string, output: string): void {
  say(output === '' ? failure : `${failure}; the end of its output:`);
  if (output !== '') process.stderr.write(output.endsWith('\n') ? output : `${output}\n`);
}
