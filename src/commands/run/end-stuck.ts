import { readFileSync } from 'node:fs';
import type { Session } from '../../session/session.js';
import { say } from '../../shared/say.js';

/**
 * Ends the processes of a session that do not react to a signal only because of us: with our handler for it, and none
 * of their own, while they do not let the event loop turn. Without ttprof the signal would have ended them at once.
 * @param sinceMs when the signal came, in ms since the Unix epoch
 * @param childPid the process that we started ourselves: it is no other's
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
    try {
      process.kill(pid, 'SIGKILL');
      say(
        `process ${pid} did not let the event loop turn after ${asked} and was ended: its last second may be missing`,
      );
    } catch {
      // it has ended by itself
    }
  }
  return stuck.length > 0;
}

/** Ends every process of a session by force. */
export function endAll(session: Session): void {
  for (const { pid } of session.listSilent(Number.POSITIVE_INFINITY)) {
    if (!isOfSession(pid, session.folder)) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // it has ended by itself
    }
  }
}

/** Process ids are used again: the environment tells whose it is, where the system shows it. */
function isOfSession(pid: number, folder: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .some((entry) => entry.endsWith(`=${folder}`));
  } catch {
    return false;
  }
}
