import type { ChildProcess } from 'node:child_process';
import type { UnmeasuredProcess } from '../runtime/contract.js';
import type { Session } from '../session/session.js';
import { findNodeScript } from '../session/unmeasured.js';

/** A program that starts more Node processes than this without ttprof has heard of it. */
const MAX_CHILDREN = 1_000;
/** A child that runs has announced itself by then, in ms. */
const START_MS = 2_000;

interface Child extends UnmeasuredProcess {
  readonly startedMs: number;
  /** Kept until it would have announced itself. */
  process: ChildProcess | null;
}

// Captured: the program may replace them.
const { kill } = process;
const { now } = performance;

/**
 * Watches which Node processes this thread starts, without their knowing: those started synchronously cannot be seen.
 * @see https://nodejs.org/docs/latest-v20.x/api/diagnostics_channel.html#child-process
 * @returns what lists those of them that did not announce themselves
 */
export function watchChildren(session: Session): () => UnmeasuredProcess[] {
  const children: Child[] = [];
  // Node tells before it starts one: then the object knows nothing yet
  let latest: ChildProcess | null = null;
  const take = (next: ChildProcess | null): void => {
    const process = latest;
    const { pid, spawnargs, spawnfile } = process ?? {};
    latest = next;
    if (pid === undefined || !Array.isArray(spawnargs) || children.length === MAX_CHILDREN) return;
    const script = findNodeScript([String(spawnfile), ...spawnargs.slice(1).map(String)]);
    if (script === null) return;
    const startedMs = now.call(performance);
    for (const child of children) if (startedMs - child.startedMs > START_MS) child.process = null;
    children.push({ pid, script, startedMs, process });
  };
  process.getBuiltinModule('node:diagnostics_channel').subscribe('child_process', (message) => {
    take((message as { process: ChildProcess }).process);
  });
  return () => {
    take(null);
    if (children.length === 0) return [];
    const announced = new Set(session.listSilent(Number.POSITIVE_INFINITY).map(({ pid }) => pid));
    const nowMs = now.call(performance);
    return children
      .filter(
        ({ pid, startedMs, process }) =>
          // one that was killed so early may not have got as far as its program: pools drop workers that they have no use for
          !announced.has(pid) && (nowMs - startedMs > START_MS || !(process?.killed || isRunning(pid))),
      )
      .map(({ pid, script }) => ({ pid, script }));
  };
}

function isRunning(pid: number): boolean {
  try {
    return kill(pid, 0);
  } catch {
    return false;
  }
}
