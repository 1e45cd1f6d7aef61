import type { CallProbe, ModuleProbe } from '../runtime/contract.js';
import type { AnyFunction, Gate } from './stand-in.js';

const { apply, get, getPrototypeOf, setPrototypeOf } = Reflect;
const { then } = Promise.prototype;

/** What is known of one generator object that a stand-in gave out. */
interface Steps {
  readonly probe: ModuleProbe;
  readonly gate: Gate;
  /** From the first `next` on. */
  call: CallProbe | null;
  isDone: boolean;
  isRunning: boolean;
}

/** A constructor that returns its argument: what derives from it adds its private fields to any object. */
const Argument = function returnArgument(object: object): object {
  return object;
} as unknown as new (
  object: object,
) => object;

/** Adds a private field to generator objects: nobody sees it, and it is ten times as cheap as an entry in a WeakMap. */
class Stamp extends Argument {
  readonly #steps: Steps;

  constructor(generator: object, steps: Steps) {
    super(generator);
    this.#steps = steps;
  }

  static of(object: unknown): Steps | null {
    return typeof object === 'object' && object !== null && #steps in object
      ? (object as Stamp).#steps
      : null;
  }
}

/**
 * Makes what times the generator objects of one async generator function: the object stays the one that the function made; between it
 * and its prototype comes one with `next`, `return` and `throw` that time the steps.
 */
export function createAsyncGeneratorTimer(): (generator: object, gate: Gate, probe: ModuleProbe) => void {
  let base: object | null = null;
  let timed: object = {};
  return (generator, gate, probe) => {
    const prototype = getPrototypeOf(generator)!;
    if (prototype !== base) {
      base = prototype;
      timed = createTimedPrototype(prototype);
    }
    setPrototypeOf(generator, timed);
    new Stamp(generator, { probe, gate, call: null, isDone: false, isRunning: false });
  };
}

function createTimedPrototype(base: object): object {
  const timed = Object.create(base) as object;
  for (const name of ['next', 'return', 'throw'] as const) {
    const step = get(base, name) as AnyFunction;
    const isNext = name === 'next';
    const timedStep = {
      [name](this: unknown): unknown {
        const steps = Stamp.of(this);
        // `return` and `throw` before the first `next` run nothing of the body; a running generator refuses them all
        if (
          steps === null ||
          steps.isDone ||
          steps.isRunning ||
          steps.gate.probe !== steps.probe ||
          (steps.call === null && !isNext)
        ) {
          // biome-ignore lint/complexity/noArguments: forwarded as it is
          return apply(step, this, arguments);
        }
        if (steps.call === null) steps.call = steps.probe.start(steps.gate.site);
        else steps.call.resume();
        const { call } = steps;
        steps.isRunning = true;
        let result: unknown;
        try {
          // biome-ignore lint/complexity/noArguments: forwarded as it is
          result = apply(step, this, arguments);
        } catch (error) {
          steps.isDone = true;
          call.end(call);
          throw error;
        } finally {
          steps.isRunning = false;
        }
        return finishStep(result, call, steps);
      },
    }[name]!;
    Object.defineProperty(timed, name, {
      value: timedStep,
      writable: true,
      enumerable: false,
      configurable: true,
    });
  }
  return timed;
}

/** After a step: pauses the call, or ends it. As with async functions, the program gets a promise that settles one turn later. */
function finishStep(promise: unknown, call: CallProbe, steps: Steps): unknown {
  call.pause(undefined);
  return apply(then, promise, [
    (result: IteratorResult<unknown>) => {
      if (result.done) {
        steps.isDone = true;
        call.end(result.value);
      }
      return result;
    },
    (reason: unknown) => {
      steps.isDone = true;
      call.end(call);
      throw reason;
    },
  ]);
}
