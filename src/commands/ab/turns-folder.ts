import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TURNS_VARIABLE } from '../../config/environment.js';
import { FREE, hashSeedFlag, OBSTACLES, type Obstacle, type TurnsOptions } from '../../runtime/contract.js';
import type { PlannedRun } from '../run/measure-runs.js';
import { isStalled, readTurnTimes, showsHandingOver } from './watch-turns.js';

/** As many outermost calls are in a turn; evidence is gathered in blocks of the same size. */
const CALLS_IN_A_TURN = 20;

/** How often it is looked whether they still do. */
const WATCH_MS = 500;

export type Side = TurnsOptions['side'];

/** Why processes do not take turns: what they say themselves, or that one waited in vain and both were set free. */
export type TurnsObstacle = Obstacle | 'stalled';

/** What two processes need to take turns, for one pair of them. */
export interface TurnsFolder {
  /** Absolute path. */
  readonly folder: string;
  /** Adds to a plan what the processes of a side need to know. */
  plan(plan: PlannedRun, side: Side): PlannedRun;
  /** The other side has ended: this one waits no more. */
  free(side: Side): void;
  /** What says most comes first. */
  listObstacles(): TurnsObstacle[];
  /** To be called when both have ended. */
  remove(): void;
}

/** @returns null where the system has no FIFOs */
export function openTurnsFolder(): TurnsFolder | null {
  const folder = mkdtempSync(join(tmpdir(), 'ttprof-turns-'));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  const paths = ['0', '1'].map((name) => join(folder, name));
  const { status } = spawnSync('mkfifo', ['-m', '600', ...paths], { stdio: 'ignore' });
  if (status !== 0) {
    remove();
    return null;
  }
  // for reading too: else opening would wait for a reader
  const files = paths.map((path) => openSync(path, 'r+'));
  const free = (side: Side) => {
    writeSync(files[side]!, new Uint8Array([FREE]));
  };
  const seed = randomInt(1, 2 ** 31);
  const startedMs = Date.now();
  const listNoted = () => {
    const found = readdirSync(folder);
    return OBSTACLES.filter((name) => found.includes(name));
  };
  // who has left the turns keeps the other one waiting until its own end
  let isExpected = showsHandingOver(paths[0]!, files[0]!);
  let hasStalled = false;
  const watch = setInterval(() => {
    if (!isExpected || listNoted().length > 0) return;
    if (!isStalled(readTurnTimes(folder, startedMs), Date.now())) return;
    isExpected = false;
    hasStalled = true;
    free(0);
    free(1);
  }, WATCH_MS);
  return {
    folder,
    plan(plan, side) {
      const options: TurnsOptions = { folder, side, seed, calls: CALLS_IN_A_TURN };
      const env = {
        ...(plan.env ?? process.env),
        [TURNS_VARIABLE]: JSON.stringify(options),
        // compiled code is for one seed, and would be kept for each
        NODE_DISABLE_COMPILE_CACHE: '1',
      };
      return { ...plan, env, nodeFlags: [hashSeedFlag(options)] };
    },
    free(side) {
      isExpected = false;
      free(side);
    },
    listObstacles: () => (hasStalled ? [...listNoted(), 'stalled'] : listNoted()),
    remove() {
      clearInterval(watch);
      for (const file of files) closeSync(file);
      remove();
    },
  };
}
