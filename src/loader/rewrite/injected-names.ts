import { hashText } from '../hash.js';

/** The names that a rewritten module contains beside its own. */
export interface InjectedNames {
  /** The function at the top that finds the module's probe. */
  readonly load: string;
  /** The module's probe, once found. */
  readonly module: string;
  /** Within a sync function: the module's probe, or null. */
  readonly handle: string;
  /** What `enter` gave. */
  readonly token: string;
  /** What the call returns. */
  readonly value: string;
  /** `value` while a `finally` block runs. */
  readonly saved: string;
  /** Within a function that can pause: its call's probe. */
  readonly call: string;
  /** Of calls that are broken down: when the key was asked for, and the group that it leads to. */
  readonly since: string;
  readonly group: string;
  /** What lets two versions share the process, and within a function, the other version. */
  readonly exchange: string;
  readonly other: string;
  /** Begins the names of variables that hold nothing: a declaration's place to resume in. */
  readonly resumed: string;
  /** Begins the names of resources that pause and resume when they are disposed of. */
  readonly resource: string;
}

/**
 * Names that occur nowhere in the source, and that differ from file to file: a function's text that is evaluated
 * inside another rewritten module must not find that module's probe.
 */
export function chooseNames(source: string, file: string): InjectedNames {
  let prefix = `$ttprof_${hashText(file).slice(0, 8)}`;
  while (source.includes(prefix)) prefix += '_';
  return {
    load: prefix,
    module: `${prefix}m`,
    handle: `${prefix}h`,
    token: `${prefix}t`,
    value: `${prefix}v`,
    saved: `${prefix}f`,
    call: `${prefix}c`,
    since: `${prefix}s`,
    group: `${prefix}g`,
    exchange: `${prefix}x`,
    other: `${prefix}o`,
    resumed: `${prefix}r`,
    resource: `${prefix}u`,
  };
}
