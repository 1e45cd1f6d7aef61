import { readSync, statSync, utimesSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { claimFile } from '../../runtime/contract.js';

/*
 * A process that waits for its turn cannot see that the other one will never end its own: a server that waits for
 * requests, an endless loop. Writing to a FIFO changes its modification time (POSIX), so it can be seen from outside
 * when the last turn ended; the processes need not do anything for it.
 */

/** When things happened, in ms since the Unix epoch; null for what has not. */
export interface TurnTimes {
  readonly startedMs: number;
  /** When each side called a target for the first time. */
  readonly joinedMs: readonly [number | null, number | null];
  /** When one side handed over to the other last. */
  readonly handedOverMs: number;
}

/**
 * After this time without a turn, the processes are set free. A turn that merely takes longer than a second is noticed
 * by the processes themselves, at their next call.
 */
const MAX_STALL_MS = 10_000;
/** On a busy machine one of two processes may take this many times as long to start as the other. */
const MAX_START_RATIO = 3;

/** Has a process waited so long for its turn that it is in vain? */
export function isStalled({ startedMs, joinedMs, handedOverMs }: TurnTimes, nowMs: number): boolean {
  const joined = joinedMs.filter((time) => time !== null);
  const [first] = joined;
  if (first === undefined) return false;
  if (joined.length === 2) return nowMs - Math.max(handedOverMs, ...joined) > MAX_STALL_MS;
  return nowMs - first > Math.max(MAX_STALL_MS, (first - startedMs) * MAX_START_RATIO);
}

/** Of a folder of `openTurnsFolder`. */
export function readTurnTimes(folder: string, startedMs: number): TurnTimes {
  const timeOf = (name: string) => statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? null;
  return {
    startedMs,
    joinedMs: [timeOf(claimFile(0)), timeOf(claimFile(1))],
    handedOverMs: Math.max(timeOf('0') ?? 0, timeOf('1') ?? 0),
  };
}

/**
 * Does writing change a FIFO's time on this system?
 * @param file a descriptor of the FIFO that reads and writes, which nobody else has opened yet
 */
export function showsHandingOver(path: string, file: number): boolean {
  utimesSync(path, 0, 0);
  const byte = new Uint8Array(1);
  writeSync(file, byte);
  readSync(file, byte);
  return statSync(path).mtimeMs > 0;
}
