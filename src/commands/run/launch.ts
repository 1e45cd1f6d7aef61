import type { ChildProcess, StdioOptions } from 'node:child_process';
import spawn from 'cross-spawn';
import { TtprofError } from '../../shared/errors.js';
import { describeFailure } from './describe-failure.js';
import { isInForeground } from './foreground.js';
import type { Program } from './resolve-program.js';
import { ENDING_SIGNALS, onSignals } from './signals.js';

/** How a program ended. */
export interface Ending {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface LaunchOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdio: StdioOptions;
  /**
   * Called where the program still runs some time after a signal that asks for an end.
   * @param sinceMs when the signal came, in ms since the Unix epoch
   * @param childPid the process that was started
   * @returns whether processes were ended by force for it
   */
  readonly onPatienceLost: (asked: NodeJS.Signals, sinceMs: number, childPid: number | undefined) => boolean;
  readonly onStart?: (childPid: number) => void;
  /** Ends it by force. */
  readonly abort?: AbortSignal;
}

/** How long a program may take to react to a signal. */
const PATIENCE_MS = 2_000;

/** What a terminal sends to each process in its foreground: the program has it already. */
const KEYBOARD_SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT', 'SIGBREAK'];

/**
 * Runs a program to its end; signals that reach us reach it.
 * @throws {TtprofError} where it cannot be started
 */
export async function launch(program: Program, options: LaunchOptions): Promise<Ending> {
  const child: ChildProcess = spawn(program.command, [...program.args], {
    cwd: options.cwd,
    env: options.env,
    stdio: options.stdio,
  });
  if (child.pid !== undefined) options.onStart?.(child.pid);
  const end = () => child.kill('SIGKILL');
  options.abort?.addEventListener('abort', end);
  if (options.abort?.aborted) end();
  const isForeground = isInForeground();
  let forced: NodeJS.Signals | null = null;
  let patience: NodeJS.Timeout | undefined;
  const stop = onSignals(ENDING_SIGNALS, (signal) => {
    if (!isForeground || !KEYBOARD_SIGNALS.includes(signal)) child.kill(signal);
    const sinceMs = Date.now();
    clearTimeout(patience);
    patience = setTimeout(() => {
      if (options.onPatienceLost(signal, sinceMs, child.pid)) forced = signal;
    }, PATIENCE_MS);
  });
  try {
    const ending = await new Promise<Ending>((resolve, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) => {
        reject(new TtprofError(describeFailure(program.command, options.cwd, error)));
      });
      child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
    });
    // it would have ended by the signal that was sent, had it been able to
    return forced !== null && ending.signal === 'SIGKILL' ? { ...ending, signal: forced } : ending;
  } finally {
    clearTimeout(patience);
    options.abort?.removeEventListener('abort', end);
    stop();
  }
}
