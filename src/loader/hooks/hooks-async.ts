import Module, { syncBuiltinESMExports } from 'node:module';
import type { LoadEvent } from '../load-log.js';
import type { HooksThreadData } from './hooks-thread-data.js';

/** The hooks' thread, seen from the one that it serves. */
export interface HooksThread {
  /** The events since the last call. Synchronous, because in an `exit` handler the event loop has stopped. */
  readEvents(): LoadEvent[];
  /** Replaces the targets, for modules that are asked for from now on. */
  setTargets(targets: readonly string[]): void;
}

/** Starts the hooks in their own thread, for versions of Node without sound hooks in the thread that loads. */
export function registerAsyncHooks(data: Omit<HooksThreadData, 'port'>): HooksThread {
  // not imported above: with hooks of the other kind, the program has to be the first that asks for this module
  const { MessageChannel, receiveMessageOnPort } = process.getBuiltinModule('node:worker_threads');
  // the port has no listener here, so it keeps no process alive
  const { port1, port2 } = new MessageChannel();
  port2.unref();
  const all: HooksThreadData = { ...data, port: port2 };
  const hooks = new URL('./hooks-thread.js', import.meta.url);
  const { register } = Module;
  register(hooks, { data: all, transferList: [port2] });
  if (data.collectsCoverage) afterRegister(() => register(hooks));
  return {
    readEvents() {
      const events: LoadEvent[] = [];
      for (let next = receiveMessageOnPort(port1); next; next = receiveMessageOnPort(port1))
        events.push(next.message as LoadEvent);
      return events;
    },
    setTargets: (targets) => port1.postMessage(targets),
  };
}

/**
 * Coverage needs modules to be rewritten as they leave the last hook: what a compiler makes of rewritten code has
 * branches that cannot be told from the program's. Hooks of this kind cannot move, so ours are registered once more
 * after those of others, and the outermost does the work.
 */
function afterRegister(registerAgain: () => void): void {
  const original = Module.register;
  Module.register = function register(this: unknown, specifier: string | URL, ...rest: unknown[]) {
    Reflect.apply(original, this, [specifier, ...rest]);
    try {
      registerAgain();
    } catch {
      // those registered first still rewrite, before the others compile
    }
  } as typeof original;
  syncBuiltinESMExports();
}
