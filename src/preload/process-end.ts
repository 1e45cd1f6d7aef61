/** What happens when a process that is measured ends. */

import { wantsReport } from '../config/wants-report.js';
import type { LoaderView } from '../loader/install.js';
import { isolated } from '../loader/isolation.js';
import {
  asOwnWork,
  type ProcessRecording,
  type RunRecording,
  TIMED_TARGET,
  type UnmeasuredProcess,
} from '../runtime/contract.js';
import { flushRegularly } from '../runtime/process/due-work.js';
import { listHandledSignals, onProcessEnd, type ProcessEnd } from '../runtime/process/exit.js';
import { reportOnDemand } from '../runtime/process/report-on-demand.js';
import { pickFunctions } from '../runtime/read/difference.js';
import type { Runtime } from '../runtime/runtime.js';
import type { SoFar } from '../session/conclude.js';
import { reasonOf } from '../shared/errors.js';
import { say } from '../shared/say.js';
import { keepCode, loadReporting } from './own-script.js';
import type { ChildRole, Role, RootRole, WorkerRole } from './role.js';
import { leaveSeen, readSeen, type Seen } from './worker-facts.js';

/** How often a process says that its event loop turns; after twice this time without it, the command takes it for stuck. */
const ANNOUNCING_MS = 1_000;

// Captured: the program may replace it.
const { setInterval } = globalThis;

/** What has to be done at the end of this thread. */
export interface ThreadEnd {
  /** To be called last, where the thread ends by itself: coverage does not contain what runs after it. */
  readonly finish: () => void;
  /** To be called before what was recorded is read for the last time. */
  readonly beforeReading: () => void;
  /** Children that run without the preload. */
  readonly listUnmeasured: () => readonly UnmeasuredProcess[];
}

/** Reads what this process has recorded so far; complete at its end. */
type RecordProcess = (complete: boolean) => ProcessRecording;

/**
 * Arranges that what this process or worker records is kept, and reported by the root: at its end and, on demand, before.
 * @param sources what was seen of the targets
 */
export function arrangeEnd(
  role: Role,
  runtime: Runtime,
  sources: readonly LoaderView[],
  script: string | null,
  { finish, beforeReading, listUnmeasured }: ThreadEnd,
): void {
  const see = (): Seen => ({
    targets: sources.flatMap((source) => source.facts()),
    notes: sources.flatMap((source) => source.notes()),
  });
  if (role.kind === 'worker') {
    arrangeEndOfWorker(role, see, () => {
      beforeReading();
      finish();
    });
    return;
  }
  // Node writes no coverage of what a signal ended
  onProcessEnd(({ signal }) => {
    if (signal === null) finish();
  });
  const read = createRecord(role, runtime, see, script, listUnmeasured);
  const record: RecordProcess = (complete) => {
    if (complete) beforeReading();
    return read(complete);
  };
  if (role.kind === 'child') arrangeEndOfChild(role, record);
  else arrangeEndOfRoot(role, record);
  onProcessEnd(() => {
    if (role.config.cache) keepCode();
  });
}

function arrangeEndOfWorker({ sessionFolder }: WorkerRole, see: () => Seen, finish: () => void): void {
  process.once('exit', () =>
    asOwnWork(() => {
      if (sessionFolder !== null) leaveSeen(sessionFolder, see());
      finish();
    }),
  );
}

function arrangeEndOfChild({ config, cwd, session }: ChildRole, record: RecordProcess): void {
  const why = session.announce();
  if (why !== null)
    say(`calls in process ${process.pid} will be missing, as they cannot be written down: ${why}`);
  setInterval(() => asOwnWork(() => session.announce(listHandledSignals())), ANNOUNCING_MS).unref();
  onProcessEnd(() => session.write(record(true)));
  // after SIGKILL and process.abort() the last of these is what is left
  flushRegularly(() => session.write(record(false)));
  // the root alone reports at an interval
  reportOnDemand({ intervalSeconds: null }, () => {
    reportSoFar({ config, cwd, runs: [toRun([record(false)])], baseline: null });
  });
}

function arrangeEndOfRoot({ config, cwd, session, baseline }: RootRole, record: RecordProcess): void {
  const report = ({ exitCode, signal }: ProcessEnd): void => {
    const own = record(true);
    const { conclude, readResult } = loadReporting();
    // a signal from the terminal reaches all processes at once
    const { processes, lostProcesses } =
      session === null ? { processes: [], lostProcesses: 0 } : readResult(session, signal !== null);
    const run = toRun([own, ...processes], exitCode, signal);
    const code = isolated(() => conclude({ config, cwd, runs: [run], baseline, lostProcesses, notes: [] }));
    if (code !== 0 && exitCode === 0) process.exitCode = code;
  };
  onProcessEnd((end) => {
    try {
      if (wantsReport(config)) report(end);
    } catch (error) {
      say(
        `there is no report, because something fails in this program (${reasonOf(error)}): ` +
          'the ttprof command makes its report in a process of its own',
      );
    } finally {
      session?.remove();
    }
  });
  reportOnDemand(config, () => {
    const run = toRun([record(false), ...(session?.readRecordings() ?? [])]);
    reportSoFar({ config, cwd, runs: [run], baseline });
  });
}

function createRecord(
  { config, session }: RootRole | ChildRole,
  runtime: Runtime,
  see: () => Seen,
  script: string | null,
  listUnmeasured: ThreadEnd['listUnmeasured'],
): RecordProcess {
  // without what the program measures for itself, through the module API
  const texts = new Set([...config.targets, TIMED_TARGET]);
  const isOurs = ({ targets }: { targets: readonly string[] }) => targets.some((text) => texts.has(text));
  return (complete) => {
    const seen = [see(), ...(complete && session !== null ? readSeen(session.folder) : [])];
    const collected = runtime.collect();
    return {
      ...collected,
      threads: collected.threads.map((thread) => pickFunctions(thread, isOurs)),
      entry: script,
      complete,
      unmeasured: listUnmeasured(),
      targets: seen.flatMap(({ targets }) => targets),
      notes: [...new Set([...seen.flatMap(({ notes }) => notes), ...runtime.notes()])],
    };
  };
}

function toRun(
  processes: readonly [ProcessRecording, ...ProcessRecording[]],
  exitCode: number | null = null,
  signal: string | null = null,
): RunRecording {
  const [{ startedAtMs, durationNs }] = processes;
  return { processes, exitCode, signal, startedAtMs, durationNs };
}

function reportSoFar(soFar: SoFar): void {
  const { printSoFar } = loadReporting();
  isolated(() => printSoFar(soFar));
}
