export {
  type InstrumentedFunction,
  type InstrumentOptions,
  type InstrumentResult,
  instrument,
} from './loader/instrument.js';
export type { SourceMapV3 } from './loader/maps/source-map-v3.js';
export type { SourceFormat } from './loader/source-format.js';
