import { splitTargets } from '../loader/targets/target.js';
import { findNearNames } from '../shared/names/near-names.js';
import type { Settings } from './config.js';
import { type Layer, setValue } from './layer.js';
import { type Command, commandLineOf, OPTIONS, type Option } from './options.js';
import { parseBoolean } from './parse-values.js';

/** Marks every process but the root: the folder of the session, or {@link NO_SESSION}. */
export const SESSION_VARIABLE = 'TTPROF_SESSION';

/** Set for a child that was given an environment of its own: its NODE_OPTIONS before ours were added, as JSON. */
export const JOINED_VARIABLE = 'TTPROF_JOINED';

/** Set by `ttprof ab`, for the root of a session: with which process it takes turns, as JSON. */
export const TURNS_VARIABLE = 'TTPROF_PAIRED';

/** Set by `ttprof ab --turns module`: of which functions two versions share each process, as JSON. */
export const EXCHANGE_VARIABLE = 'TTPROF_EXCHANGE';

/** The value of {@link SESSION_VARIABLE} below a root that was given no target and has said so. */
export const NO_SESSION = 'none';

const PREFIX = 'TTPROF_';

const NAMES = new Set([
  SESSION_VARIABLE,
  JOINED_VARIABLE,
  TURNS_VARIABLE,
  EXCHANGE_VARIABLE,
  ...OPTIONS.flatMap(({ environment }) => environment ?? []),
]);

export interface Environment {
  readonly layer: Layer;
  /** One line for each unknown `TTPROF_*` name. */
  readonly warnings: readonly string[];
}

/**
 * Reads the `TTPROF*` names that a command takes; one without a value counts as missing.
 * @throws {TtprofError} naming the variable, what was expected and the value
 */
export function readEnvironment(env: NodeJS.ProcessEnv, command: Command = 'run'): Environment {
  const layer: Layer = {};
  const ignored: string[] = [];
  for (const option of OPTIONS) {
    if (option.environment === undefined) continue;
    const text = env[option.environment];
    if (text === undefined || text.trim() === '') continue;
    if (!option.commands.includes(command)) {
      ignored.push(...warnOfRefusal(option, command, text));
      continue;
    }
    if (option.optionalValue !== undefined && isSwitch(text)) {
      if (parseBoolean(text)) setValue(layer, option, option.environment, option.optionalValue);
      continue;
    }
    const texts = option.key === 'targets' ? splitTargets(text) : [text];
    for (const each of texts) setValue(layer, option, option.environment, each);
  }
  return { layer, warnings: [...Object.keys(env).filter(isUnknown).map(warnOf), ...ignored] };
}

/** Of an option whose value can be left out: `1` is a number there. */
function isSwitch(text: string): boolean {
  return ['true', 'false', '0'].includes(text);
}

/** What is refused on the command line does not go unsaid here. */
function warnOfRefusal(option: Option, command: Command, text: string): string[] {
  const why = option.refusals?.[command];
  const isOff = option.placeholder === undefined && ['0', 'false'].includes(text);
  return why === undefined || isOff
    ? []
    : [`${option.environment} has no effect on 'ttprof ${command}': ${why}`];
}

/**
 * One setting from the environment, for code that reads no other setting. The default where the variable is missing or
 * cannot be used.
 */
export function readSetting<Key extends keyof Settings>(env: NodeJS.ProcessEnv, key: Key): Settings[Key] {
  const option = OPTIONS.find((each) => each.key === key)!;
  const text = env[option.environment!]?.trim();
  if (!text) return option.defaultValue as Settings[Key];
  try {
    return option.parse(text) as Settings[Key];
  } catch {
    return option.defaultValue as Settings[Key];
  }
}

function withoutPrefix(name: string): string {
  return name.slice(PREFIX.length);
}

function isUnknown(name: string): boolean {
  return name.startsWith(PREFIX) && !NAMES.has(name);
}

function warnOf(name: string): string {
  return `the environment variable ${name} is not one of ttprof's and has no effect: ${hintFor(name)}`;
}

function hintFor(name: string): string {
  // such as TTPROF_RUNS, TTPROF_TARGET and TTPROF_NO_CACHE
  const option = OPTIONS.find(({ flag }) => name === PREFIX + flag.toUpperCase().replaceAll('-', '_'));
  if (option?.environment !== undefined)
    return `did you mean ${option.environment}${option.flag.startsWith('no-') ? '=0' : ''}?`;
  if (option !== undefined) return `use '${commandLineOf(option)}'`;
  const known = [...NAMES].filter((each) => each.startsWith(PREFIX)).map(withoutPrefix);
  const [nearest] = findNearNames(withoutPrefix(name), known);
  return nearest === undefined ? "see 'ttprof --help'" : `did you mean ${PREFIX}${nearest}?`;
}
