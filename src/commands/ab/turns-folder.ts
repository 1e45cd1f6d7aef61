import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TURNS_VARIABLE } from '../../config/environment.js';
import { BLOCK_CALLS } from '../../report/statistics/block-ratios.js';
import { FREE, hashSeedFlag, OBSTACLES, type Obstacle, type TurnsOptions } from '../../runtime/contract.js';
import type { PlannedRun } from '../run/measure-runs.js';
import { isStalled, readTurnTimes, showsHandingOver } from './watch-turns.js';

/** How often the folder is checked for processes that no longer take turns. */
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
  /** The most telling one first. */
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
  // for reading too: opening a FIFO for writing alone waits for a reader
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
  // a process that takes no more turns would keep the other one waiting until it ends
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
      // evidence is gathered in blocks of as many calls as a turn has
      const options: TurnsOptions = { folder, side, seed, calls: BLOCK_CALLS };
      const env = {
        ...(plan.env ?? process.env),
        [TURNS_VARIABLE]: JSON.stringify(options),
        // cached code is valid for one hash seed only: the cache would grow with each pair
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
