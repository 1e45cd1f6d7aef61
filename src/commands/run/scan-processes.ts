import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { UnmeasuredProcess } from '../../runtime/contract.js';
import type { Session } from '../../session/session.js';
import { findNodeScript } from '../../session/unmeasured.js';
import { isSingleExecutable } from '../../shared/executables/single-executable.js';

/** What ends between two looks has hardly run anything: Node itself takes half of this to start. */
const LOOK_MS = 100;
/** Looks take at most one part in so many of a processor's time, however many processes there are. */
const LEISURE = 100;
/** What loads the preload has announced itself by then. */
const START_MS = 1_000;

/**
 * Looks now and then at the processes below a program, where the system shows them (Linux): some are started by what is
 * not Node, with an environment of their own.
 * @param root the program's process
 * @returns what ends that, and lists the Node processes that do not belong to the session
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

/** Was it started without what leads to the session? */
function isApart(pid: number, folder: string): boolean {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
    return !environment.includes(encodeURIComponent(folder));
  } catch {
    return false; // another user's
  }
}

/** What runs in a process, if it is Node's to run. */
function findProgram(pid: number): Omit<UnmeasuredProcess, 'pid'> | null {
  try {
    const [, ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/\0$/, '').split('\0');
    // some give themselves a title, which takes the place of their command
    const executable = readlinkSync(`/proc/${pid}/exe`);
    if (isSingleExecutable(executable)) return { script: executable, isSingle: true };
    const script = findNodeScript([executable, ...args]);
    return script === null ? null : { script };
  } catch {
    return null;
  }
}
