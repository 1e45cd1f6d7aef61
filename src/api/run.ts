import { asOwnWork } from '../runtime/contract.js';
import type { PeriodOptions } from '../runtime/read/period.js';
import { type Measured, publish } from './publish.js';
import type { RunSettings } from './settings.js';
import type { FunctionStats, TimedFunctions, TprofRun } from './types.js';

/** Something that has been measured since it was made. */
export interface Source {
  /** How it is measured, where that is not as the settings say. */
  readonly mode?: PeriodOptions;
  /** In the order of the rows. */
  readonly targets: readonly string[];
  /** Ends the measurement; called once. */
  close(): Measured;
}

/** One measurement, from `tprof(…)` to its end. */
export class Run<T extends TimedFunctions> implements TprofRun<T> {
  readonly fn: T;
  readonly results: readonly FunctionStats[] = [];
  readonly #source: Source;
  readonly #settings: RunSettings;
  readonly #startedAtMs = Date.now();
  readonly #startedNs = process.hrtime.bigint();
  #hasEnded = false;

  constructor(fn: T, source: Source, settings: RunSettings) {
    this.fn = fn;
    this.#source = source;
    this.#settings = settings;
  }

  /** A property of its own, so that it can be taken apart: `const { fn, end } = tprof(…)`. */
  readonly end = (): readonly FunctionStats[] => this.finish([]);

  [Symbol.dispose](): void {
    this.finish([]);
  }

  /** @param notes what the report is to say beside the numbers */
  finish(notes: readonly string[]): readonly FunctionStats[] {
    if (!this.#hasEnded) {
      this.#hasEnded = true;
      asOwnWork(() => this.#report(notes));
    }
    return this.results;
  }

  #report(notes: readonly string[]): void {
    const durationNs = Number(process.hrtime.bigint() - this.#startedNs);
    const measured = this.#source.close();
    const functions = publish({ ...this.#settings, ...this.#source.mode }, this.#source.targets, measured, {
      startedAtMs: this.#startedAtMs,
      durationNs,
      notes,
    });
    (this.results as FunctionStats[]).push(...functions);
    Object.freeze(this.results);
  }
}
