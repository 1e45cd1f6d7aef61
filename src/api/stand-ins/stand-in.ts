import { isConstructor, kindOf } from './function-kind.js';
import type { AnyFunction, Gate } from './gate.js';
import { createAsyncGeneratorTimer } from './timed-async-generator.js';
import { createGeneratorTimer } from './timed-generator.js';

/** Own properties that belong to the function object itself; `arguments` and `caller` are V8's, of sloppy functions. */
const INTRINSIC_KEYS: ReadonlySet<PropertyKey> = new Set([
  'length',
  'name',
  'prototype',
  'arguments',
  'caller',
]);

// Captured: the program may replace these, and ttprof itself may be told to time them.
const {
  apply,
  construct,
  defineProperty,
  get,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  ownKeys,
  set,
  setPrototypeOf,
} = Reflect;

/**
 * A function that does what `original` does, with the same `this`, arguments, results, `new`, name, length, prototype
 * and own properties (later changes of these included), and times the calls while the gate has a probe.
 */
export function createStandIn<F extends AnyFunction>(original: F, gate: Gate): F {
  const standIn = shapeFor(original)(original, gate);
  if (getPrototypeOf(standIn) !== getPrototypeOf(original)) setPrototypeOf(standIn, getPrototypeOf(original));
  for (const key of ownKeys(original)) {
    const descriptor = getOwnPropertyDescriptor(original, key)!;
    if (key === 'name' || key === 'length' || key === 'prototype' || !descriptor.configurable) {
      if (key !== 'arguments' && key !== 'caller') defineProperty(standIn, key, descriptor);
    } else if (!INTRINSIC_KEYS.has(key)) {
      // Shared, not copied: a counter or cache that the function keeps on itself is read and written by its callers.
      const isWritable = descriptor.writable === true || descriptor.set !== undefined;
      defineProperty(standIn, key, {
        get: (): unknown => get(original, key),
        ...(isWritable && { set: (value: unknown) => void set(original, key, value) }),
        enumerable: descriptor.enumerable === true,
        configurable: true,
      });
    }
  }
  // Deleted from the original, so it must not be here either.
  for (const key of ['name', 'length'])
    if (getOwnPropertyDescriptor(original, key) === undefined) Reflect.deleteProperty(standIn, key);
  return standIn as F;
}

type Shape = (original: AnyFunction, gate: Gate) => AnyFunction;

function shapeFor(original: AnyFunction): Shape {
  const kind = kindOf(original);
  if (kind === 'async') return asyncShape;
  if (kind === 'generator') return generatorShape;
  if (kind === 'async-generator') return asyncGeneratorShape;
  return isConstructor(original) ? constructorShape : methodShape;
}

// The bodies below are the same `try … finally` as rewritten code has, and `apply(original, this, arguments)` is what
// V8 turns into a plain forwarded call: no array of arguments is made. Methods of literals cannot be called with `new`
// and have no `prototype`, like arrow functions, methods and async functions.

function methodShape(original: AnyFunction, gate: Gate): AnyFunction {
  return {
    standIn(this: unknown): unknown {
      const { probe } = gate;
      // biome-ignore lint/complexity/noArguments: see above
      if (probe === null || gate.isForeign?.()) return apply(original, this, arguments);
      const token = probe.enter(gate.site);
      let value: unknown = probe;
      try {
        // biome-ignore lint/complexity/noArguments: see above
        return (value = apply(original, this, arguments));
      } finally {
        probe.exit(gate.site, token, value);
      }
    },
  }.standIn;
}

function constructorShape(original: AnyFunction, gate: Gate): AnyFunction {
  function standIn(this: unknown): unknown {
    const { probe } = gate;
    if (probe === null || gate.isForeign?.()) {
      // biome-ignore lint/complexity/noArguments: see above
      if (new.target === undefined) return apply(original, this, arguments);
      // biome-ignore lint/complexity/noArguments: see above
      return construct(original, arguments, new.target === standIn ? original : new.target);
    }
    const token = probe.enter(gate.site);
    let value: unknown = probe;
    try {
      // biome-ignore lint/complexity/noArguments: see above
      if (new.target === undefined) return (value = apply(original, this, arguments));
      // biome-ignore lint/complexity/noArguments: see above
      return (value = construct(original, arguments, new.target === standIn ? original : new.target));
    } finally {
      probe.exit(gate.site, token, value);
    }
  }
  return standIn;
}

function asyncShape(original: AnyFunction, gate: Gate): AnyFunction {
  return {
    standIn(this: unknown): unknown {
      const { probe } = gate;
      // biome-ignore lint/complexity/noArguments: see above
      if (probe === null || gate.isForeign?.()) return apply(original, this, arguments);
      const token = probe.begin(gate.site);
      let promise: unknown = probe;
      try {
        // biome-ignore lint/complexity/noArguments: see above
        promise = apply(original, this, arguments);
      } finally {
        promise = probe.follow(gate.site, token, promise);
      }
      return promise;
    },
  }.standIn;
}

function generatorShape(original: AnyFunction, gate: Gate): AnyFunction {
  const time = createGeneratorTimer(original);
  return {
    standIn(this: unknown): unknown {
      // biome-ignore lint/complexity/noArguments: see above
      const generator = apply(original, this, arguments) as object;
      const { probe } = gate;
      if (probe === null || gate.isForeign?.()) return generator;
      return time(generator, gate, probe);
    },
  }.standIn;
}

function asyncGeneratorShape(original: AnyFunction, gate: Gate): AnyFunction {
  const time = createAsyncGeneratorTimer(original, gate);
  return {
    standIn(this: unknown): unknown {
      // biome-ignore lint/complexity/noArguments: see above
      const generator = apply(original, this, arguments) as object;
      const { probe } = gate;
      return probe === null || gate.isForeign?.() ? generator : time(generator);
    },
  }.standIn;
}
