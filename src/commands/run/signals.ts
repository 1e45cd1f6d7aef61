import { constants } from 'node:os';

/** What a person or a supervisor sends to end a program. */
export const ENDING_SIGNALS: readonly NodeJS.Signals[] = [
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  'SIGQUIT',
  'SIGBREAK',
];

/**
 * Calls back for signals instead of ending this process.
 * @returns takes the listeners away
 */
export function onSignals(
  signals: readonly NodeJS.Signals[],
  callback: (signal: NodeJS.Signals) => void,
): () => void {
  const known = signals.filter((signal) => signal in constants.signals);
  for (const signal of known) process.on(signal, callback);
  return () => {
    for (const signal of known) process.off(signal, callback);
  };
}

/** Keeps this process alive while it has something to put in order, and remembers that somebody wants an end. */
export class Interruption {
  #received: NodeJS.Signals | null = null;
  readonly stop: () => void;

  constructor() {
    this.stop = onSignals(ENDING_SIGNALS, (signal) => {
      this.#received = signal;
    });
  }

  /** The last signal that came. Signals come between turns of the event loop: wait for one after synchronous work. */
  get received(): NodeJS.Signals | null {
    return this.#received;
  }
}
