import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { promisify, types } from 'node:util';
import type { Gate } from '../../../dist/api/stand-ins/gate.js';
import { createStandIn } from '../../../dist/api/stand-ins/stand-in.js';
import { tprof } from '../../../dist/index.js';
import type { SiteIndex } from '../../../dist/runtime/contract.js';

// biome-ignore lint/suspicious/noExplicitAny: functions of any shape
type Any = any;

const quiet = { quiet: true } as const;

/** Passes calls on without a measurement, to compare behaviour alone. */
function idle(): Gate {
  return { probe: null, site: 0 as SiteIndex, isForeign: null };
}

/** Runs a check on a stand-in that measures and on one that is idle. */
function both(original: Any, check: (standIn: Any, run: { results: readonly Any[] } | null) => void): void {
  check(createStandIn(original, idle()), null);
  const run = tprof({ f: original }, quiet);
  check(run.fn.f, run);
  run.end();
}

describe('a stand-in', () => {
  it('passes this, arguments and results on', () => {
    function original(this: Any, ...args: unknown[]) {
      return [this, args];
    }
    both(original, (standIn) => {
      const self = {};
      assert.deepEqual(standIn.call(self, 1, 'a', undefined), [self, [1, 'a', undefined]]);
      assert.deepEqual(standIn(), [undefined, []]);
      const many = Array.from({ length: 1000 }, (_, i) => i);
      assert.deepEqual(standIn(...many)[1], many);
    });
  });

  it('keeps name, length and prototype, and hides no property', () => {
    function original(a: unknown, b: unknown, c = 1) {
      return [a, b, c];
    }
    Object.assign(original, { count: 1, [Symbol.for('x')]: 'y' });
    both(original, (standIn) => {
      assert.equal(standIn.name, 'original');
      assert.equal(standIn.length, 2);
      assert.equal(standIn.prototype, original.prototype);
      assert.equal(standIn[Symbol.for('x')], 'y');
      assert.deepEqual(Object.keys(standIn), ['count']);
      assert.deepEqual(
        new Set(Reflect.ownKeys(standIn)),
        new Set(Reflect.ownKeys(original).filter((key) => key !== 'arguments' && key !== 'caller')),
      );
    });
  });

  it('shares what the function keeps on itself', () => {
    const original: Any = () => original.count++;
    original.count = 5;
    both(original, (standIn) => {
      const before = original.count;
      standIn();
      assert.equal(standIn.count, before + 1);
      standIn.count = 10;
      assert.equal(original.count, 10);
    });
  });

  it('has no name where the function has none', () => {
    const original = (
      () => () =>
        1
    )();
    both(original, (standIn) => assert.equal(standIn.name, ''));
  });

  it('throws what the function throws', () => {
    const error = new Error('as it is');
    const original = () => {
      throw error;
    };
    both(original, (standIn) => assert.throws(standIn, (thrown) => thrown === error));
    const run = tprof({ original }, quiet);
    assert.throws(run.fn.original);
    assert.equal(run.end()[0]!.errors, 1);
  });

  it('constructs what the function constructs, also for derived classes', () => {
    function Point(this: Any, x: number) {
      this.x = x;
      this.target = new.target;
    }
    both(Point, (standIn) => {
      const point = new standIn(3);
      assert.equal(point.x, 3);
      assert.ok(point instanceof (Point as Any));
      assert.ok(point instanceof standIn);
      assert.equal(point.target, Point);
      class Derived extends standIn {}
      const derived = new (Derived as Any)(4);
      assert.ok(derived instanceof Derived);
      assert.equal(derived.target, Derived);
    });
  });

  it('refuses new and has no prototype where the function does', () => {
    const arrow = () => 1;
    const { method } = {
      method() {
        return 2;
      },
    };
    const asynchronous = async () => 3;
    for (const original of [arrow, method, asynchronous]) {
      both(original, (standIn) => {
        assert.throws(() => new standIn(), TypeError);
        assert.equal(Object.hasOwn(standIn, 'prototype'), false);
      });
    }
  });

  it('works with util.promisify, its custom symbol included', async () => {
    const plain = (value: number, done: (error: Error | null, result: number) => void) =>
      setImmediate(done, null, value * 2);
    const custom: Any = () => assert.fail('not called');
    custom[promisify.custom] = async () => 'custom';
    const run = tprof({ plain, custom }, quiet);
    assert.equal(await promisify(run.fn.plain)(21), 42);
    assert.equal(await promisify(run.fn.custom)(), 'custom');
    assert.deepEqual(
      run.end().map(({ calls }) => calls),
      [1, 0],
    );
  });
});

