import type { Settings } from '../config.js';

export type Command = 'run' | 'ab' | 'report' | 'list' | 'timeit' | 'bisect' | 'init';

interface OptionOf<Key extends keyof Settings> {
  /** The setting that gets the value. */
  readonly key: Key;
  /** The name, written as `--name` for the command and as `--ttprof-name` after a script. */
  readonly flag: string;
  readonly short?: string;
  /** What stands for the value in the help. Without it the option is a switch. */
  readonly placeholder?: string;
  /** What the option means where it is given without its value, which is then written as `--flag=VALUE` only. */
  readonly optionalValue?: string;
  /** The name in the environment. Without it only the `ttprof` command takes the option. */
  readonly environment?: string;
  /** A switch that turns something off (`--no-cache`, in the environment `TTPROF_CACHE=0`). */
  readonly negated?: true;
  readonly defaultValue: Settings[Key];
  /** Values add up; each is a list. */
  readonly repeatable?: true;
  /** @throws {TtprofError} saying what was expected; the caller adds whose value it is */
  readonly parse: (text: string) => Settings[Key];
  /** The name and type of the option of `tprof()`. Without it programs cannot set it. */
  readonly api?: { readonly name: string; readonly type: ApiType };
  /** Which commands take it. */
  readonly commands: readonly Command[];
  /**
   * What its value lacks to have an effect, as the end of a sentence; null where it lacks nothing.
   * @param isShared whether it stands in the environment, which is set once for many commands
   */
  readonly lacks?: (settings: Settings, command: Command, isShared: boolean) => string | null;
  /** Why a command that could be expected to take it does not. */
  readonly refusals?: Partial<Record<Command, string>>;
  /** One line, without a full stop. */
  readonly help: string;
}

/** What the module API takes for an option. A number must also be one that {@link OptionOf.parse} takes. */
export type ApiType = 'path' | 'text' | 'boolean' | 'number';

export type Option = { [Key in keyof Settings]: OptionOf<Key> }[keyof Settings];

export const MEASURING: readonly Command[] = ['run', 'ab', 'bisect'];
export const REPORTING: readonly Command[] = ['run', 'ab', 'report'];
/** Those whose numbers can be compared or saved. */
export const REPORTING_AND_TIMEIT: readonly Command[] = [...REPORTING, 'timeit'];
export const EVERYWHERE: readonly Command[] = ['run', 'ab', 'report', 'list', 'timeit', 'bisect', 'init'];
