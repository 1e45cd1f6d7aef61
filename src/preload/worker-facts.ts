/**
 * What the loader saw in workers, on its way to the main thread. Their recordings are in shared memory and survive
 * `terminate()`; this is only sent by workers that end by themselves, and explains targets that matched nothing.
 */
import { BroadcastChannel, receiveMessageOnPort } from 'node:worker_threads';
import type { TargetFacts } from '../runtime/contract.js';

/** What the loader of one thread saw. */
export interface Seen {
  readonly targets: readonly TargetFacts[];
  readonly notes: readonly string[];
}

const CHANNEL = 'ttprof.worker-facts';

/** To be called in a worker's `exit` handler. */
export function sendFromWorker(seen: Seen): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(seen);
  channel.close();
}

/**
 * Listens, in the main thread and without keeping it alive, from now on.
 * @returns what has come so far; to be called as often as one likes
 */
export function collectFromWorkers(): () => readonly Seen[] {
  const channel = new BroadcastChannel(CHANNEL) as BroadcastChannel & { unref(): void };
  channel.unref();
  const received: Seen[] = [];
  return () => {
    for (
      let next = receiveMessageOnPort(channel as never);
      next;
      next = receiveMessageOnPort(channel as never)
    ) {
      received.push((next as { message: Seen }).message);
    }
    return received;
  };
}
