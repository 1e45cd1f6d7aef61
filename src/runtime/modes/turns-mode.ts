import type { CallProbe, SiteAddress, SiteIndex, StepsProbe, TurnsOptions } from '../contract.js';
import { heap, heapWords } from '../memory/arena.js';
import { KIND, OPEN, SITE_DOUBLES } from '../memory/layout.js';
import { KIND_GENERATOR } from '../memory/site.js';
import { joinTurns, type Turns } from '../process/turns.js';
import type { Probe } from '../record/recorder.js';
import { stackBottom, topWord } from '../record/shadow-stack.js';

/*
 * `ttprof ab`: before an outermost call begins, the process may have to wait for its turn. No measured call encloses
 * that time: none is on the stack, and while one is open (an async function that waits), no turn ends.
 */

let turns: Turns | null = null;
/** Outermost calls that may begin before the turn ends; across all modules. */
let callsLeft = 0;
/** The records of all functions that are measured in this thread, in pairs: the first one's address, and how many. */
const records: number[] = [];

/** To be called before the first probe is made. */
export function startTurns(options: TurnsOptions): void {
  turns ??= joinTurns(options);
}

/** Calls of these functions must have ended before a turn ends. */
export function countInTurns(sites: SiteAddress, count: number): void {
  records.push(sites, count);
}

/** A paused generator waits for the program, and may do so forever. */
function isBetweenCalls(): boolean {
  for (let at = 0; at < records.length; at += 2) {
    const end = records[at]! + records[at + 1]! * SITE_DOUBLES;
    for (let site = records[at]!; site < end; site += SITE_DOUBLES)
      if (heap[site + OPEN]! > 0 && heap[site + KIND] !== KIND_GENERATOR) return false;
  }
  return true;
}

function takeTurn(): void {
  callsLeft = turns!.take(isBetweenCalls) - 1;
}

/** The probe's class for a process that takes turns with another one. */
export function takingTurns(Base: typeof Probe): typeof Probe {
  return class TurnsProbe extends Base {
    override enter(index: SiteIndex): number {
      if (heapWords[topWord] === stackBottom && --callsLeft < 0) takeTurn();
      return super.enter(index);
    }

    override start(index: SiteIndex, idle?: boolean): CallProbe {
      if (heapWords[topWord] === stackBottom && --callsLeft < 0) takeTurn();
      return super.start(index, idle);
    }

    override beginSteps(index: SiteIndex, waits: boolean): StepsProbe {
      if (heapWords[topWord] === stackBottom && --callsLeft < 0) takeTurn();
      return super.beginSteps(index, waits);
    }
  };
}
