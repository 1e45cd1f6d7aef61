import type * as Builtins from '../api/stand-ins/builtins.js';
import type { Config } from '../config/config.js';
import type { LoaderView } from '../loader/install.js';
import { requireIsolated } from '../loader/isolation.js';
import { findBreakdown } from '../loader/targets/breakdown.js';
import type { Runtime } from '../runtime/runtime.js';
import type { Role } from './role.js';

/** Targets in Node's own modules and on the global object. They cannot be rewritten: stand-ins take their places. */
const BUILTIN_TARGET = /^!?(?:node:|globalThis:)/;

/**
 * Puts the stand-ins in place for this thread, where a target wants one; most programs never load their code.
 * @throws {TtprofError} where a target cannot be parsed
 */
export function installStandIns({ config, cwd }: Role, { handle }: Runtime): LoaderView {
  if (!config.targets.some((target) => BUILTIN_TARGET.test(target)))
    return { facts: () => [], notes: () => [] };
  const { installBuiltins } = requireIsolated<typeof Builtins>(
    new URL('../api/stand-ins/builtins.js', import.meta.url),
  );
  const facts = installBuiltins(config.targets, { load: (json) => handle.load(json), cwd });
  return { facts: () => facts, notes: () => describeIgnored(config) };
}

/** Expressions become part of a function's code, which these do not have. */
function describeIgnored({ targets, by }: Config): string[] {
  return targets
    .filter((target) => BUILTIN_TARGET.test(target) && !target.startsWith('!'))
    .flatMap((target) => {
      const expression = findBreakdown(by, target);
      return expression === null
        ? []
        : [
            `${target}: --by ${expression} has no effect, because no expression sees the parameters of Node's own functions; measure a caller of yours by it`,
          ];
    });
}
