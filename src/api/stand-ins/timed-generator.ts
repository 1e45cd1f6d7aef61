import type { CallProbe, ModuleProbe } from '../../runtime/contract.js';
import type { Gate } from './gate.js';

const { apply, getPrototypeOf } = Reflect;
const { iterator } = Symbol;
// biome-ignore lint/suspicious/noExplicitAny: forwarded as it is
type Step = (this: unknown, value?: any) => IteratorResult<unknown>;

// Captured: the program may replace these.
const {
  next,
  return: finish,
  throw: fail,
} = getPrototypeOf(function* () {}.prototype) as {
  next: Step;
  return: Step;
  throw: Step;
};

/** The steps of one generator object. `yield*` calls none before the first `next`, after the end or while one runs. */
class TimedSteps {
  readonly generator: object;
  readonly gate: Gate;
  readonly probe: ModuleProbe;
  /** From the first `next` on. */
  call: CallProbe | null = null;

  constructor(generator: object, gate: Gate, probe: ModuleProbe) {
    this.generator = generator;
    this.gate = gate;
    this.probe = probe;
  }

  [iterator](): this {
    return this;
  }

  next(value: unknown): IteratorResult<unknown> {
    return this.step(next, value);
  }

  return(value: unknown): IteratorResult<unknown> {
    return this.step(finish, value);
  }

  throw(value: unknown): IteratorResult<unknown> {
    return this.step(fail, value);
  }

  step(step: Step, value: unknown): IteratorResult<unknown> {
    const { gate, probe, generator } = this;
    if (gate.probe !== probe) return apply(step, generator, [value]);
    let { call } = this;
    if (call === null) this.call = call = probe.start(gate.site);
    else call.resume();
    let result: IteratorResult<unknown>;
    try {
      result = apply(step, generator, [value]);
    } catch (error) {
      call.end(call);
      throw error;
    }
    if (result.done) call.end(result.value);
    else call.pause(undefined);
    return result;
  }
}

/**
 * Makes what times the generator objects of one function: the program gets a generator that delegates to the
 * function's own, whose steps are timed. It has the same prototype from its birth on: changing that of each object
 * takes V8 as long as two readings of the clock. `yield*` hands on the results themselves.
 */
export function createGeneratorTimer(
  original: object,
): (generator: object, gate: Gate, probe: ModuleProbe) => object {
  function* timed(steps: TimedSteps): Generator<unknown, unknown, unknown> {
    return yield* steps as unknown as Iterable<unknown>;
  }
  const holder = original as { prototype: unknown };
  let base: unknown;
  return (generator, gate, probe) => {
    // the program may give the function another prototype at any time, and one that is no object stands for V8's own
    if (holder.prototype !== base) {
      base = holder.prototype;
      timed.prototype = getPrototypeOf(generator) as Generator;
    }
    return timed(new TimedSteps(generator, gate, probe));
  };
}
