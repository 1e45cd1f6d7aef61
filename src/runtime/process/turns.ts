import fs from 'node:fs';
import { nowNs } from '../clock/clock.js';
import { claimFile, FREE, type Obstacle, type TurnsOptions } from '../contract.js';
import { isMainThread } from '../memory/threads.js';

/*
 * Two processes that run one at a time
 * ====================================
 *
 * `ttprof ab` starts one process of each version. A loaded machine changes its speed many times in a second, so the
 * calls that are compared must lie close together in time: after so many outermost calls of its targets a process hands
 * over to the other one and waits. Slice k of a process are its calls from k times so many on; in each turn both do
 * slice k, in an order that is drawn from a seed that both know. There is no further agreement: whoever ends a slice
 * writes one byte into the other's FIFO, and nobody begins a slice before as many bytes have come as it takes. Waiting
 * is a read that blocks, which costs the machine nothing. Who starts the processes writes FREE to one whose partner has
 * ended, however that was: it waits no more. Where that one is gone too, the FIFO ends.
 */

const DONE = 0x2e;

/** A process that has the machine for so long in one turn lets the other one have it only when it has ended. */
const MAX_TURN_NS = 1e9;
/** How often in a row that has to happen: once, a busy machine alone can keep a process from running for so long. */
const SLOW_TURNS = 2;

// Captured: the program may replace them.
const { closeSync, openSync, readSync, writeSync } = fs;

/** One process's part in it. */
export interface Turns {
  /**
   * To be called before a call begins that is the first of a slice, or where that was put off. Blocks until it is this
   * process's turn.
   * @returns how many calls may begin before it is to be called again; Infinity where no more turns are taken
   */
  take(isBetweenCalls: () => boolean): number;
}

/** Never throws: where no turns can be taken, the program runs as it would alone. */
export function joinTurns(options: TurnsOptions): Turns {
  const { folder, side, calls } = options;
  const isLeader = drawLeaders(options);
  const signal = new Uint8Array([DONE]);
  const received = new Uint8Array(64);
  let own = -1;
  let other = -1;
  let slice = -1;
  let arrived = 0;
  let sliceStartNs = 0;
  let slowTurns = 0;

  const leave = (obstacle: Obstacle): number => {
    closeSync(openSync(`${folder}/${obstacle}`, 'w'));
    return Number.POSITIVE_INFINITY;
  };

  const wait = (bytes: number): boolean => {
    while (arrived < bytes) {
      const count = readSync(own, received);
      if (count === 0) return false;
      for (let at = 0; at < count; at++) if (received[at] === FREE) return false;
      arrived += count;
    }
    return true;
  };

  const take = (isBetweenCalls: () => boolean): number => {
    if (slice === -1) {
      if (!claim(options)) return leave(isMainThread ? 'processes' : 'threads');
      own = openForReading(`${folder}/${side}`);
      other = openSync(`${folder}/${1 - side}`, 'r+');
    } else {
      const isSlow = nowNs() - sliceStartNs > MAX_TURN_NS;
      if (!isBetweenCalls()) return isSlow ? leave('slow') : 1;
      slowTurns = isSlow ? slowTurns + 1 : 0;
      if (slowTurns === SLOW_TURNS) return leave('slow');
    }
    writeSync(other, signal);
    slice++;
    // the first byte says that the other side is there at all
    const isFree = !wait(isLeader() ? slice + 1 : slice + 2);
    sliceStartNs = nowNs();
    return isFree ? Number.POSITIVE_INFINITY : calls;
  };

  return {
    take(isBetweenCalls) {
      try {
        return take(isBetweenCalls);
      } catch {
        return Number.POSITIVE_INFINITY;
      }
    },
  };
}

/** Without waiting for somebody who writes, and without being somebody who writes: then reading would never end. */
function openForReading(path: string): number {
  const both = openSync(path, 'r+');
  try {
    return openSync(path, 'r');
  } finally {
    closeSync(both);
  }
}

/** Only one thread of one process of each side takes turns: the first that calls a target. */
function claim({ folder, side }: TurnsOptions): boolean {
  try {
    const file = openSync(`${folder}/${claimFile(side)}`, 'wx');
    if (isMainThread) writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch {
    return false;
  }
}

/** Says for one turn after the other whether this side leads; both sides draw the same (xorshift32, Marsaglia 2003). */
function drawLeaders({ seed, side }: TurnsOptions): () => boolean {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 16) & 1) === side;
  };
}
