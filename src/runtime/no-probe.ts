import type { CallProbe, ModuleProbe } from './contract.js';

const NO_CALL: CallProbe = {
  pause: (value) => value,
  resume: (value) => value as never,
  settle: (value) => value,
  end: () => {},
};

/** Records nothing: for modules whose description cannot be used. */
export const NO_PROBE: ModuleProbe = {
  enter: () => 0,
  exit: () => {},
  start: () => NO_CALL,
  begin: () => 0,
  follow: (_site, _token, promise) => promise,
};
