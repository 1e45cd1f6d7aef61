import type { StdioOptions } from 'node:child_process';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config/config.js';
import type { PerfRecording, RunRecording, UnmeasuredProcess } from '../../runtime/contract.js';
import { printSoFar } from '../../session/conclude.js';
import { createSession, type Session } from '../../session/session.js';
import { readResult } from '../../session/session-result.js';
import { TtprofError } from '../../shared/errors.js';
import { say } from '../../shared/say.js';
import { endAll, endStuck } from './end-stuck.js';
import { launch } from './launch.js';
import { findPerf } from './perf/find-perf.js';
import { belowPerf, PERF_NODE_FLAGS, readPerf } from './perf/record-perf.js';
import { resolveProgram } from './resolve-program.js';
import { scanProcesses } from './scan-processes.js';
import { sessionEnvironment } from './session-environment.js';
import { onSignals } from './signals.js';

const MS_PER_SECOND = 1_000;
const NS_PER_MS = 1_000_000;

/** In the session's folder: what a hidden run printed. */
const OUTPUT_FILE = 'output.txt';
/** As much of it as is shown when the run failed. */
const SHOWN_OUTPUT_BYTES = 16_384;

const NOTHING_SEEN: PerfRecording = { event: '', intervalUs: 0, functions: [], notes: [] };

export interface MeasureOptions {
  readonly settings: Config;
  /** The script or command, and its arguments. */
  readonly rest: readonly string[];
  /** Where the program runs: absolute. */
  readonly cwd: string;
  /** By default this process's. */
  readonly env?: NodeJS.ProcessEnv;
  /** For Node, where the program is a file that it can run. */
  readonly nodeFlags?: readonly string[];
  /** Whether the app's output is kept back. */
  readonly hidden: boolean;
  /** Ends the program by force. */
  readonly abort?: AbortSignal;
}

export interface MeasuredRun {
  readonly run: RunRecording;
  /** Processes in which something was measured, that left nothing. */
  readonly lostProcesses: number;
  /** The end of what a hidden run printed. */
  readonly output: string;
}

/**
 * Runs a program once; every Node process below it leaves its recording in a session of this run's own.
 * @throws {TtprofError} where the program cannot be started, or there is no place for recordings
 */
export async function measureRun(options: MeasureOptions): Promise<MeasuredRun> {
  const { rest, cwd, hidden } = options;
  const inherited = options.env ?? process.env;
  const perf = options.settings.perf ? findPerf(inherited) : null;
  const plan = perf?.plan ?? null;
  const settings = { ...options.settings, perf: plan !== null };
  const session = openFolder(settings, cwd);
  const stopReporting = reportSoFar(settings, cwd, session);
  const output = hidden ? openSync(join(session.folder, OUTPUT_FILE), 'a+', 0o600) : null;
  const stdio: StdioOptions = output === null ? 'inherit' : ['ignore', output, output];
  const startedAtMs = Date.now();
  const startedNs = process.hrtime.bigint();
  const end = () => endAll(session);
  let listUnmeasured = (): UnmeasuredProcess[] => [];
  try {
    const resolved = resolveProgram(rest, cwd, options.nodeFlags);
    const flags = plan === null ? null : PERF_NODE_FLAGS;
    const env = sessionEnvironment(resolved, inherited, cwd, session.folder, flags);
    const onPatienceLost = (asked: NodeJS.Signals, sinceMs: number, childPid: number | undefined) =>
      endStuck(session, asked, sinceMs, childPid);
    const program =
      plan === null ? resolved : belowPerf(resolved, plan, { folder: session.folder, cwd, env });
    options.abort?.addEventListener('abort', end);
    const { exitCode, signal } = await launch(program, {
      cwd,
      env,
      stdio,
      onPatienceLost,
      onStart: (pid) => {
        listUnmeasured = scanProcesses(pid, session);
      },
      ...(options.abort && { abort: options.abort }),
    });
    const durationNs = Number(process.hrtime.bigint() - startedNs);
    const { processes, lostProcesses } = readResult(session, true);
    const unmeasured = listUnmeasured();
    const seen = plan === null ? null : await readPerf(plan, session.folder, inherited);
    const notes = [...(perf?.notes ?? []), ...(seen?.notes ?? [])];
    return {
      run: {
        processes,
        unmeasured,
        exitCode,
        signal,
        startedAtMs,
        durationNs,
        ...(perf !== null && { perf: { ...(seen ?? NOTHING_SEEN), notes } }),
      },
      lostProcesses,
      output: output === null ? '' : readEnd(output),
    };
  } finally {
    options.abort?.removeEventListener('abort', end);
    stopReporting();
    if (output !== null) closeSync(output);
    session.remove();
  }
}

function readEnd(file: number): string {
  const { size } = fstatSync(file);
  const buffer = Buffer.alloc(Math.min(size, SHOWN_OUTPUT_BYTES));
  const bytes = readSync(file, buffer, 0, buffer.length, size - buffer.length);
  return buffer.toString('utf8', 0, bytes);
}

function openFolder(settings: Config, cwd: string): Session {
  try {
    return createSession(settings, cwd);
  } catch (error) {
    throw new TtprofError((error as Error).message);
  }
}

/** Prints a report of all processes at an interval, and at SIGUSR2. @returns ends that */
function reportSoFar(config: Config, cwd: string, session: Session): () => void {
  const startedAtMs = Date.now();
  const report = (): boolean => {
    const processes = session.readRecordings();
    if (processes.length === 0) return false;
    const durationNs = (Date.now() - startedAtMs) * NS_PER_MS;
    const run: RunRecording = { processes, exitCode: null, signal: null, startedAtMs, durationNs };
    printSoFar({ config, cwd, runs: [run], baseline: null });
    return true;
  };
  const stopListening = onSignals(['SIGUSR2'], () => {
    // who asks is to have an answer
    if (!report()) say('nothing has been recorded so far');
  });
  const { intervalSeconds } = config;
  const timer = intervalSeconds === null ? undefined : setInterval(report, intervalSeconds * MS_PER_SECOND);
  return () => {
    clearInterval(timer);
    stopListening();
  };
}
