import type { StdioOptions } from 'node:child_process';
import type { Config } from '../config/config.js';
import { SESSION_VARIABLE } from '../config/environment.js';
import { extendNodeOptions, NODE_OPTIONS } from '../config/pass-on.js';
import type { RunRecording } from '../runtime/contract.js';
import { createSession } from '../runtime/session.js';
import { launch } from './launch.js';
import { resolveProgram } from './resolve-program.js';

const PRELOAD_URL = new URL('../register.js', import.meta.url).href;

export interface MeasureOptions {
  readonly settings: Config;
  /** The script or command, and its arguments. */
  readonly rest: readonly string[];
  /** Where the program runs: absolute. */
  readonly cwd: string;
  readonly stdio: StdioOptions;
}

export interface MeasuredRun {
  readonly run: RunRecording;
  /** Processes that announced themselves and left nothing. */
  readonly lostProcesses: number;
}

/**
 * Runs a program once; every Node process below it leaves its recording in a session of this run's own.
 * @throws TtprofError where the program cannot be started
 */
export async function measureRun({ settings, rest, cwd, stdio }: MeasureOptions): Promise<MeasuredRun> {
  const session = createSession(settings, cwd);
  const startedAtMs = Date.now();
  const startedNs = process.hrtime.bigint();
  try {
    const env = {
      ...process.env,
      [SESSION_VARIABLE]: session.folder,
      [NODE_OPTIONS]: extendNodeOptions(process.env[NODE_OPTIONS], PRELOAD_URL, process.cwd()),
    };
    const ending = await launch(resolveProgram(rest, cwd), { cwd, env, stdio });
    const durationNs = Number(process.hrtime.bigint() - startedNs);
    return {
      run: { processes: session.readRecordings(), ...ending, startedAtMs, durationNs },
      lostProcesses: session.countLost(),
    };
  } finally {
    session.remove();
  }
}
