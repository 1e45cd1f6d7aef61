import { TtprofError } from '../shared/errors.js';
import { type Layer, setSwitch, setValue, splitArgument } from './layer.js';
import { commandLineOf, nameAfterScript, OPTIONS } from './options.js';

/** Our options among the arguments of a script (`node app.js --ttprof=T`), and what is left for the app. */
export interface ScriptArguments {
  readonly layer: Layer;
  readonly rest: readonly string[];
}

/**
 * Takes exactly the names `--ttprof` and `--ttprof-<option>`, values as `--name=value` only, up to a `--`, which
 * stays for the app like anything else.
 * @throws {TtprofError} for a value that is missing or unusable, and for an option of the command alone
 */
export function takeScriptArguments(args: readonly string[]): ScriptArguments {
  const layer: Layer = {};
  const end = args.indexOf('--');
  const ours = end === -1 ? args : args.slice(0, end);
  const rest = ours.filter((arg) => !takeArgument(layer, arg));
  return { layer, rest: end === -1 ? rest : [...rest, ...args.slice(end)] };
}

/** Whether an argument is ours; if so, what it says is now in the layer. */
export function takeArgument(layer: Layer, arg: string): boolean {
  if (!arg.startsWith('--ttprof')) return false;
  const { name, value } = splitArgument(arg);
  const option = OPTIONS.find((each) => nameAfterScript(each) === name);
  if (option === undefined) {
    const ofCommand = OPTIONS.find(({ flag }) => `--ttprof-${flag}` === name);
    if (ofCommand === undefined) return false;
    const instead = ofCommand.key === 'targets' ? 'write --ttprof=T' : `use '${commandLineOf(ofCommand)}'`;
    throw new TtprofError(`${name} does not work after a script: ${instead}`);
  }
  if (value !== null) {
    if (option.negated === true) Object.assign(layer, { [option.key]: !option.parse(value) });
    else setValue(layer, option, name, value);
  } else if (option.optionalValue !== undefined) {
    setValue(layer, option, name, option.optionalValue);
  } else if (option.placeholder === undefined) {
    setSwitch(layer, option);
  } else {
    throw new TtprofError(`${name} needs a value: ${name}=${option.placeholder}`);
  }
  return true;
}
