import { FORMAT_KEYS } from '../report/formats/format-keys.js';
import type { Config } from './config.js';

/** Is a report printed, written or judged? Else nobody would miss it, and it takes as long as a start of Node. */
export function wantsReport(config: Config): boolean {
  const { quiet, strict, failIfSlowerPercent } = config;
  const isWritten = FORMAT_KEYS.some((key) => config[key] !== null);
  return !quiet || isWritten || strict || failIfSlowerPercent !== null;
}
