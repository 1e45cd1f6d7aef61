import { readFileSync } from 'node:fs';
import type { Session } from '../../session/session.js';
import { say } from '../../shared/say.js';

/**
 * Ends the processes of a session that ignore a signal only because of ttprof: they have our handler for it and none of
 * their own, and never get to run it, because they keep the event loop busy. Without ttprof the signal would have ended
 * them at once.
 * @param sinceMs when the signal came, in ms since the Unix epoch
 * @param childPid the process that we started ourselves: its id cannot have been reused yet
 * @returns whether there were any
 */
export function endStuck(
  session: Session,
  asked: NodeJS.Signals,
  sinceMs: number,
  childPid: number | undefined,
): boolean {
  const stuck = session
    .listSilent(sinceMs)
    .filter(
      ({ pid, handled }) =>
        !handled.includes(asked) && (pid === childPid || isOfSession(pid, session.folder)),
    );
  for (const { pid } of stuck) {
    if (!kill(pid)) continue;
    say(
      `process ${pid} did not let the event loop turn after ${asked} and was ended: its last second may be missing`,
    );
  }
  return stuck.length > 0;
}

/** Ends every process of a session by force. */
export function endAll(session: Session): void {
  for (const { pid } of session.listSilent(Number.POSITIVE_INFINITY)) {
    if (isOfSession(pid, session.folder)) kill(pid);
  }
}

/** @returns false where it has ended by itself */
function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

/** The system reuses process ids: the environment of a process says whose it is, where the system shows it (Linux). */
function isOfSession(pid: number, folder: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .some((entry) => entry.endsWith(`=${folder}`));
  } catch {
    return false;
  }
}
