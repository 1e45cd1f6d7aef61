/**
 * Makes workers find the preload in every folder. Node gives them the flags that the process was started with, and they
 * look `ttprof/register` up from the working directory at their own start. Where `process.chdir` has changed that, they
 * would not start at all.
 */
import type { Worker, WorkerOptions } from 'node:worker_threads';
import { whenWorkersCome } from '../runtime/memory/threads.js';

/** Node says which flags a worker cannot have (ERR_WORKER_INVALID_EXEC_ARGV). */
const REFUSED = /flags: (.*)$/;

// Captured: the program may replace it.
const { cwd } = process;
const { construct } = Reflect;

/**
 * To be called where the preload was named by a path that depends on the working directory, once `process.execArgv` and
 * NODE_OPTIONS name it by its URL.
 */
export function mendWorkers(): void {
  const startedIn = cwd.call(process);
  whenWorkersCome((threads) => {
    const { Worker } = threads;
    threads.Worker = new Proxy(Worker, {
      construct(target, [script, options, ...rest], newTarget) {
        const inherits = options?.execArgv === undefined;
        if (!inherits || cwd.call(process) === startedIn)
          return construct(target, [script, options, ...rest], newTarget);
        return start((execArgv) => construct(target, [script, { ...options, execArgv }, ...rest], newTarget));
      },
    });
    // `worker.constructor` is to be the class that the program sees
    Object.defineProperty(Worker.prototype, 'constructor', {
      value: threads.Worker,
      writable: true,
      enumerable: false,
      configurable: true,
    });
  });
}

/** Starts a worker with this process's flags, except for those that a worker may inherit but not be given. */
function start(startWith: (execArgv: NonNullable<WorkerOptions['execArgv']>) => Worker): Worker {
  const { execArgv } = process;
  try {
    return startWith(execArgv);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const refused = REFUSED.exec(message)?.[1]?.split(', ');
    if (code !== 'ERR_WORKER_INVALID_EXEC_ARGV' || refused === undefined) throw error;
    return startWith(execArgv.filter((flag) => !refused.includes(flag)));
  }
}
