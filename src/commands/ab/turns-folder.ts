import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FREE, OBSTACLES, type Obstacle, type TurnsOptions } from '../../runtime/contract.js';

/** As many outermost calls are in a turn; evidence is gathered in blocks of the same size. */
const CALLS_IN_A_TURN = 20;

export type Side = 0 | 1;

/** What two processes need to take turns, for one pair of them. */
export interface TurnsFolder {
  /** What the process of a side finds in its environment. */
  variableOf(side: Side): string;
  /** The other side has ended: this one waits no more. */
  free(side: Side): void;
  /** What kept the processes from taking turns. */
  listObstacles(): Obstacle[];
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
  const seed = randomInt(1, 2 ** 31);
  return {
    variableOf: (side) =>
      JSON.stringify({ folder, side, seed, calls: CALLS_IN_A_TURN } satisfies TurnsOptions),
    free(side) {
      writeSync(files[side]!, new Uint8Array([FREE]));
    },
    listObstacles() {
      const found = readdirSync(folder);
      return OBSTACLES.filter((name) => found.includes(name));
    },
    remove() {
      for (const file of files) closeSync(file);
      remove();
    },
  };
}
