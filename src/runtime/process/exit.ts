import { constants } from 'node:os';
import { asOwnWork } from '../contract.js';

/** How a process ended. */
export interface ProcessEnd {
  /** The exit code, as the app's own `exit` handlers left it; null where a signal ends the process. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Signals that end a process that does not handle them, and that a handler can see. */
const FATAL_SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'].filter(
  (signal): signal is NodeJS.Signals => signal in constants.signals,
);

// Captured: the program may replace these, and have them timed.
const { setImmediate, setTimeout } = globalThis;
const { apply } = Reflect;
const toNumber = Number;
const { nextTick } = process;
const kill = process.kill.bind(process);

/** A program that has called nothing measured by then is taken to have started. */
const STARTED_MS = 1000;
let start: (() => void) | null = null;

/** The program itself runs now: Node turns the event loop while it loads the program, too. */
export function noteProgramStart(): void {
  start?.();
  start = null;
}

const signalNames = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/** By signal, our listeners. */
const ours = new Map<string, (...args: never[]) => void>();
/** By signal, what ends the process as the signal would have, once its recording is written. */
const enders = new Map<string, () => void>();

type Emit = (this: NodeJS.Process, event: string | symbol, ...args: unknown[]) => boolean;
type Exit = (this: NodeJS.Process, code?: number) => never;
interface OpenProcess {
  emit: Emit;
  reallyExit: Exit;
}

/** In the order in which they came; null once they were called. */
let callbacks: ((end: ProcessEnd) => void)[] | null = [];

/**
 * Calls back once when this process ends, after all of the app's own `exit` handlers, and before a fatal signal that
 * the app does not handle takes effect. The callback must be synchronous; what it throws is ignored.
 *
 * Not called for SIGKILL and `process.abort()`, nor for signals in a program that has not yet let the event loop turn: a
 * handler would keep Ctrl-C from ending it. So signals are listened for only after the first measured call (or a second)
 * and a turn of the event loop.
 */
export function onProcessEnd(callback: (end: ProcessEnd) => void): void {
  if (callbacks?.length === 0) watchProcess();
  callbacks?.push(callback);
}

function watchProcess(): void {
  const callOnce = (end: ProcessEnd): void => {
    const all = callbacks ?? [];
    callbacks = null;
    for (const callback of all) {
      try {
        asOwnWork(() => callback(end));
      } catch {
        // The program's end must stay its own.
      }
    }
  };
  wrapExit(callOnce);
  wrapKill(callOnce);
  let listening = false;
  const listenOnce = (): void => {
    if (listening) return;
    listening = true;
    asOwnWork(() => listenForSignals(callOnce));
  };
  // Once the event loop turns: setImmediate's callbacks run at the end of a turn.
  start = () => setImmediate(listenOnce).unref();
  setTimeout(listenOnce, STARTED_MS).unref();
}

/** The signals that would end this process and that the program handles itself, now. */
export function listHandledSignals(): string[] {
  return FATAL_SIGNALS.filter((signal) =>
    process.listeners(signal).some((each) => each !== ours.get(signal)),
  );
}

/** As signal-exit does: handlers of `exit` run inside `process.emit`, and a second `process.exit` goes past it. */
function wrapExit(callOnce: (end: ProcessEnd) => void): void {
  const open = process as unknown as OpenProcess;
  const { emit, reallyExit } = open;
  const end = (code: unknown): void =>
    callOnce({ exitCode: toNumber(process.exitCode ?? code ?? 0), signal: null });
  let isEmitting = false;
  open.emit = function emitThenReport(event, ...args) {
    if (event !== 'exit') return apply(emit, this, [event, ...args]);
    isEmitting = true;
    try {
      return apply(emit, this, [event, ...args]);
    } finally {
      end(args[0]);
    }
  };
  open.reallyExit = function reportThenExit(code) {
    end(code);
    return apply(reallyExit, this, [code]);
  };
  if (!isSignalExitLoaded()) return;
  // before the app's own handlers, but better than never
  process.once('exit', (code) => {
    if (!isEmitting) end(code);
  });
}

const SIGNAL_EXIT = Symbol.for('signal-exit emitter');

/**
 * Was signal-exit loaded by a `--require`, which Node runs before us? It keeps the `emit` that it finds then, and puts
 * its own around that one when somebody asks it to: past ours. nyc does both.
 */
function isSignalExitLoaded(): boolean {
  return '__signal_exit_emitter__' in process || SIGNAL_EXIT in globalThis;
}

/**
 * Our listeners are there only while the app has none for the same signal: libraries count listeners to find out
 * whether the signal is theirs to re-raise.
 */
function listenForSignals(callOnce: (end: ProcessEnd) => void): void {
  for (const signal of FATAL_SIGNALS) {
    const listener = (_name?: unknown, number?: unknown): void => {
      // the program's own `process.emit('SIGHUP')` is no signal: without us nobody would have listened
      if (typeof number !== 'number') return;
      endBy();
    };
    const endBy = (): void => {
      callOnce({ exitCode: null, signal });
      ours.delete(signal);
      stop();
      process.removeListener(signal, listener);
      try {
        kill(process.pid, signal);
      } catch {
        // Windows cannot send it: what Node does there for a signal that nobody handles is to end with 1
        process.exit(1);
      }
    };
    enders.set(signal, endBy);
    // Only when theirs is there: the last listener takes Node's watch of the signal with it, which comes with the first.
    const leave = (): void => {
      if (process.listenerCount(signal) > 1) process.removeListener(signal, listener);
    };
    const onAdded = (event: string | symbol, added: unknown): void => {
      if (event === signal && added !== listener) nextTick(leave);
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
      ours.set(signal, listener);
    } catch {
      stop(); // a platform without this signal
    }
  }
}

/**
 * A process that sends itself a signal which it does not handle ends within the call: before we listen nobody would know.
 * With our listener it would go on, and end by itself where nothing is left to do: signals come with the next turn of the
 * event loop.
 */
function wrapKill(callOnce: (end: ProcessEnd) => void): void {
  const open = process as unknown as { kill: (pid: number, signal?: string | number) => true };
  const original = open.kill;
  open.kill = function kill(pid, signal) {
    const asked = typeof signal === 'number' ? signalNames.get(signal) : (signal ?? 'SIGTERM');
    const fatal = pid === process.pid ? FATAL_SIGNALS.find((each) => each === asked) : undefined;
    if (fatal !== undefined) {
      const listener = ours.get(fatal);
      if (process.listeners(fatal).every((handler) => handler === listener)) {
        if (listener === undefined) callOnce({ exitCode: null, signal: fatal });
        else enders.get(fatal)?.();
      }
    }
    return apply(original, this, [pid, signal]);
  };
}