describe('a stand-in of an async function', () => {
  it('returns a native promise that settles one turn after the one of the function, and no later', async () => {
    const original = async (turns: number) => {
      for (let turn = 0; turn < turns; turn++) await null;
    };
    const turnsOf = async (call: (turns: number) => Promise<void>, turns: number) => {
      let settled = false;
      const promise = call(turns);
      assert.equal(Object.getPrototypeOf(promise), Promise.prototype);
      void promise.then(() => {
        settled = true;
      });
      let waited = 0;
      for (; !settled; waited++) await null;
      return waited;
    };
    const run = tprof({ original }, quiet);
    for (const turns of [0, 1, 5])
      assert.equal(await turnsOf(run.fn.original, turns), (await turnsOf(original, turns)) + 1);
    const [stats] = run.end();
    assert.deepEqual([stats!.kind, stats!.calls, stats!.unfinished], ['async', 3, 0]);
  });

  it('keeps the callers in stack traces', async () => {
    const failsLate = async () => {
      await null;
      throw new Error('deep');
    };
    const run = tprof({ failsLate }, quiet);
    async function outerCaller() {
      await run.fn.failsLate();
    }
    const error: Error = await outerCaller().then(
      () => assert.fail(),
      (reason: Error) => reason,
    );
    assert.match(error.stack!, /at (?:Object\.)?failsLate[\s\S]*at async outerCaller/);
    run.end();
  });

  it('lasts until the promise settles, and counts rejections', async () => {
    const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
    const waits = async (ms: number) => {
      await sleep(ms);
      if (ms > 15) throw new Error('late');
    };
    const returns = async (ms: number) => sleep(ms);
    const immediate = async () => 1;
    const fails = async () => {
      throw new Error('at once');
    };
    const run = tprof({ waits, returns, immediate, fails }, quiet);
    await run.fn.waits(10);
    await assert.rejects(run.fn.waits(20));
    await run.fn.returns(10);
    await run.fn.immediate();
    await assert.rejects(run.fn.fails());
    const [a, b, c, d] = run.end();
    assert.deepEqual([a!.calls, a!.errors, a!.unfinished], [2, 1, 0]);
    assert.deepEqual([b!.calls, b!.errors, b!.unfinished], [1, 0, 0]);
    assert.deepEqual([c!.calls, c!.errors, c!.unfinished], [1, 0, 0]);
    assert.deepEqual([d!.calls, d!.errors, d!.unfinished], [1, 1, 0]);
    // a timer never fires early by more than its rounding: this is no assertion about speed
    assert.ok(a!.totalNs > 25e6);
    assert.ok(b!.totalNs > 8e6);
    assert.ok(a!.activeNs! < a!.totalNs);
  });

  it('leaves a rejection that nobody handles unhandled', async () => {
    const seen: unknown[] = [];
    const listener = (reason: unknown) => seen.push(reason);
    const previous = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', listener);
    const error = new Error('nobody cares');
    const run = tprof(
      {
        fails: async () => {
          await null;
          throw error;
        },
      },
      quiet,
    );
    void run.fn.fails();
    await new Promise((resolve) => setTimeout(resolve, 5));
    process.removeListener('unhandledRejection', listener);
    for (const each of previous) process.on('unhandledRejection', each);
    assert.deepEqual(seen, [error]);
    assert.equal(run.end()[0]!.errors, 1);
  });
});

