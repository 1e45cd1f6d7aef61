import { setTimeout as sleep } from 'node:timers/promises';

/** A promise that is settled from outside. */
export function defer() {
  let resolve!: (value?: unknown) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<unknown>((onValue, onReason) => {
    resolve = onValue;
    reject = onReason;
  });
  return { promise, resolve, reject };
}

export const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Runs `body` while nobody but it listens for rejections. */
export async function unhandledDuring(body: () => unknown): Promise<unknown[]> {
  const previous = process.listeners('unhandledRejection');
  const seen: unknown[] = [];
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (reason) => seen.push(reason));
  await body();
  await sleep(5);
  process.removeAllListeners('unhandledRejection');
  for (const each of previous) process.on('unhandledRejection', each);
  return seen;
}
