import { closeSync, openSync, rmSync } from 'node:fs';
import { sleepSync } from '../shared/sleep-sync.js';

const RETRY_MS = 10;

/**
 * After 10 s the lock is taken to be left behind by a process that was killed: writing takes far less. Counted in
 * tries, because the app may have stopped the clock.
 */
const MAX_TRIES = 1_000;

/**
 * Runs an action while no other process runs one for the same path: reading a file and writing it merged must not
 * be interleaved. Where no lock file can be made the action runs all the same, and reports what is wrong itself.
 * @param path absolute
 */
export function withFileLock(path: string, action: () => void): void {
  const lock = `${path}.lock`;
  const held = acquire(lock);
  try {
    action();
  } finally {
    if (held) rmSync(lock, { force: true });
  }
}

function acquire(lock: string): boolean {
  for (let tries = 0; ; tries++) {
    try {
      closeSync(openSync(lock, 'wx'));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
      if (tries % MAX_TRIES === MAX_TRIES - 1) rmSync(lock, { force: true });
      else sleepSync(RETRY_MS);
    }
  }
}
