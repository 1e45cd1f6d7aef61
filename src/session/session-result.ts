import type { ProcessRecording } from '../runtime/contract.js';
import { readProcessStat } from '../shared/process-stat.js';
import { sleepSync } from '../shared/sleep-sync.js';
import type { Session } from './session.js';

// Captured: the program may replace them, and targets may name them.
const { kill, pid: ownPid } = process;

/** How long processes that got the same signal as their parent have to write what they recorded. */
const GRACE_MS = 500;
const POLL_MS = 10;

/** What the processes of a session have left. */
export interface SessionResult {
  readonly processes: ProcessRecording[];
  /** Processes in which something was measured, that left nothing and are gone. */
  readonly lostProcesses: number;
}

/**
 * Reads what there is, synchronously: an `exit` handler can wait for nothing. What still runs is neither killed nor
 * lost, and a note says so.
 * @param waits whether to give those that are about to end a little time; those that stay (daemons) cost all of it
 */
export function readResult(session: Session, waits: boolean): SessionResult {
  let running = listRunning(session);
  for (let waitedMs = 0; waits && waitedMs < GRACE_MS && running.size > 0; waitedMs += POLL_MS) {
    sleepSync(POLL_MS);
    running = listRunning(session);
  }
  const lostProcesses = session.countLost(running);
  const processes = session.readRecordings().map((recording) => {
    if (recording.complete || !running.delete(recording.pid)) return recording;
    const what = recording.entry === null ? '' : ` (${recording.entry})`;
    const note = `process ${recording.pid}${what} goes on after the program's end: only its calls until then are counted`;
    return { ...recording, complete: true, notes: [...recording.notes, note] };
  });
  return { processes, lostProcesses };
}

/** Other processes of the session that have not ended. */
function listRunning(session: Session): Set<number> {
  const pids = session.listSilent(Number.POSITIVE_INFINITY).map(({ pid }) => pid);
  return new Set(pids.filter((pid) => pid !== ownPid && isRunning(pid)));
}

function isRunning(pid: number): boolean {
  try {
    kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  try {
    // a zombie: it has ended, and its parent has not yet read its exit code
    return readProcessStat(pid)[0] !== 'Z';
  } catch {
    return true; // no Linux
  }
}
