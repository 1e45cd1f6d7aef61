/** How a process ended. */
export interface ProcessEnd {
  /** The exit code, as the app's own `exit` handlers left it; null where a signal ends the process. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Signals that end a process that does not handle them, and that a handler can see. */
const FATAL_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

// Captured: the program may replace it.
const { setImmediate } = globalThis;

type Emit = (this: NodeJS.Process, event: string | symbol, ...args: unknown[]) => boolean;
type Exit = (this: NodeJS.Process, code?: number) => never;
interface OpenProcess {
  emit: Emit;
  reallyExit: Exit;
}

/**
 * Calls back once when this process ends, after all of the app's own `exit` handlers, and before a fatal signal that
 * the app does not handle takes effect. The callback must be synchronous; what it throws is swallowed.
 *
 * Not called for SIGKILL and `process.abort()`, nor for signals in a program that never lets the event loop turn: a
 * handler would keep Ctrl-C from ending it.
 */
export function onProcessEnd(callback: (end: ProcessEnd) => void): void {
  let called = false;
  const callOnce = (end: ProcessEnd): void => {
    if (called) return;
    called = true;
    try {
      callback(end);
    } catch {
      // The program's end must stay its own.
    }
  };
  wrapExit(callOnce);
  // One turn of the event loop, as setImmediate's callbacks run at its end.
  setImmediate(() => listenForSignals(callOnce)).unref();
}

/** As signal-exit does: handlers of `exit` run inside `process.emit`, and a second `process.exit` goes past it. */
function wrapExit(callOnce: (end: ProcessEnd) => void): void {
  const open = process as unknown as OpenProcess;
  const { emit, reallyExit } = open;
  const end = (code: unknown): void =>
    callOnce({ exitCode: Number(process.exitCode ?? code ?? 0), signal: null });
  open.emit = function emitThenReport(event, ...args) {
    if (event !== 'exit') return Reflect.apply(emit, this, [event, ...args]);
    try {
      return Reflect.apply(emit, this, [event, ...args]);
    } finally {
      end(args[0]);
    }
  };
  open.reallyExit = function reportThenExit(code) {
    end(code);
    return Reflect.apply(reallyExit, this, [code]);
  };
}

/**
 * Our listeners are there only while the app has none for the same signal: libraries count listeners to find out
 * whether the signal is theirs to re-raise.
 */
function listenForSignals(callOnce: (end: ProcessEnd) => void): void {
  for (const signal of FATAL_SIGNALS) {
    const listener = (): void => {
      callOnce({ exitCode: null, signal });
      stop();
      process.removeListener(signal, listener);
      process.kill(process.pid, signal);
    };
    const onAdded = (event: string | symbol, added: unknown): void => {
      if (event === signal && added !== listener) process.removeListener(signal, listener);
    };
    const onRemoved = (event: string | symbol, removed: unknown): void => {
      if (event === signal && removed !== listener && process.listenerCount(signal) === 0)
        process.on(signal, listener);
    };
    const stop = (): void => {
      process.removeListener('newListener', onAdded);
      process.removeListener('removeListener', onRemoved);
    };
    try {
      process.on('newListener', onAdded);
      process.on('removeListener', onRemoved);
      if (process.listenerCount(signal) === 0) process.on(signal, listener);
    } catch {
      stop(); // a platform without this signal
    }
  }
}
