import type { Settings } from '../config.js';

export type Command = 'run' | 'ab' | 'report' | 'list' | 'timeit' | 'bisect' | 'init';

interface OptionOf<Key extends keyof Settings> {
  /** Where the value goes. */
  readonly key: Key;
  /** After `--`, and after `--ttprof-` after a script. */
  readonly flag: string;
  readonly short?: string;
  /** How the value is called in the help; none: the option is a switch. */
  readonly placeholder?: string;
  /** What the option means where it is given without its value, which is then written as `--flag=VALUE` only. */
  readonly optionalValue?: string;
  /** The name in the environment; none: only the `ttprof` command knows the option. */
  readonly environment?: string;
  /** A switch that says no (`--no-cache`); its name in the environment is without the no. */
  readonly negated?: true;
  readonly defaultValue: Settings[Key];
  /** Values add up; each is a list. */
  readonly repeatable?: true;
  /** @throws {TtprofError} saying what was expected; the caller adds whose value it is */
  readonly parse: (text: string) => Settings[Key];
  /** What `tprof()` calls it, and what its value is there; none: programs cannot set it. */
  readonly api?: { readonly name: string; readonly type: ApiType };
  /** Which commands take it. */
  readonly commands: readonly Command[];
  /** Why one of which it might be expected does not. */
  readonly refusals?: Partial<Record<Command, string>>;
  /** One line, without a full stop. */
  readonly help: string;
}

/** What the module API takes for an option. A number must also be one that {@link OptionOf.parse} takes. */
export type ApiType = 'path' | 'text' | 'boolean' | 'number';

export type Option = { [Key in keyof Settings]: OptionOf<Key> }[keyof Settings];

export const MEASURING: readonly Command[] = ['run', 'ab', 'bisect'];
export const REPORTING: readonly Command[] = ['run', 'ab', 'report'];
/** With numbers to compare or to keep. */
export const REPORTING_AND_TIMEIT: readonly Command[] = [...REPORTING, 'timeit'];
export const EVERYWHERE: readonly Command[] = ['run', 'ab', 'report', 'list', 'timeit', 'bisect', 'init'];
