import type { Breakdown } from '../loader/targets/breakdown.js';
import { TtprofError } from '../shared/errors.js';
import type { Settings } from './config.js';
import { type Command, defaultSettings, type Option } from './options.js';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** The settings that one source gives: the environment or the command line. */
export type Layer = Partial<Mutable<Settings>>;

/**
 * Reads one value into a layer; targets add up, of everything else the last wins.
 * @param name as the user wrote the option: `--sample`, `TTPROF_SAMPLE`
 * @throws {TtprofError} naming the option, what was expected and the value
 */
export function setValue(layer: Layer, option: Option, name: string, text: string): void {
  let value: Settings[keyof Settings];
  try {
    value = option.parse(text);
  } catch (error) {
    if (!(error instanceof TtprofError)) throw error;
    throw new TtprofError(`${name}: ${error.message}, got ${JSON.stringify(text)}`);
  }
  if (option.key === 'by') value = breakDown(layer, value as readonly Breakdown[]);
  const before = (option.repeatable && layer[option.key]) || [];
  const all = option.repeatable
    ? [...(before as readonly unknown[]), ...(value as readonly unknown[])]
    : value;
  Object.assign(layer, { [option.key]: all });
}

/** What `--by` applies to: the targets before it that have none yet, else all. */
function breakDown({ targets = [], by = [] }: Layer, [given]: readonly Breakdown[]): Breakdown[] {
  const open = targets.filter((target) => !by.some((one) => one.target === target));
  return open.length === 0 ? [given!] : open.map((target) => ({ ...given!, target }));
}

/** The parts of `--name=value`; without a value it is null. */
export function splitArgument(arg: string): { name: string; value: string | null } {
  const equals = arg.indexOf('=');
  return equals === -1
    ? { name: arg, value: null }
    : { name: arg.slice(0, equals), value: arg.slice(equals + 1) };
}

/** What a switch says by being there. */
export function setSwitch(layer: Layer, option: Option): void {
  Object.assign(layer, { [option.key]: option.negated !== true });
}

/** Later layers override earlier ones and the defaults; targets add up. */
export function mergeLayers(command: Command, ...layers: readonly Layer[]): Settings {
  const merged = Object.assign(defaultSettings(command), ...layers) as Settings;
  return { ...merged, targets: layers.flatMap((layer) => layer.targets ?? []) };
}
