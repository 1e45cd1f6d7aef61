import type { ModuleDescription, SiteIndex } from '../runtime/contract.js';
import { TtprofError } from '../shared/errors.js';
import type { CallSite } from './call-site.js';
import type { Measured } from './publish.js';
import type { Source } from './run.js';
import { describe, type RunSettings } from './settings.js';
import { isClass, isNative, kindOf } from './stand-ins/function-kind.js';
import type { AnyFunction, Gate } from './stand-ins/gate.js';
import { createStandIn } from './stand-ins/stand-in.js';
import { ensureRuntime } from './thread-runtime.js';
import type { TimedFunctions } from './types.js';

/**
 * Measures functions that the program holds: it calls the stand-ins instead.
 * @param at where `tprof` was called: functions have no place that could be asked for
 * @throws {TtprofError} where one cannot be measured
 */
export function measureHeld<T extends TimedFunctions>(
  functions: T,
  settings: RunSettings,
  at: CallSite,
): { fn: T; source: Source } {
  const entries = Object.entries(functions);
  for (const [name, callee] of entries) checkFunction(name, callee);
  const module: ModuleDescription = {
    file: at.file,
    sites: entries.map(([name, callee]) => ({
      name,
      line: at.line,
      column: at.column,
      kind: kindOf(callee),
      targets: [name],
    })),
  };
  const period = ensureRuntime().openPeriod(module, settings);
  const gates = entries.map(
    (_, site): Gate => ({ probe: period.probe, site: site as SiteIndex, isForeign: null }),
  );
  const fn = Object.fromEntries(
    entries.map(([name, callee], index) => [name, createStandIn(callee, gates[index]!)]),
  ) as T;
  function close(): Measured {
    for (const gate of gates) gate.probe = null;
    const thread = period.read();
    period.close();
    return {
      threads: [thread],
      facts: entries.map(([name]) => ({ target: name, matched: 1, searched: [], resembling: [] })),
      outcomes: entries.map(([name]) => ({ target: name, matched: 1, reason: null, suggestions: [] })),
      notes: [],
    };
  }

  return { fn: Object.freeze(fn), source: { targets: entries.map(([name]) => name), close } };
}

function checkFunction(name: string, callee: unknown): void {
  if (typeof callee !== 'function')
    throw new TtprofError(`tprof: \`${name}\` is ${describe(callee)}: give a function`);
  if (isClass(callee as AnyFunction)) {
    throw new TtprofError(
      `tprof: \`${name}\` is a class: name its methods as a target (\`file.js:${callee.name || name}.*\`), decorate them with @tprof.timed(), or give a function that calls it`,
    );
  }
  if (isNative(callee as AnyFunction)) {
    throw new TtprofError(
      `tprof: \`${name}\` is a native function: name it as a target (\`globalThis:JSON.parse\`, \`node:fs:readFileSync\`), or give a function of your own that calls it`,
    );
  }
}
