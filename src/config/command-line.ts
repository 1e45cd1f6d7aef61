/**
 * The command line of `ttprof`. `util.parseArgs` is not used: it cannot end the options at the first positional
 * argument (what follows belongs to the app), and its messages name neither the value nor what was expected.
 */
import { TtprofError } from '../shared/errors.js';
import { findNearNames } from '../shared/names/near-names.js';
import { type Layer, setSwitch, setValue, splitArgument } from './layer.js';
import { type Command, OPTIONS, type Option } from './options.js';

export interface CommandLine {
  readonly layer: Layer;
  /** From the first positional argument on: the script or the command and its arguments, or files. */
  readonly rest: readonly string[];
}

/** What stands after the first positional argument of these belongs to the program. */
const RUNS_A_PROGRAM: readonly Command[] = ['run', 'ab', 'bisect'];

/**
 * @param args without Node, the script and the name of the subcommand
 * @throws {TtprofError} for an option that does not exist, lacks its value or has an unusable one
 */
export function readCommandLine(args: readonly string[], command: Command): CommandLine {
  const layer: Layer = {};
  const files: string[] = [];
  let index = 0;
  while (index < args.length) {
    const arg = args[index]!;
    if (arg === '--') {
      index += 1;
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      if (RUNS_A_PROGRAM.includes(command)) break;
      files.push(arg);
      index += 1;
      continue;
    }
    index += 1;
    if (arg.startsWith('--')) readLong(arg);
    else readShort(arg);
  }
  return { layer, rest: [...files, ...args.slice(index)] };

  function readLong(arg: string): void {
    const { name, value } = splitArgument(arg);
    const option = OPTIONS.find(({ flag }) => `--${flag}` === name);
    if (option === undefined) throw unknownOption(name, arg, command);
    checkCommand(option, name, command);
    if (option.placeholder !== undefined) {
      setValue(layer, option, name, value ?? option.optionalValue ?? nextValue(option, name));
    } else if (value === null) {
      setSwitch(layer, option);
    } else {
      throw new TtprofError(`${name} takes no value, got ${JSON.stringify(value)}`);
    }
  }

  /** `-x`, `-t T`, `-tT`, `-xt T`. */
  function readShort(arg: string): void {
    for (let at = 1; at < arg.length; at += 1) {
      const name = `-${arg[at]}`;
      const option = OPTIONS.find(({ short }) => short === arg[at]);
      if (option === undefined) throw unknownOption(name, arg, command);
      checkCommand(option, name, command);
      if (option.placeholder === undefined) {
        setSwitch(layer, option);
        continue;
      }
      const glued = arg.slice(at + 1);
      setValue(layer, option, name, glued === '' ? nextValue(option, name) : glued);
      return;
    }
  }

  function nextValue(option: Option, name: string): string {
    const value = args[index];
    if (value === undefined) throw new TtprofError(`${name} needs a value: ${name} ${option.placeholder}`);
    index += 1;
    return value;
  }
}

function unknownOption(name: string, arg: string, command: Command): TtprofError {
  const known = OPTIONS.filter(({ commands }) => commands.includes(command)).map(({ flag }) => flag);
  const typed = arg.startsWith('--') ? name.slice(2) : arg.slice(1); // `-json` means --json
  const [nearest] = findNearNames(typed, known);
  const hint = nearest === undefined ? "see 'ttprof --help'" : `did you mean --${nearest}?`;
  const where = arg === name ? '' : ` in ${JSON.stringify(arg)}`;
  return new TtprofError(`unknown option ${name}${where}: ${hint}`);
}

function checkCommand(option: Option, name: string, command: Command): void {
  if (option.commands.includes(command)) return;
  const those = option.commands
    .map((each) => (each === 'run' ? "'ttprof'" : `'ttprof ${each}'`))
    .join(' and ');
  const why = option.refusals?.[command];
  throw new TtprofError(
    `${name} is an option of ${those}, not of ${command === 'run' ? "'ttprof'" : `'ttprof ${command}'`}` +
      (why === undefined ? '' : `: ${why}`),
  );
}
