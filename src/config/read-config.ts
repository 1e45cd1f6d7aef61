import { checkBreakdowns, checkGate, checkSettings, checkTargets } from './check-settings.js';
import { type CommandLine, readCommandLine } from './command-line.js';
import type { Settings } from './config.js';
import { readEnvironment } from './environment.js';
import { type Layer, mergeLayers } from './layer.js';
import { type Command, nameAfterScript, OPTIONS, type Option } from './options.js';

export interface CommandSettings {
  readonly settings: Settings;
  /** From the first positional argument on. */
  readonly rest: CommandLine['rest'];
  /** One line each. */
  readonly warnings: readonly string[];
}

/**
 * The settings of one call of the `ttprof` command.
 * @param args without Node, the script and the name of the subcommand
 * @throws {TtprofError} for wrong usage
 */
export function readCommandSettings(
  args: readonly string[],
  command: Command,
  env: NodeJS.ProcessEnv,
  cwd: string,
): CommandSettings {
  const { layer, rest } = readCommandLine(args, command);
  const { settings, warnings } = readSettings(layer, '--target', env, cwd, command);
  return { settings, rest, warnings };
}

/** The options that write samples turn sampling on. */
function impliedBy(settings: Settings): Settings {
  const { drill, cpuprofile, pprof } = settings;
  return { ...settings, drill: drill || cpuprofile !== null || pprof !== null };
}

/**
 * One layer over the environment and the defaults, checked.
 * @param targetName how the option for targets is called in that layer
 * @param cwd the root process's working directory, against which targets are parsed
 * @throws {TtprofError} for wrong usage
 */
export function readSettings(
  layer: Layer,
  targetName: string,
  env: NodeJS.ProcessEnv,
  cwd: string,
  command: Command = 'run',
): { settings: Settings; warnings: readonly string[] } {
  const { layer: fromEnvironment, warnings } = readEnvironment(env, command);
  checkTargets(fromEnvironment.targets ?? [], 'TTPROF', cwd);
  checkTargets(layer.targets ?? [], targetName, cwd);
  const settings = impliedBy(mergeLayers(command, fromEnvironment, layer));
  checkSettings(settings);
  checkGate(settings, command);
  const idle = [
    ...findIdle(fromEnvironment, ({ environment }) => environment!, settings, command, true),
    ...findIdle(
      layer,
      (option) => (targetName === '--ttprof' ? nameAfterScript(option)! : `--${option.flag}`),
      settings,
      command,
      false,
    ),
  ];
  return { settings: checkBreakdowns(settings), warnings: [...warnings, ...idle] };
}

/** One line for each option of a layer that does nothing without another one. */
function findIdle(
  layer: Layer,
  nameOf: (option: Option) => string,
  settings: Settings,
  command: Command,
  isShared: boolean,
): string[] {
  return OPTIONS.flatMap((option) => {
    const lacking = option.key in layer ? (option.lacks?.(settings, command, isShared) ?? null) : null;
    return lacking === null ? [] : [`${nameOf(option)}: ${lacking}`];
  });
}
