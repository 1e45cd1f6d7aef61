/**
 * What the three folders agree on: how rewritten code reaches the runtime, and the plain data that the runtime
 * hands to the report. Everything here but `ownWork` is a type, a constant or a pure function, and nothing imports
 * anything from elsewhere. Times are nanoseconds in float64; positions are 1-based and those of the original source where
 * a map is known.
 */

export * from './contract/addresses.js';
export * from './contract/drill.js';
export * from './contract/exchange.js';
export * from './contract/histogram.js';
export * from './contract/own-work.js';
export * from './contract/perf.js';
export * from './contract/probe.js';
export * from './contract/recording.js';
export * from './contract/turns.js';
