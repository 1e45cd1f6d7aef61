import { types } from 'node:util';
import type { StepsProbe } from '../../runtime/contract.js';
import { sourceOf } from './function-kind.js';
import type { AnyFunction, Gate } from './gate.js';

const { isPromise } = types;
const { apply, defineProperty, deleteProperty, get, getPrototypeOf, setPrototypeOf } = Reflect;

// Captured: the program may give generators other steps.
const {
  next,
  return: finish,
  throw: fail,
} = getPrototypeOf(async function* () {}.prototype) as Record<'next' | 'return' | 'throw', Step>;
const natives = { next, return: finish, throw: fail };

type Step = (value?: unknown) => unknown;

/** `next`, `return` or `throw`. */
interface StepKind {
  readonly step: Step;
  readonly isNext: boolean;
  /** V8's own, which returns a promise. */
  readonly isNative: boolean;
}

/** How one function's steps are timed. */
interface Steps {
  readonly gate: Gate;
  /** Whether its body can wait but for what it yields. Words in comments and strings only cost a reading of the clock. */
  readonly waits: boolean;
}

const AWAIT = /\bawait\b/;

/** What the program gets for the generator object of a function: it passes the steps on, and times them. */
class TimedGenerator {
  readonly #generator: object;
  /** From the first `next` on. */
  #steps: StepsProbe | null = null;
  #serial = 0;

  constructor(generator: object) {
    this.#generator = generator;
  }

  /** @param one what the program called it on */
  static step(one: unknown, how: Steps, { step, isNext, isNative }: StepKind, value: unknown): unknown {
    if (typeof one !== 'object' || one === null || !(#steps in one)) return apply(step, one, [value]);
    const generator = one.#generator;
    let steps = one.#steps;
    const { probe } = how.gate;
    // `return` and `throw` before the first `next` run nothing of the body, and what the body itself calls waits for it
    if (
      probe === null ||
      (steps === null ? !isNext : steps.serial !== one.#serial || steps.isDone || steps.frame !== 0)
    ) {
      return apply(step, generator, [value]);
    }
    if (steps === null) {
      steps = probe.beginSteps(how.gate.site, how.waits);
      one.#steps = steps;
      one.#serial = steps.serial;
    } else steps.resume();
    if (!isNative) return takeForeignStep(steps, step, generator, value);
    // This throws where the stack has no room for it only: the recorder finds that out.
    const promise = apply(step, generator, [value]) as Promise<unknown>;
    steps.leave();
    return steps.follow(promise);
  }
}

/** One that the program gave the function's generators: may throw, and return anything. */
function takeForeignStep(steps: StepsProbe, step: Step, generator: object, value: unknown): unknown {
  let promise: unknown;
  try {
    promise = apply(step, generator, [value]);
  } finally {
    steps.leave();
  }
  return isPromise(promise) ? steps.follow(promise as Promise<unknown>) : promise;
}

type TimedClass = new (generator: object) => object;

/**
 * Makes what times the generator objects of one async generator function: an object that passes the steps on, and
 * inherits from the prototype that they have.
 */
export function createAsyncGeneratorTimer(original: AnyFunction, gate: Gate): (generator: object) => object {
  const how: Steps = { gate, waits: AWAIT.test(sourceOf(original)) };
  const holder = original as unknown as { prototype: unknown };
  let base: unknown;
  let Timed: TimedClass = TimedGenerator;
  return (generator) => {
    // the program may give the function another prototype at any time, and one that is no object stands for V8's own
    if (holder.prototype !== base) {
      base = holder.prototype;
      Timed = createClass(getPrototypeOf(generator)!, how);
    }
    return new Timed(generator);
  };
}

function createClass(base: object, how: Steps): TimedClass {
  class Timed extends TimedGenerator {}
  const prototype: object = Timed.prototype;
  setPrototypeOf(prototype, base);
  deleteProperty(prototype, 'constructor');
  const { step } = TimedGenerator;
  for (const name of ['next', 'return', 'throw'] as const) {
    const original = get(base, name) as Step;
    const kind = { step: original, isNext: name === 'next', isNative: original === natives[name] };
    const timedStep = {
      [name](value: unknown): unknown {
        return step(this, how, kind, value);
      },
    }[name]!;
    defineProperty(prototype, name, {
      value: timedStep,
      writable: true,
      enumerable: false,
      configurable: true,
    });
  }
  return Timed;
}
