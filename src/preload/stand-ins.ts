import type * as Builtins from '../api/stand-ins/builtins.js';
import type { LoaderView } from '../loader/install.js';
import { requireIsolated } from '../loader/isolation.js';
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
  return { facts: () => facts, notes: () => [] };
}
