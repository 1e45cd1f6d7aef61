import { writeSync } from 'node:fs';

/** One line on stderr; synchronous, so that nothing is lost at an exit, and silent where stderr is closed. */
export function say(line: string): void {
  try {
    writeSync(2, `ttprof: ${line}\n`);
  } catch {
    // stderr is closed
  }
}
