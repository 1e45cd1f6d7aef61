import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Settings } from '../../config/config.js';
import type { Conclusion } from '../../session/conclude.js';
import { say } from '../../shared/say.js';
import { type MeasuredRun, type MeasureOptions, measureRun } from './measure-run.js';
import { Progress } from './progress.js';
import { Interruption } from './signals.js';

/** One run of a series. */
export interface PlannedRun extends Omit<MeasureOptions, 'hidden'> {
  /** As in `run 3 of 10`. */
  readonly name: string;
}

export interface Series {
  /** In the order of the plan; fewer where one failed. */
  readonly measured: readonly MeasuredRun[];
  /** One line that says why these are not all; null where they are. */
  readonly failure: string | null;
  /** A signal that came to us: somebody wants an end. */
  readonly received: NodeJS.Signals | null;
}

/**
 * Runs programs as planned, one after the other, until one fails or a signal comes. Of the app's output the first
 * run's is shown, with `--verbose` all; of a failed run the end.
 * @throws {TtprofError} where a program cannot be started
 */
export async function measureRuns(
  plan: readonly PlannedRun[],
  { verbose }: Pick<Settings, 'verbose'>,
): Promise<Series> {
  const measured: MeasuredRun[] = [];
  const interruption = new Interruption();
  try {
    const failure = await measureEach();
    return { measured, failure, received: interruption.received };
  } finally {
    interruption.stop();
  }

  async function measureEach(): Promise<string | null> {
    const progress = new Progress(plan.length);
    for (const [index, planned] of plan.entries()) {
      const hidden = index > 0 && !verbose;
      progress.begin(index, planned.name, hidden);
      let one: MeasuredRun;
      try {
        one = await measureRun({ ...planned, hidden });
      } finally {
        progress.clear();
      }
      measured.push(one);
      const failure = describeFailure(one, planned.name);
      if (failure !== null) {
        if (plan.length > 1) sayFailure(failure, one.output);
        return failure;
      }
      await nextTurn();
      if (interruption.received !== null)
        return `${planned.name} was the last, because ${interruption.received} came`;
    }
    return null;
  }
}

/** Why a run counts as failed; null where it does not. */
export function describeFailure({ run: { exitCode, signal } }: MeasuredRun, name: string): string | null {
  if (signal !== null) return `${name} was ended by ${signal}`;
  return exitCode === 0 ? null : `${name} failed with exit code ${exitCode}`;
}

export function sayFailure(failure: string, output: string): void {
  say(output === '' ? failure : `${failure}; the end of its output:`);
  if (output !== '') process.stderr.write(output.endsWith('\n') ? output : `${output}\n`);
}

/** What the conclusion needs of runs. */
export function summarize(measured: readonly MeasuredRun[]): Pick<Conclusion, 'runs' | 'lostProcesses'> {
  return {
    runs: measured.map(({ run }) => run),
    lostProcesses: measured.reduce((sum, { lostProcesses }) => sum + lostProcesses, 0),
  };
}
