import { findNearNames } from '../../shared/names/near-names.js';
import { wildcardToRegExp } from '../../shared/names/wildcard.js';
import { isClass } from './function-kind.js';
import type { AnyFunction } from './gate.js';

/** A function that hangs from a built-in module or global, and where. */
export interface Property {
  /** As a target calls it: `readFileSync`, `EventEmitter.emit`. */
  readonly name: string;
  readonly holder: object;
  readonly property: string | symbol;
  readonly callee: AnyFunction;
  /** What is to be replaced; configurable or writable. */
  readonly descriptor: PropertyDescriptor;
}

export interface PropertySearch {
  readonly properties: readonly Property[];
  /** Why there are none; null where there are. */
  readonly reason: string | null;
  /** Names of functions that could be meant, at most three. */
  readonly suggestions: readonly string[];
}

const MAX_SUGGESTIONS = 3;

/**
 * @param root the module's exports, or `globalThis`
 * @param pattern a qualified name, `*` for any characters
 * @param file how to call `root`: `node:fs`
 */
export function findProperties(root: object, pattern: string, file: string): PropertySearch {
  if (!pattern.includes('*')) {
    const found = resolveName(root, pattern, file);
    if (typeof found !== 'string') return { properties: found, reason: null, suggestions: [] };
    return { properties: [], reason: found, suggestions: suggest(root, pattern, file) };
  }
  const matches = wildcardToRegExp(pattern);
  const properties = listNames(root, pattern)
    .filter((name) => matches.test(name))
    .flatMap((name) => {
      const found = resolveName(root, name, file);
      return typeof found === 'string' ? [] : found;
    });
  const reason = properties.length > 0 ? null : `no function of ${file} matches ${pattern}`;
  return { properties, reason, suggestions: [] };
}

/**
 * The functions of a qualified name, or in one line why none can be timed. Of a class, the method of its instances and
 * the static one may share a name: the second is called `name#2`, as in rewritten code.
 */
function resolveName(root: object, name: string, file: string): Property[] | string {
  const segments = name.split('.');
  const last = segments.pop()!;
  const found = follow(root, segments);
  if ('missing' in found) return `${file} has no ${found.missing}`;
  const { holder } = found;
  const places = placesOf(holder, last);
  if (places.length === 0)
    return last in holder
      ? `${file}:${name} belongs to all objects: it cannot be replaced`
      : `${file} has no ${name}`;
  const checked = places.map((place) => checkPlace(place, last, `${file}:${name}`));
  const usable = checked.filter((found) => typeof found !== 'string');
  if (usable.length === 0) return checked[0] as string;
  return usable.map((found, index) => ({
    ...found,
    name: index === 0 ? name : `${name}#${index + 1}`,
    property: last,
  }));
}

/** The object at the end of a path, or how far there is none. */
function follow(
  root: object,
  path: readonly string[],
): { readonly holder: object } | { readonly missing: string } {
  let holder = root;
  for (const [index, segment] of path.entries()) {
    const value: unknown = Reflect.get(holder, segment);
    if (!isObject(value)) return { missing: path.slice(0, index + 1).join('.') };
    holder = value;
  }
  return { holder };
}

interface Place {
  readonly holder: object;
  /** Its own property, or one that it inherits. */
  readonly descriptor: PropertyDescriptor;
}

/**
 * Where a call finds the property: on the object itself; of a class, on its prototype. What is inherited gets a property
 * of its own on the nearest object, so that others who inherit it are not concerned.
 */
function placesOf(holder: object, key: string): Place[] {
  const prototype: unknown = typeof holder === 'function' ? (holder as AnyFunction).prototype : undefined;
  return [prototype, holder].flatMap((start) => {
    if (!isObject(start)) return [];
    for (let at: object | null = start; at !== null; at = Object.getPrototypeOf(at) as object | null) {
      const descriptor = Object.getOwnPropertyDescriptor(at, key);
      if (descriptor !== undefined && at !== Object.prototype && at !== Function.prototype)
        return [{ holder: start, descriptor }];
    }
    return [];
  });
}

