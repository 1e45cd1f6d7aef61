import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { UnmeasuredProcess } from '../../runtime/contract.js';
import type { Session } from '../../session/session.js';
import { findNodeScript } from '../../session/unmeasured.js';

/** What is not seen in one second is too short to be measured by. */
const SCAN_MS = 1_000;

/**
 * Looks now and then at the processes below a program, where the system shows them (Linux): some are started by what is
 * not Node, or synchronously, with an environment of their own.
 * @param root the program's process
 * @returns what ends that, and lists the Node processes that had not announced themselves from one look to the next
 */
export function scanProcesses(root: number, session: Session): () => UnmeasuredProcess[] {
  const unmeasured = new Map<number, UnmeasuredProcess>();
  let before = new Set<number>();
  const scan = () => {
    const announced = new Set(session.listSilent(Number.POSITIVE_INFINITY).map(({ pid }) => pid));
    const found = listBelow(root).filter((pid) => !announced.has(pid));
    for (const pid of found.filter((each) => before.has(each) && !unmeasured.has(each))) {
      const script = findNodeScript(readCommand(pid));
      if (script !== null) unmeasured.set(pid, { pid, script });
    }
    before = new Set(found);
  };
  const timer = setInterval(scan, SCAN_MS).unref();
  return () => {
    clearInterval(timer);
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

function readCommand(pid: number): string[] {
  try {
    const [, ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/\0$/, '').split('\0');
    // some give themselves a title, which takes the place of their command
    return [readlinkSync(`/proc/${pid}/exe`), ...args];
  } catch {
    return [];
  }
}
