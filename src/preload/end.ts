/** What happens when a process that is measured ends. */
import type * as Conclude from '../conclude.js';
import { wantsReport } from '../config/wants-report.js';
import type { LoaderView } from '../loader/install.js';
import { apart, requireApart } from '../loader/own-modules.js';
import { type ProcessRecording, type RunRecording, TIMED_TARGET } from '../runtime/contract.js';
import { pickFunctions } from '../runtime/difference.js';
import { listHandledSignals, onProcessEnd } from '../runtime/exit.js';
import { reportWhileRunning } from '../runtime/live.js';
import type { Runtime } from '../runtime/runtime.js';
import { flushRegularly } from '../runtime/upkeep.js';
import { keepCode } from './keep-code.js';
import type { Role } from './role.js';
import { leaveSeen, readSeen, type Seen } from './worker-facts.js';

/** How often a process says that its event loop turns; the command waits twice as long before it takes it for stuck. */
const ANNOUNCING_MS = 1_000;

// Captured: the program may replace it.
const { setInterval } = globalThis;

/**
 * Arranges that what this process or worker records is kept, and reported by the root: at its end and, where somebody
 * asks, before.
 */
export function arrangeEnd(
  role: Role,
  runtime: Runtime,
  sources: readonly LoaderView[],
  script: string | null,
  finish: () => void,
): void {
  const see = (): Seen => ({
    targets: sources.flatMap((source) => source.facts()),
    notes: sources.flatMap((source) => source.notes()),
  });
  if (role.kind === 'worker') {
    const { sessionFolder } = role;
    process.once('exit', () => {
      if (sessionFolder !== null) leaveSeen(sessionFolder, see());
      finish();
    });
    return;
  }
  const { config, cwd, session } = role;
  // the program may have had more measured, for itself, through the module API
  const texts = new Set([...config.targets, TIMED_TARGET]);
  const isOurs = ({ targets }: { targets: readonly string[] }) => targets.some((text) => texts.has(text));
  const record = (complete: boolean): ProcessRecording => {
    const seen = [see(), ...(complete && session !== null ? readSeen(session.folder) : [])];
    const collected = runtime.collect();
    return {
      ...collected,
      threads: collected.threads.map((thread) => pickFunctions(thread, isOurs)),
      entry: script,
      complete,
      targets: seen.flatMap(({ targets }) => targets),
      notes: [...new Set(seen.flatMap(({ notes }) => notes))],
    };
  };
  // Node writes no coverage of what a signal ended
  onProcessEnd(({ signal }) => {
    if (signal === null) finish();
  });
  const keepForNextTime = (): void => {
    if (config.cache) keepCode();
  };
  if (role.kind === 'child') {
    const own = role.session;
    own.announce();
    setInterval(() => own.announce(listHandledSignals()), ANNOUNCING_MS).unref();
    onProcessEnd(() => own.write(record(true)));
    onProcessEnd(keepForNextTime);
    // what SIGKILL and process.abort() leave of it
    flushRegularly(() => own.write(record(false)));
    // at an interval the root reports
    reportWhileRunning({ intervalSeconds: null }, () => {
      reportSoFar({
        config,
        cwd,
        runs: [toRun([record(false)])],
        baseline: null,
        lostProcesses: 0,
        notes: [],
      });
    });
    return;
  }
  const { baseline } = role;
  onProcessEnd(({ exitCode, signal }) => {
    if (!wantsReport(config)) {
      session?.remove();
      return;
    }
    const own = record(true);
    const { conclude, readResult } = requireApart<typeof Conclude>('../conclude.js');
    // a signal from the terminal reaches all processes at once
    const { processes, lostProcesses } =
      session === null ? { processes: [], lostProcesses: 0 } : readResult(session, signal !== null);
    session?.remove();
    const run = toRun([own, ...processes], exitCode, signal);
    const code = apart(() => conclude({ config, cwd, runs: [run], baseline, lostProcesses, notes: [] }));
    if (code !== 0 && exitCode === 0) process.exitCode = code;
  });
  onProcessEnd(keepForNextTime);
  reportWhileRunning(config, () => {
    const run = toRun([record(false), ...(session?.readRecordings() ?? [])]);
    reportSoFar({ config, cwd, runs: [run], baseline, lostProcesses: 0, notes: [] });
  });
}

function toRun(
  processes: readonly [ProcessRecording, ...ProcessRecording[]],
  exitCode: number | null = null,
  signal: string | null = null,
): RunRecording {
  const [{ startedAtMs, durationNs }] = processes;
  return { processes, exitCode, signal, startedAtMs, durationNs };
}

function reportSoFar(conclusion: Conclude.Conclusion): void {
  const { printSoFar } = requireApart<typeof Conclude>('../conclude.js');
  apart(() => printSoFar(conclusion));
}
