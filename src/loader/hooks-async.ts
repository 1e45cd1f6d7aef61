import { register } from 'node:module';
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { LoadEvent } from './ledger.js';

/** What the hooks thread needs to know; plain data beside the port. */
export interface HooksThreadData {
  readonly targets: readonly string[];
  readonly cwd: string;
  readonly entry: string | null;
  /** The entry where a compiler in `require.extensions` is to have it; see `compiled-entry.ts`. */
  readonly compiledEntry: string | null;
  readonly cache: boolean;
  /** Are source maps on from the start? Modules that arrive with an inline map get a composed one in any case. */
  readonly composesMaps: boolean;
  readonly debug: boolean;
  readonly port: MessagePort;
}

/**
 * Starts the hooks in their own thread, for versions of Node without sound hooks in the thread that loads.
 * @returns reads what the hooks thread has told so far, synchronously: at exit no event loop turns any more
 */
export function registerAsyncHooks(data: Omit<HooksThreadData, 'port'>): () => LoadEvent[] {
  // the port has no listener here, so it keeps no process alive
  const { port1, port2 } = new MessageChannel();
  port2.unref();
  const all: HooksThreadData = { ...data, port: port2 };
  register(new URL('./hooks-thread.js', import.meta.url), { data: all, transferList: [port2] });
  return () => {
    const events: LoadEvent[] = [];
    for (let next = receiveMessageOnPort(port1); next; next = receiveMessageOnPort(port1))
      events.push(next.message as LoadEvent);
    return events;
  };
}
