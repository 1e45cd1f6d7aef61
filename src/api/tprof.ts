import { asOwnWork } from '../runtime/contract.js';
import { TtprofError } from '../shared/errors.js';
import { findCallSite } from './call-site.js';
import { measureHeld } from './held-functions.js';
import { measureNamed } from './named-functions.js';
import { Run } from './run.js';
import { describe, type RunSettings, readSettings } from './settings.js';
import { type TimedDecorator, timed } from './timed.js';
import type { OutcomeOf, TimedFunctions, TprofOptions, TprofRun } from './types.js';

type Body = (fn: TimedFunctions) => unknown;

/** Measures functions for a while: until its run is disposed, or while a body runs. */
export interface Tprof {
  /**
   * Measures functions that you hold, until the run is disposed.
   *
   * ```ts
   * using run = tprof({ before, after }, { compare: true });
   * for (let i = 0; i < 100; i++) { run.fn.before(); run.fn.after(); }
   * ```
   *
   * @param functions by the names they shall have in the report; call the stand-ins in `fn` instead of them
   * @throws {TtprofError} where nothing is given, a function cannot be measured or an option cannot be used
   */
  <T extends TimedFunctions>(functions: T, options?: TprofOptions): TprofRun<T>;
  /**
   * Measures functions that you hold while `body` runs, which gets their stand-ins.
   * @returns what the body returned and the results; a promise of both where the body returns one
   */
  <T extends TimedFunctions, R>(functions: T, body: (fn: T) => R): OutcomeOf<R>;
  /** The same with options. */
  <T extends TimedFunctions, R>(functions: T, options: TprofOptions, body: (fn: T) => R): OutcomeOf<R>;
  /**
   * Measures functions by name until the run is disposed: those of modules that are imported from now on, of built-in
   * modules and of globals; where the preload runs, also those that it measures already.
   * @param targets as on the command line: `./lib.js:maths`, `acorn:parse`, `node:fs:readFileSync`
   * @throws {TtprofError} where a target cannot be parsed, or its module was loaded before without probes
   */
  (targets: readonly string[], options?: TprofOptions): TprofRun;
  /** Measures functions by name while `body` runs. */
  <R>(targets: readonly string[], body: () => R): OutcomeOf<R>;
  /** The same with options. */
  <R>(targets: readonly string[], options: TprofOptions, body: () => R): OutcomeOf<R>;
  /**
   * Times every call of the method that it decorates, from the first instance of its class on. The report is printed
   * when the process ends; where the preload runs, the method is a further row of its report.
   *
   * ```ts
   * class Store {
   *   @tprof.timed() find(id: string) { … }
   * }
   * ```
   */
  timed(): TimedDecorator;
}

export const tprof = Object.assign(measure, { timed }) as Tprof;

function measure(
  targets: TimedFunctions | readonly string[],
  optionsOrBody: TprofOptions | Body = {},
  lastBody?: Body,
): unknown {
  const options = typeof optionsOrBody === 'function' ? {} : optionsOrBody;
  const body = typeof optionsOrBody === 'function' ? optionsOrBody : lastBody;
  if (body !== undefined && typeof body !== 'function')
    throw new TtprofError(`tprof: the body must be a function, not ${describe(body)}`);
  const run = asOwnWork(() => openRun(targets, readSettings(options)));
  return body === undefined ? run : runBody(run, body);
}

function openRun(targets: TimedFunctions | readonly string[], settings: RunSettings): Run<TimedFunctions> {
  if (typeof targets !== 'object' || targets === null)
    throw new TtprofError(
      `tprof: give functions by name (\`{ before, after }\`) or targets (\`['./lib.js:maths']\`), not ${describe(targets)}`,
    );
  if (Object.keys(targets).length === 0)
    throw new TtprofError(
      "tprof: there is nothing to measure: give functions (`{ before, after }`) or targets (`['./lib.js:maths']`)",
    );
  if (Array.isArray(targets)) return new Run({}, measureNamed(targets, settings), settings);
  const { fn, source } = measureHeld(targets as TimedFunctions, settings, findCallSite(measure));
  return new Run(fn, source, settings);
}

function runBody(run: Run<TimedFunctions>, body: Body): unknown {
  let value: unknown;
  try {
    value = body(run.fn);
  } catch (error) {
    run.finish([describeFailure(error)]);
    throw error;
  }
  if (!isThenable(value)) return { value, results: run.end() };
  return Promise.resolve(value).then(
    (settled) => ({ value: settled, results: run.end() }),
    (error: unknown) => {
      run.finish([describeFailure(error)]);
      throw error;
    },
  );
}

function describeFailure(error: unknown): string {
  return `the measured block failed: ${firstLineOf(error)}`;
}

function firstLineOf(error: unknown): string {
  try {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return text.split('\n')[0]!;
  } catch {
    return describe(error); // no text can be made of it
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}
