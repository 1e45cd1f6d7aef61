import type { FunctionKind, SiteIndex } from '../../../dist/runtime/contract.js';
import type { Runtime } from '../../../dist/runtime/runtime.js';
import { load } from '../../runtime/harness.js';

// The harness puts a clock in place that stands still, so it has to come before whatever loads the runtime.
const { createStandIn } = await import('../../../dist/api/stand-ins/stand-in.js');

// biome-ignore lint/suspicious/noExplicitAny: functions of any shape
type Functions = Record<string, (...args: any[]) => unknown>;

/** @returns makes stand-ins of functions of one kind, as those of one module, and reads what was recorded of each */
export function standInsOn(runtime: Runtime, kind: FunctionKind) {
  return <F extends Functions>(functions: F) => {
    const names = Object.keys(functions);
    const { probe, read, callersOf } = load(runtime, Object.fromEntries(names.map((name) => [name, kind])));
    const fn = Object.fromEntries(
      names.map((name, site) => [
        name,
        createStandIn(functions[name]!, { probe, site: site as SiteIndex, isForeign: null }),
      ]),
    ) as F;
    return { fn, read, callersOf };
  };
}
