/** The part of `ttprof timeit` that runs in a process of its own, beside the expressions. */
import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { measureRounds } from './measure-rounds.js';
import type { TimedLoop, TimeitLimits } from './timing.js';

/** Where the result goes: standard output is the expressions'. */
const RESULT_FILE = 3;

// As in `node --eval`. This module is evaluated before the setup, which may declare one of its own.
Object.assign(globalThis, { require: createRequire(join(process.cwd(), '[eval]')) });

/**
 * Times loops and writes what was measured as JSON.
 * @throws what an expression throws
 */
export async function timeInProcess(cases: readonly TimedLoop[], limits: TimeitLimits): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(await measureRounds(cases, limits)));
  // a rejection that nobody handles is an error of the expression, and Node tells of it after what runs now
  await new Promise((resolve) => setImmediate(resolve));
  for (let done = 0; done < bytes.length; ) done += writeSync(RESULT_FILE, bytes, done);
}
