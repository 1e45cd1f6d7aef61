/*
 * What threads need of each other, without loading `node:worker_threads` before the program does: that takes more of a
 * start than anything else here, and most programs never ask for it.
 */

type WorkerThreads = typeof import('node:worker_threads');

// Captured: the program may replace it, and the one below.
const { getBuiltinModule } = process;
const NAME = /^(?:node:)?worker_threads$/;

/**
 * Is this the main thread? In workers Node marks what only processes can do (`lib/internal/process/worker_thread_only.js`
 * and its `test-worker-unsupported-things.js`).
 */
export const isMainThread = (process.abort as { disabled?: boolean }).disabled !== true;

/** As in `node:worker_threads`, of which there is no other way to ask in a worker; 0 is the main thread. */
export const threadId = isMainThread ? 0 : workerThreads().threadId;

/** Is this a thread that Node starts for loader hooks? It has no script of its own. */
export function isHooksThread(): boolean {
  return !isMainThread && process.argv.length === 1;
}

/** What workers are to be given once the module is there; null from then on. */
let waiting: Map<string, unknown> | null = new Map();

function workerThreads(): WorkerThreads {
  return getBuiltinModule('node:worker_threads');
}

/**
 * Gives a value to all workers that this thread starts from now on. In the main thread that waits for
 * {@link shareNow}, which has to come before the program gets hold of `Worker`.
 * @param value what can be cloned or shared
 */
export function shareWithWorkers(key: string, value: unknown): void {
  if (isMainThread && waiting !== null) waiting.set(key, value);
  else workerThreads().setEnvironmentData(key, value as never);
}

/** What the thread that started this one shared. */
export function readShared(key: string): unknown {
  return isMainThread ? undefined : workerThreads().getEnvironmentData(key);
}

/** What is to be done before the program gets hold of `Worker`. */
let preparing: ((module: WorkerThreads) => void) | null = null;

/** Calls back before the program gets hold of `Worker`, in this thread; at once where it may have it. */
export function whenWorkersCome(prepare: (module: WorkerThreads) => void): void {
  if (isMainThread && waiting !== null) preparing = prepare;
  else prepare(workerThreads());
}

/** Shares what waits, and all that comes later at once. */
export function shareNow(): void {
  if (waiting === null) return;
  const values = waiting;
  waiting = null;
  const threads = workerThreads();
  preparing?.(threads);
  const { setEnvironmentData } = threads;
  for (const [key, value] of values) setEnvironmentData(key, value as never);
  if (process.getBuiltinModule === watchful) process.getBuiltinModule = getBuiltinModule;
}

/**
 * Shares before the program gets hold of `Worker` by `process.getBuiltinModule`, which no hook sees; at once where it
 * may have it already, from a preload before ours.
 */
export function shareWhenAsked(): void {
  if (!isMainThread || waiting === null) return;
  const { moduleLoadList } = process as { moduleLoadList?: readonly string[] };
  if (moduleLoadList?.includes('NativeModule worker_threads') === false)
    process.getBuiltinModule = watchful as typeof getBuiltinModule;
  else shareNow();
}

const { getBuiltinModule: watchful } = {
  getBuiltinModule(id: string): unknown {
    if (NAME.test(id)) shareNow();
    return getBuiltinModule(id);
  },
};
