import type { Config } from './config.js';

/** Is a report printed, written or judged? Else nobody would miss it, and it takes as long as a start of Node. */
export function wantsReport(config: Config): boolean {
  const { quiet, json, markdown, html, strict, failIfSlowerPercent } = config;
  return (
    !quiet || json !== null || markdown !== null || html !== null || strict || failIfSlowerPercent !== null
  );
}
