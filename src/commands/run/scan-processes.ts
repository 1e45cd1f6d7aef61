import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { UnmeasuredProcess } from '../../runtime/contract.js';
import type { Session } from '../../session/session.js';
import { findNodeScript } from '../../session/unmeasured.js';
import { isSingleExecutable } from '../../shared/executables/single-executable.js';

/** A process that ends between two looks has hardly run anything: Node alone takes half of this to start. */
const LOOK_MS = 100;
/** The pause after a look is at least this many times as long as the look: it takes 1 % of one processor at most. */
const LEISURE = 100;
/** A process that loads the preload has announced itself within this time. */
const START_MS = 1_000;

/**
 * Looks now and then at the processes below a program, where the system shows them (Linux): some are started by programs
 * other than Node, with an environment that does not lead to the session.
 * @param root the program's process
 * @returns a function that ends the watching and lists the Node processes that do not belong to the session
 */
export function scanProcesses(root: number, session: Session): () => UnmeasuredProcess[] {
  const unmeasured = new Map<number, UnmeasuredProcess>();
  const firstSeenMs = new Map<number, number>();
  const look = () => {
    const startMs = performance.now();
    const announced = new Set(session.listSilent(Number.POSITIVE_INFINITY).map(({ pid }) => pid));
    for (const pid of listBelow(root)) {
      const seenMs = firstSeenMs.get(pid) ?? startMs;
      firstSeenMs.set(pid, seenMs);
      if (announced.has(pid) || unmeasured.has(pid)) continue;
      if (startMs - seenMs < START_MS && !isApart(pid, session.folder)) continue;
      const program = findProgram(pid);
      if (program !== null) unmeasured.set(pid, { pid, ...program });
    }
    timer = setTimeout(look, Math.max(LOOK_MS, (performance.now() - startMs) * LEISURE)).unref();
  };
  let timer = setTimeout(look, LOOK_MS).unref();
  return () => {
    clearTimeout(timer);
    return [...unmeasured.values()];
  };
}

/** A process and all below it. */
function listBelow(pid: number): number[] {
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1').split(' ').filter(Boolean).map(Number),
    );
    return [pid, ...children.flatMap(listBelow)];
  } catch {
    return []; // it has ended, or the system has no such files
  }
}

/** Was it started with an environment that does not lead to the session? */
function isApart(pid: number, folder: string): boolean {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
    return !environment.includes(encodeURIComponent(folder));
  } catch {
    return false; // another user's
  }
}

/** The script or single executable application that runs in a process; null where it is not a Node process. */
function findProgram(pid: number): Omit<UnmeasuredProcess, 'pid'> | null {
  try {
    const [, ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/\0$/, '').split('\0');
    // not the first argument: a process that sets its title overwrites it
    const executable = readlinkSync(`/proc/${pid}/exe`);
    if (isSingleExecutable(executable)) return { script: executable, isSingle: true };
    const script = findNodeScript([executable, ...args]);
    return script === null ? null : { script };
  } catch {
    return null;
  }
}
