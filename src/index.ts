export type { TimedDecorator } from './api/timed.js';
export { type TimeitFunction, type TimeitOptions, timeit } from './api/timeit.js';
export { type Tprof, tprof } from './api/tprof.js';
export type {
  FunctionStats,
  OutcomeOf,
  SampleSeries,
  TextOutput,
  TimedFunctions,
  TprofOptions,
  TprofOutcome,
  TprofRun,
} from './api/types.js';
export type { CallerStats, Delta, RunStats, Verdict } from './report/model.js';
export type { FunctionKind, Histogram } from './runtime/contract.js';
export { TtprofError } from './shared/errors.js';
export type { TimeitResult } from './timeit/judge-timings.js';