describe('a stand-in of a generator', () => {
  function* count(to: number): Generator<number, string, unknown> {
    try {
      for (let i = 0; i < to; i++) yield i;
    } finally {
      count.closed++;
    }
    return 'end';
  }
  count.closed = 0;

  it('returns the generator of the function; a call lasts to its completion', () => {
    const run = tprof({ count }, quiet);
    const generator = run.fn.count(3);
    assert.ok(generator instanceof count);
    assert.deepEqual(Object.keys(generator), []);
    assert.deepEqual([...generator], [0, 1, 2]);
    assert.deepEqual(generator.next(), { value: undefined, done: true });
    run.fn.count(3); // never begun
    const [stats] = run.end();
    assert.deepEqual([stats!.kind, stats!.calls, stats!.unfinished], ['generator', 1, 0]);
  });

  it('sees return, throw and an early break', () => {
    count.closed = 0;
    const run = tprof({ count }, quiet);
    for (const number of run.fn.count(5)) if (number === 1) break;
    const thrown = run.fn.count(5);
    thrown.next();
    assert.throws(() => thrown.throw(new Error('in')), /in/);
    const returned = run.fn.count(5);
    assert.deepEqual(returned.return('early'), { value: 'early', done: true }); // before the body began
    const open = run.fn.count(5);
    open.next();
    const [stats] = run.end();
    assert.deepEqual([stats!.calls, stats!.errors, stats!.unfinished], [2, 1, 1]);
    assert.equal(count.closed, 2);
  });

  it('delegates with yield* and passes values in', () => {
    function* echo(): Generator<unknown, string, unknown> {
      const first = yield 'ready';
      return `got ${first}`;
    }
    const run = tprof({ echo }, quiet);
    const inner = run.fn.echo;
    function* outer(): Generator<unknown, unknown, unknown> {
      return yield* inner();
    }
    const generator = outer();
    generator.next();
    assert.deepEqual(generator.next('it'), { value: 'got it', done: true });
    assert.equal(run.end()[0]!.calls, 1);
  });

  it('gives out generators as V8 does: prototype, a step within a step, what finally yields', () => {
    const steps: { again: Generator | null } = { again: null };
    function* late(): Generator<unknown, unknown, unknown> {
      try {
        yield steps.again?.next();
      } finally {
        yield 'closing';
      }
      return 'unreached';
    }
    const run = tprof({ late }, quiet);
    const first = run.fn.late();
    assert.equal(Object.getPrototypeOf(first), late.prototype);
    assert.ok(types.isGeneratorObject(first));
    first.next();
    assert.deepEqual(first.return('value'), { value: 'closing', done: false });
    assert.deepEqual(first.next(), { value: 'value', done: true });
    assert.deepEqual(first.return('after'), { value: 'after', done: true });
    assert.throws(() => first.throw(new Error('after')), /after/);

    const native: object = Object.getPrototypeOf(Object.getPrototypeOf(first));
    const holder = late as { prototype: unknown };
    const other: object = Object.create(native);
    holder.prototype = other;
    assert.equal(Object.getPrototypeOf(run.fn.late()), other);
    holder.prototype = null;
    const running = (steps.again = run.fn.late());
    assert.equal(Object.getPrototypeOf(running), native);
    assert.deepEqual(running.next(), { value: 'closing', done: false }); // on the error's way out
    assert.throws(() => running.next(), /already running/);
    const [stats] = run.end();
    assert.deepEqual([stats!.calls, stats!.errors, stats!.unfinished], [2, 1, 0]);
  });

  it('works for async generators', async () => {
    async function* ticks(to: number) {
      for (let i = 0; i < to; i++) {
        await null;
        yield i;
      }
      if (to > 5) throw new Error('too many');
    }
    const run = tprof({ ticks }, quiet);
    const seen: number[] = [];
    for await (const tick of run.fn.ticks(3)) seen.push(tick);
    await assert.rejects(async () => {
      for await (const tick of run.fn.ticks(6)) seen.push(tick);
    }, /too many/);
    assert.deepEqual(seen, [0, 1, 2, 0, 1, 2, 3, 4, 5]);
    for await (const _ of run.fn.ticks(4)) break;
    const [stats] = run.end();
    assert.deepEqual(
      [stats!.kind, stats!.calls, stats!.errors, stats!.unfinished],
      ['async-generator', 3, 1, 0],
    );
  });
});
