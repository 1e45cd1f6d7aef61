import { TtprofError } from '../../../shared/errors.js';

/** The version of the format; it changes only when a reader of the old one would misread a file. */
export const JSON_VERSION = 1;

/**
 * No time in ns (31 million years), count or percentage comes near it; sums and scales of much larger numbers would be
 * infinite.
 */
const MAX_SIZE = 1e24;

interface Types {
  string: string;
  number: number;
  boolean: boolean;
}

/** An object of a JSON file, read field by field; what has the wrong type is named with its place. */
export interface Fields {
  /** Whether the field is there and not null. */
  has(key: string): boolean;
  string(key: string): string;
  number(key: string): number;
  /** @returns undefined where the field is missing or null */
  optional<T extends keyof Types>(key: string, type: T): Types[T] | undefined;
  /** @returns undefined where the field is missing, null or a word of a later version */
  choice<T extends string>(key: string, words: readonly T[]): T | undefined;
  object(key: string): Fields;
  objects(key: string): Fields[];
  numbers(key: string): number[];
  strings(key: string): string[];
  /** All fields, each of which has to be a number. */
  allNumbers(): Record<string, number>;
}

/**
 * @param value a parsed JSON value
 * @param path of the file, for errors
 * @param place within the file, for errors: `functions[2]`; empty for the whole
 * @returns the value's fields
 * @throws {TtprofError} where it is not an object
 */
export function readFields(value: unknown, path: string, place: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrong(path, place, 'an object', value);
  }
  const record = value as Record<string, unknown>;
  const placeOf = (key: string) => (place === '' ? key : `${place}.${key}`);
  // own fields only: a file must not find `constructor`
  const get = (key: string) => (Object.hasOwn(record, key) ? record[key] : undefined);

  const expect = <T extends keyof Types>(key: string, type: T): Types[T] => {
    const field = get(key);
    if (!fits(field, type)) throw wrong(path, placeOf(key), `a ${type}`, field);
    return field as Types[T];
  };
  const has = (key: string) => get(key) !== undefined && get(key) !== null;
  const list = <T extends 'number' | 'string'>(key: string, type: T): Types[T][] => {
    const field = get(key);
    if (!Array.isArray(field) || !field.every((each) => fits(each, type)))
      throw wrong(path, placeOf(key), `a list of ${type}s`, field);
    return field;
  };
  return {
    has,
    string: (key) => expect(key, 'string'),
    number: (key) => expect(key, 'number'),
    optional: (key, type) => (has(key) ? expect(key, type) : undefined),
    choice: (key, words) => words.find((word) => word === get(key)),
    object: (key) => readFields(get(key), path, placeOf(key)),
    objects: (key) => {
      const field = get(key);
      if (!Array.isArray(field)) throw wrong(path, placeOf(key), 'a list', field);
      return field.map((each, i) => readFields(each, path, `${placeOf(key)}[${i}]`));
    },
    numbers: (key) => list(key, 'number'),
    strings: (key) => list(key, 'string'),
    allNumbers: () => Object.fromEntries(Object.keys(record).map((key) => [key, expect(key, 'number')])),
  };
}

function fits(value: unknown, type: keyof Types): boolean {
  return typeof value === type && (typeof value !== 'number' || Math.abs(value) <= MAX_SIZE);
}

function wrong(path: string, place: string, expected: string, found: unknown): TtprofError {
  const shown = found === undefined ? 'missing' : `${JSON.stringify(found)}`;
  const short = shown.length > 40 ? `${shown.slice(0, 40)}…` : shown;
  const where = place === '' ? 'its content' : place;
  return new TtprofError(
    `${path}: not a report of ttprof or tprof: ${where} should be ${expected} and is ${short}`,
  );
}

/** A field that is left out where it is unknown. */
export function present<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}
