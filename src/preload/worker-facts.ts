/**
 * Hands what the loader saw in workers to the main thread, in one file for each worker in the session's folder: which
 * functions exist, also those never called, and why targets matched nothing. Unlike recordings, which are in shared
 * memory and survive `terminate()`, this comes only from workers that end by themselves.
 */
import fs from 'node:fs';
import { join } from 'node:path';
import type { TargetFacts } from '../runtime/contract.js';
import { threadId } from '../runtime/memory/threads.js';

// Captured: the program may replace them.
const { readdirSync, readFileSync, writeFileSync } = fs;
const { parse: parseJson, stringify: toJson } = JSON;

/** What the loader of one thread saw. */
export interface Seen {
  readonly targets: readonly TargetFacts[];
  readonly notes: readonly string[];
}

/** To be called in a worker's `exit` handler; never throws. */
export function leaveSeen(folder: string, seen: Seen): void {
  try {
    writeFileSync(join(folder, `${prefix()}${threadId}`), toJson(seen), { mode: 0o600 });
  } catch {
    // the folder is gone or full
  }
}

/** To be called in the main thread, as often as one likes; never throws. */
export function readSeen(folder: string): Seen[] {
  return listFiles(folder).flatMap((name) => {
    try {
      return [parseJson(readFileSync(join(folder, name), 'utf8')) as Seen];
    } catch {
      return []; // cut short: the process ended while a worker wrote
    }
  });
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.startsWith(prefix()));
  } catch {
    return [];
  }
}

function prefix(): string {
  return `seen-${process.pid}-`;
}