function checkPlace(
  { holder, descriptor }: Place,
  key: string,
  name: string,
): Omit<Property, 'name' | 'property'> | string {
  const isAccessor = descriptor.get !== undefined || descriptor.set !== undefined;
  const callee: unknown = isAccessor ? readAccessor(holder, key) : descriptor.value;
  if (typeof callee !== 'function')
    return `${name} is ${isAccessor ? 'an accessor and ' : ''}not a function but ${describe(callee)}`;
  if (isClass(callee as AnyFunction) || hasMethods(callee as AnyFunction)) {
    const [method] = functionsOf((callee as AnyFunction).prototype as object);
    const example = method === undefined ? '' : `, for instance ${name}.${method}`;
    return `${name} is a class, whose stand-in would no longer be the same class: name a method${example}`;
  }
  if (isAccessor && !descriptor.configurable) return `${name} is an accessor that cannot be replaced`;
  if (!descriptor.configurable && !descriptor.writable) return `${name} is frozen: it cannot be replaced`;
  if (!Object.hasOwn(holder, key) && !Object.isExtensible(holder))
    return `${name} is inherited by a frozen object: it cannot be replaced`;
  return { holder, callee: callee as AnyFunction, descriptor };
}

/** Classes from before `class`: their identity is compared, their prototypes are extended. */
function hasMethods(callee: AnyFunction): boolean {
  const prototype: unknown = Object.getOwnPropertyDescriptor(callee, 'prototype')?.value;
  return (
    typeof prototype === 'object' &&
    prototype !== null &&
    !/^(?:async )?function\*/.test(Function.prototype.toString.call(callee)) &&
    Reflect.ownKeys(prototype).some((key) => key !== 'constructor' && key !== Symbol.toStringTag)
  );
}

/**
 * Names of functions down to the members of classes and plain objects.
 * @param pattern the members of what it names in full are listed also where that is an accessor: `process.*`
 */
function listNames(root: object, pattern: string): string[] {
  const names = Object.getOwnPropertyNames(root).flatMap((key) => {
    const value = readData(root, key);
    if (value === root || !isObject(value)) return [];
    const members = membersOf(value).map((name) => `${key}.${name}`);
    return typeof value === 'function' ? [key, ...members] : members;
  });
  const path = pattern.split('*')[0]!.split('.').slice(0, -1);
  const found = follow(root, path);
  const named = 'holder' in found && path.length > 0 ? membersOf(found.holder) : [];
  return [...new Set([...names, ...named.map((name) => [...path, name].join('.'))])];
}

/** Of a class, its static methods and those of its instances; of an object, its own and those that it inherits. */
function membersOf(holder: object): string[] {
  const bases =
    typeof holder === 'function'
      ? [Object.getOwnPropertyDescriptor(holder, 'prototype')?.value].filter(isObject)
      : prototypesOf(holder);
  return [...new Set([holder, ...bases].flatMap(functionsOf))];
}

function prototypesOf(object: object): object[] {
  const base: unknown = Object.getPrototypeOf(object);
  return isObject(base) && base !== Object.prototype ? [base, ...prototypesOf(base)] : [];
}

function functionsOf(holder: object): string[] {
  return Object.getOwnPropertyNames(holder).filter(
    (key) =>
      key !== 'constructor' &&
      key !== 'prototype' &&
      !key.startsWith('_') &&
      typeof readData(holder, key) === 'function',
  );
}

/** No getter is run: some warn, some load a lot. */
function readData(holder: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(holder, key)?.value ?? null;
}

function readAccessor(holder: object, key: string): unknown {
  try {
    return Reflect.get(holder, key);
  } catch {
    return undefined;
  }
}

function suggest(root: object, name: string, file: string): string[] {
  const lower = name.toLowerCase();
  const isUsable = (one: string) => typeof resolveName(root, one, file) !== 'string';
  const names = listNames(root, name);
  const inside = names.filter((one) => one.startsWith(`${name}.`));
  const near = findNearNames(
    name,
    names.filter((one) => one !== name),
  );
  const containing = names.filter((one) => one.toLowerCase().includes(lower) && one !== name);
  return [...new Set([...inside, ...near, ...containing])].filter(isUsable).slice(0, MAX_SUGGESTIONS);
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' || typeof value === 'function') && value !== null;
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
