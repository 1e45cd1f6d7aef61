/**
 * The one declaration of every option. The command line's parser, the arguments after a script, the names in the
 * environment, the help, the checks of the API and the documentation's table are all generated from it: a new option is
 * one new entry in the list where it belongs, and a field of {@link Settings}.
 */
import { AS_MANY_AS_NEEDED, type Settings } from './config.js';
import { COMPARING_OPTIONS } from './options/comparing.js';
import { MEASURING_OPTIONS } from './options/measuring.js';
import type { Command, Option } from './options/option.js';
import { REPORTING_OPTIONS } from './options/reporting.js';
import { TIMING_OPTIONS } from './options/timing.js';

export { DEFAULT_MARGIN_PERCENT } from './options/comparing.js';
export type { Command, Option } from './options/option.js';

export const OPTIONS: readonly Option[] = [
  ...MEASURING_OPTIONS,
  ...COMPARING_OPTIONS,
  ...TIMING_OPTIONS,
  ...REPORTING_OPTIONS,
];

/** All settings at their defaults. */
export function defaultSettings(command: Command = 'run'): Settings {
  const settings = Object.fromEntries(OPTIONS.map(({ key, defaultValue }) => [key, defaultValue]));
  return {
    ...(settings as unknown as Settings),
    ...((command === 'ab' || command === 'bisect') && { runs: AS_MANY_AS_NEEDED }),
  };
}

/** How an option is written before the program, with the command that takes it where it is not the plain one. */
export function commandLineOf({ flag, commands }: Option): string {
  return `ttprof ${commands.includes('run') ? '' : `${commands[0]} `}--${flag}`;
}

/** How an option is written after a script: `--ttprof`, `--ttprof-json`; null where only a command knows it. */
export function nameAfterScript(option: Option): string | null {
  if (option.environment === undefined || !option.commands.includes('run')) return null;
  return option.key === 'targets' ? '--ttprof' : `--ttprof-${option.flag}`;
}
