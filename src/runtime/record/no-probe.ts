import type { CallProbe, ModuleProbe, StepsProbe } from '../contract.js';

export const NO_CALL: CallProbe = {
  pause: (value) => value,
  leave: (value) => value,
  resume: (value) => value as never,
  settle: () => false,
  end: () => {},
};

const NO_STEPS: StepsProbe = {
  serial: 0,
  isDone: true,
  frame: 0,
  resume: () => {},
  leave: () => {},
  follow: (promise) => promise,
};

/** Records nothing: for modules whose description cannot be used. */
export const NO_PROBE: ModuleProbe = {
  enter: () => 0,
  exit: () => {},
  key: () => 0,
  group: () => 0,
  exitBy: () => {},
  startBy: () => NO_CALL,
  start: () => NO_CALL,
  begin: () => 0,
  follow: (_site, _token, promise) => promise,
  beginSteps: () => NO_STEPS,
};
