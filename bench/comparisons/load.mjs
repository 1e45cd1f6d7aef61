// Other processes that keep the machine busy.
import { spawn } from 'node:child_process';

/**
 * @param {number} count how many; each would take a whole core
 * @returns a function that ends them
 */
export function startLoad(count) {
  const children = Array.from({ length: count }, () =>
    spawn(process.execPath, ['-e', 'for (let x = 0; ; x++) Math.sqrt(x)'], { stdio: 'ignore' }),
  );
  return () => {
    for (const child of children) child.kill('SIGKILL');
  };
}
