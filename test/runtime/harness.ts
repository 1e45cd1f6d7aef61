import type {
  CallProbe,
  FunctionKind,
  FunctionRecording,
  ModuleProbe,
  SiteIndex,
  ThreadRecording,
} from '../../dist/runtime/contract.js';
import type { Runtime, RuntimeOptions } from '../../dist/runtime/runtime.js';
import { runtimeModule } from './fake-clock.js';

export { advance, setReadingNs } from './fake-clock.js';

const DEFAULTS: RuntimeOptions = {
  raw: true,
  sample: 1,
  cpu: false,
  settle: false,
  warmup: 0,
};

export function start(options: Partial<RuntimeOptions> = {}): Runtime {
  return runtimeModule.startRuntime({ ...DEFAULTS, ...options });
}

let files = 0;

/** Functions of one module; `read` finds what was recorded of one by its name. */
export function load(runtime: Runtime, kinds: Record<string, FunctionKind>) {
  const file = `/app/module-${++files}.js`;
  const names = Object.keys(kinds);
  const sites = names.map((name, index) => ({
    name,
    line: index + 1,
    column: 1,
    kind: kinds[name]!,
    targets: [name],
  }));
  const probe = runtime.handle.load(JSON.stringify({ file, sites }));
  const thread = (): ThreadRecording => runtime.collect().threads[0]!;
  return {
    probe,
    read(name: string): FunctionRecording {
      const found = thread().functions.find((f) => f.file === file && f.name === name);
      if (found === undefined) throw new Error(`${name} was not recorded`);
      return found;
    },
    /** Callers by name, null for the program itself: calls and total. */
    callersOf(name: string): Record<string, [calls: number, totalNs: number]> {
      const { functions } = thread();
      const { callers } = functions.find((f) => f.file === file && f.name === name)!;
      return Object.fromEntries(
        callers.map(({ caller, calls, totalNs }) => [
          caller === null ? 'program' : functions[caller]!.name,
          [calls, totalNs],
        ]),
      );
    },
    /** Runs `body` as a call of the function, as rewritten code does. */
    call<T>(name: string, body: () => T): T {
      return callSync(probe, names.indexOf(name) as SiteIndex, body);
    },
    start: (name: string): CallProbe => probe.start(names.indexOf(name) as SiteIndex),
  };
}

function callSync<T>(probe: ModuleProbe, site: SiteIndex, body: () => T): T {
  const token = probe.enter(site);
  let value: unknown = probe;
  try {
    const result = body();
    value = result;
    return result;
  } finally {
    probe.exit(site, token, value);
  }
}
