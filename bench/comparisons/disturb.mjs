// Another process that keeps the machine busy: arithmetic, then memory, then a pause, for random times.
import { spawn } from 'node:child_process';

const PROGRAM = `
const pause = new Int32Array(new SharedArrayBuffer(4));
for (;;) {
  const until = Date.now() + 20 + Math.random() * 400;
  let waste = [];
  while (Date.now() < until) {
    if (Math.random() < 0.5) for (let i = 0; i < 1e5; i++) waste[i & 4095] = Math.sqrt(i);
    else waste = Array.from({ length: 1e4 }, (_, i) => ({ i }));
  }
  Atomics.wait(pause, 0, 0, Math.random() * 200);
}`;

/** @returns a function that ends it */
export function disturb() {
  const child = spawn(process.execPath, ['-e', PROGRAM], { stdio: 'ignore' });
  return () => child.kill('SIGKILL');
}
