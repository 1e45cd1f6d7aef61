import type { ChildProcess, StdioOptions } from 'node:child_process';
import { constants } from 'node:os';
import spawn from 'cross-spawn';
import { TtprofError } from '../errors.js';
import type { Program } from './resolve-program.js';

export interface Ending {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface LaunchOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdio: StdioOptions;
}

/** What a person or a supervisor sends to a program. */
const FORWARDED_SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'];

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
  const stopForwarding = forwardSignals(child);
  try {
    return await new Promise<Ending>((resolve, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) => reject(describeFailure(program, error)));
      child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
    });
  } finally {
    stopForwarding();
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

function forwardSignals(child: ChildProcess): () => void {
  const forward = (signal: NodeJS.Signals) => {
    child.kill(signal);
  };
  const known = FORWARDED_SIGNALS.filter((signal) => signal in constants.signals);
  for (const signal of known) process.on(signal, forward);
  return () => {
    for (const signal of known) process.off(signal, forward);
  };
}
