import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, it } from 'node:test';
import { advance, start } from '../../runtime/harness.js';
import { defer, turn, unhandledDuring } from '../promises.js';
import { standInsOn } from './stand-ins-on.js';

// The harness puts a clock in place that stands still, so it has to come before whatever loads the runtime.
const { tprof } = await import('../../../dist/index.js');

const quiet = { quiet: true } as const;
const runtime = start();
const standInsFor = standInsOn(runtime, 'async-generator');

async function drain(generator: AsyncIterable<unknown>, each: () => void = () => {}): Promise<unknown[]> {
  const seen = [];
  for await (const one of generator) {
    seen.push(one);
    each();
  }
  return seen;
}

describe('calls of a stand-in of an async generator', () => {
  it('last while a step is under way, with what it awaits and without the consumer', async () => {
    const { fn, read } = standInsFor({
      async *waits(count: number) {
        for (let i = 0; i < count; i++) {
          advance(10);
          await turn().then(() => advance(1000));
          advance(1);
          yield i;
        }
      },
      async *works(count: number) {
        for (let i = 0; i < count; i++) {
          advance(10);
          yield i;
        }
      },
    });
    for (let round = 1; round <= 2; round++) {
      assert.deepEqual(await drain(fn.waits(2), () => advance(1e6)), [0, 1]);
      assert.deepEqual(await drain(fn.works(3), () => advance(1e6)), [0, 1, 2]);
      const [waits, works] = [read('waits'), read('works')];
      assert.deepEqual(
        [waits.calls, waits.totalNs, waits.errors, waits.unfinished],
        [round, 2022 * round, 0, 0],
      );
      // what follows an await is not seen from outside
      assert.deepEqual([waits.activeNs, waits.selfNs], [20 * round, 20 * round]);
      assert.deepEqual([works.calls, works.totalNs, works.activeNs], [round, 30 * round, 30 * round]);
    }
  });

  it('know who called them, and what their callees took', async () => {
    const { fn, read, callersOf } = standInsFor({
      async *outer(): AsyncGenerator<unknown, void> {
        advance(5);
        yield* fn.inner();
      },
      async *inner() {
        advance(100);
        yield 1;
        advance(20);
      },
    });
    assert.deepEqual(await drain(fn.outer()), [1]);
    assert.deepEqual([read('outer').activeNs, read('outer').selfNs], [125, 5]);
    assert.deepEqual([read('inner').activeNs, read('inner').totalNs], [120, 120]);
    assert.deepEqual(callersOf('inner'), { outer: [1, 120] });
  });

  it('end with return, throw, an early break and an error; others are unfinished', async () => {
    const { fn, read } = standInsFor({
      async *f(fails: boolean): AsyncGenerator<number, unknown> {
        yield 1;
        if (fails) throw new Error('expected');
        yield 2;
        return 'end';
      },
    });
    for await (const _ of fn.f(false)) break;
    await assert.rejects(drain(fn.f(true)), /expected/);
    const thrown = fn.f(false);
    await thrown.next();
    await assert.rejects(thrown.throw(new Error('in')), /in/);
    const returned = fn.f(false);
    assert.deepEqual(await returned.return('early'), { value: 'early', done: true }); // before the body began
    fn.f(false); // never begun
    const open = fn.f(false);
    await open.next();
    let f = read('f');
    assert.deepEqual([f.calls, f.errors, f.unfinished], [3, 2, 1]);
    assert.deepEqual(await open.return('late'), { value: 'late', done: true });
    assert.deepEqual(await open.next(), { value: undefined, done: true });
    f = read('f');
    assert.deepEqual([f.calls, f.errors, f.unfinished], [4, 2, 0]);
  });

  it('are counted once where steps are asked for all at once, and share no record with later calls', async () => {
    const gate = defer();
    const { fn, read } = standInsFor({
      async *f(value: number) {
        await gate.promise;
        yield value;
      },
    });
    const first = fn.f(1);
    const steps = [first.next(), first.next(), first.next(), first.next()];
    advance(70);
    gate.resolve();
    assert.deepEqual(
      (await Promise.all(steps)).map(({ value, done }) => [value, done]),
      [
        [1, false],
        [undefined, true],
        [undefined, true],
        [undefined, true],
      ],
    );
    assert.deepEqual([read('f').calls, read('f').totalNs], [1, 70]);
    const second = fn.f(2);
    assert.deepEqual(await second.next(), { value: 2, done: false });
    // nothing of this is the second call's
    assert.deepEqual(await first.next(), { value: undefined, done: true });
    await assert.rejects(first.throw(new Error('after the end')), /after the end/);
    assert.deepEqual([read('f').calls, read('f').errors, read('f').unfinished], [1, 0, 1]);
    await second.next();
    assert.deepEqual([read('f').calls, read('f').errors, read('f').unfinished], [2, 0, 0]);
  });

  it('are exact when thousands are under way at once', async () => {
    const { fn, read } = standInsFor({
      async *f(fails: boolean) {
        yield await turn();
        if (fails) throw new Error('expected');
      },
    });
    for (let round = 1; round <= 2; round++) {
      const all = Array.from({ length: 1500 }, (_, index) => drain(fn.f(index % 3 === 0)));
      assert.equal(read('f').unfinished, 1500);
      await Promise.allSettled(all);
      const f = read('f');
      assert.deepEqual([f.calls, f.errors, f.unfinished], [1500 * round, 500 * round, 0]);
    }
  });

  it('let the body ask for its own next step', async () => {
    const self: { current: AsyncGenerator<unknown, unknown, unknown> | null } = { current: null };
    const { fn, read } = standInsFor({
      async *f() {
        void self.current!.next();
        advance(10);
        yield 1;
        yield 2;
      },
    });
    self.current = fn.f();
    assert.deepEqual(await drain(self.current), [1]); // the body took the second one
    assert.deepEqual([read('f').calls, read('f').totalNs], [1, 10]);
  });

  it('reject as the generator does: unhandled where nobody handles it, and once', async () => {
    const { fn, read } = standInsFor({
      async *f() {
        yield 1;
        throw 'late';
      },
    });
    const seen = await unhandledDuring(async () => {
      const generator = fn.f();
      await generator.next();
      void generator.next();
    });
    assert.deepEqual(seen, ['late']);
    assert.deepEqual(await unhandledDuring(() => drain(fn.f()).catch(() => {})), []);
    assert.equal(read('f').errors, 2);
  });

  it('keep the context of AsyncLocalStorage apart', async () => {
    const storage = new AsyncLocalStorage<number>();
    const { fn } = standInsFor({
      async *f() {
        for (let i = 0; i < 3; i++) {
          await null;
          yield storage.getStore();
        }
      },
    });
    const seen = await Promise.all(
      Array.from({ length: 20 }, (_, id) =>
        storage.run(id, async () => [...(await drain(fn.f())), storage.getStore()]),
      ),
    );
    assert.deepEqual(
      seen,
      seen.map((_, id) => [id, id, id, id]),
    );
  });
});

