import type { ChildProcess, StdioOptions } from 'node:child_process';
import spawn from 'cross-spawn';
import { TtprofError } from '../errors.js';
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
}

/** What a terminal sends to each process in its foreground: the program has it already. */
const KEYBOARD_SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT', 'SIGBREAK'];

/**
 * Runs a program to its end; signals that reach us reach it.
 * @throws TtprofError where it cannot be started
 */
export async function launch(program: Program, options: LaunchOptions): Promise<Ending> {
  const child: ChildProcess = spawn(program.command, [...program.args], {
    cwd: options.cwd,
    env: options.env,
    stdio: options.stdio,
  });
  const isForeground = isInForeground();
  const stop = onSignals(ENDING_SIGNALS, (signal) => {
    if (!isForeground || !KEYBOARD_SIGNALS.includes(signal)) child.kill(signal);
  });
  try {
    return await new Promise<Ending>((resolve, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) => reject(describeFailure(program, error)));
      child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
    });
  } finally {
    stop();
  }
}

function describeFailure({ command }: Program, error: NodeJS.ErrnoException): TtprofError {
  if (error.code === 'ENOENT') {
    return new TtprofError(
      `cannot run ${JSON.stringify(command)}: no such file, and no such command in PATH`,
    );
  }
  return new TtprofError(`cannot run ${JSON.stringify(command)}: ${error.message}`);
}
