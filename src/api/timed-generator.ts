import type { CallProbe, ModuleProbe } from '../runtime/contract.js';
import type { AnyFunction, Gate } from './stand-in.js';

const { apply, defineProperty, get } = Reflect;
const { then } = Promise.prototype;

/** After a step: pauses or ends the call. @returns what the program gets for the step's result */
type Finish = (result: unknown, call: CallProbe, end: () => void) => unknown;

/**
 * Times the steps of a generator object through own, hidden `next`, `return` and `throw`: the object stays the one
 * that the function made.
 */
export function timeGenerator(generator: object, probe: ModuleProbe, gate: Gate, finish: Finish): object {
  let call: CallProbe | null = null;
  let isDone = false;
  let isRunning = false;
  const end = () => {
    isDone = true;
  };
  for (const name of ['next', 'return', 'throw'] as const) {
    const step = get(generator, name) as AnyFunction;
    const timedStep = {
      [name](this: unknown): unknown {
        // `return` and `throw` before the first `next` run nothing of the body; a running generator refuses them all
        const isStep = !isDone && !isRunning && this === generator && (call !== null || name === 'next');
        // biome-ignore lint/complexity/noArguments: see above
        if (!isStep || gate.probe !== probe) return apply(step, this, arguments);
        if (call === null) call = probe.start(gate.site);
        else call.resume();
        const current = call;
        isRunning = true;
        let result: unknown;
        try {
          // biome-ignore lint/complexity/noArguments: see above
          result = apply(step, this, arguments);
        } catch (error) {
          isDone = true;
          current.end(current);
          throw error;
        } finally {
          isRunning = false;
        }
        return finish(result, current, end);
      },
    }[name]!;
    defineProperty(generator, name, {
      value: timedStep,
      writable: true,
      enumerable: false,
      configurable: true,
    });
  }
  return generator;
}

export const finishStep: Finish = (result, call, end) => {
  const { done, value } = result as IteratorResult<unknown>;
  if (done) {
    end();
    call.end(value);
  } else call.pause(undefined);
  return result;
};

/** As with async functions, the program gets a promise that settles one turn later. */
export const finishAsyncStep: Finish = (promise, call, end) => {
  call.pause(undefined);
  return apply(then, promise, [
    (result: IteratorResult<unknown>) => {
      if (result.done) {
        end();
        call.end(result.value);
      }
      return result;
    },
    (reason: unknown) => {
      end();
      call.end(call);
      throw reason;
    },
  ]);
};