describe('the generator object of a stand-in of an async generator function', () => {
  it('inherits from the function’s prototype, whichever that is, and shows nothing of its own', async () => {
    const native: object = Object.getPrototypeOf(async function* () {}.prototype);
    async function* f(): AsyncGenerator<number, void> {
      yield 1;
    }
    const { fn } = standInsFor({ f });
    const first = fn.f();
    assert.ok(first instanceof f);
    assert.deepEqual(Reflect.ownKeys(first), []);
    assert.equal(first[Symbol.asyncIterator](), first);
    assert.equal(Object.prototype.toString.call(first), '[object AsyncGenerator]');
    assert.equal(first.constructor, Object.getPrototypeOf(f));
    const other: AsyncGenerator<number, void> = Object.create(native, { extra: { value: 'extra' } });
    const holder = f as { prototype: unknown };
    holder.prototype = other;
    const second = fn.f();
    assert.ok(Object.prototype.isPrototypeOf.call(other, second));
    assert.equal((second as unknown as { extra: string }).extra, 'extra');
    holder.prototype = null;
    const third = fn.f();
    assert.ok(Object.prototype.isPrototypeOf.call(native, third));
    for (const generator of [first, second, third]) assert.deepEqual(await drain(generator), [1]);
    await assert.rejects(async () => first.next.call({} as never), TypeError);
  });

  it('takes the steps that the program gives the function’s generators', async () => {
    async function* f() {
      yield 1;
    }
    const { next } = Object.getPrototypeOf(f.prototype);
    let asked = 0;
    f.prototype.next = function (...args: unknown[]) {
      asked++;
      return next.apply(this, args);
    };
    const { fn, read } = standInsFor({ f });
    assert.deepEqual(await drain(fn.f()), [1]);
    assert.equal(asked, 2);
    assert.equal(read('f').calls, 1);
    f.prototype.next = () => 'no promise' as never;
    (f as { prototype: unknown }).prototype = Object.create(f.prototype);
    assert.equal(fn.f().next(), 'no promise');
  });
});

describe('a measurement of async generators', () => {
  it('that ends while one runs counts it as unfinished, and the next one does not see it end', async () => {
    async function* f() {
      yield 1;
      yield 2;
    }
    const early = tprof({ f }, quiet);
    const open = early.fn.f();
    await open.next();
    assert.deepEqual([early.end()[0]!.calls, early.results[0]!.unfinished], [0, 1]);
    const late = tprof({ f }, quiet);
    assert.deepEqual(await drain(open), [2]);
    assert.deepEqual(await drain(late.fn.f()), [1, 2]);
    assert.deepEqual(await drain(early.fn.f()), [1, 2]); // unmeasured by now
    assert.deepEqual([late.end()[0]!.calls, late.results[0]!.unfinished], [1, 0]);
  });

  it('counts every call where it times some, and has CPU time', async () => {
    async function* f(fails: boolean) {
      for (const end = process.cpuUsage().user + 100; process.cpuUsage().user < end; );
      yield await null;
      if (fails) throw new Error('expected');
    }
    const sampled = tprof({ f }, { ...quiet, sample: 8 });
    for (let index = 0; index < 300; index++) await drain(sampled.fn.f(index % 5 === 0)).catch(() => {});
    await sampled.fn.f(false).next();
    const [few] = sampled.end();
    assert.deepEqual([few!.calls, few!.errors, few!.unfinished], [300, 60, 1]);
    assert.ok(few!.timedCalls > 5 && few!.timedCalls < 120, `${few!.timedCalls}`);
    for (const sample of [1, 4]) {
      const run = tprof({ f }, { ...quiet, cpu: true, sample });
      for (let index = 0; index < 40; index++) await drain(run.fn.f(false));
      const [stats] = run.end();
      assert.equal(stats!.calls, 40);
      assert.ok(stats!.cpuNs! > 0, `${stats!.cpuNs}`);
    }
  });
});
