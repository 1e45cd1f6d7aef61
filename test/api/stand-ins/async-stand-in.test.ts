import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, it } from 'node:test';
import { advance, start } from '../../runtime/harness.js';
import { defer, turn, unhandledDuring } from '../promises.js';
import { standInsOn } from './stand-ins-on.js';

// The harness puts a clock in place that stands still, so it has to come before whatever loads the runtime.
const { noteTurn } = await import('../../../dist/runtime/record/gc.js');
const { tprof } = await import('../../../dist/index.js');

const quiet = { quiet: true } as const;
const runtime = start();
const standInsFor = standInsOn(runtime, 'async');

describe('calls of a stand-in of an async function', () => {
  it('each keep their own time while they overlap and end in any order', async () => {
    const waiting = Array.from({ length: 5 }, defer);
    const { fn, read } = standInsFor({
      async f(index: number) {
        advance(10 + index);
        await waiting[index]!.promise;
        return index;
      },
    });
    for (let round = 0; round < 2; round++) {
      const results = waiting.map((_, index) => {
        advance(1000);
        return fn.f(index);
      });
      for (const index of [3, 0, 4, 1, 2]) {
        advance(100);
        waiting[index]!.resolve();
        await turn();
      }
      assert.deepEqual(await Promise.all(results), [0, 1, 2, 3, 4]);
      for (const [index] of waiting.entries()) waiting[index] = defer();
    }
    const f = read('f');
    assert.deepEqual([f.calls, f.outermostCalls, f.errors, f.unfinished], [10, 10, 0, 0]);
    // from its own start to the end: the code of later calls, their intervals, and steps of 100
    const code = (from: number) => [10, 11, 12, 13, 14].slice(from).reduce((sum, ns) => sum + ns, 0);
    const lasted = [3, 0, 4, 1, 2].map(
      (index, order) => code(index) + 1000 * (4 - index) + 100 * (order + 1),
    );
    assert.deepEqual([...f.series.durationNs], [...lasted, ...lasted]);
    assert.equal(f.totalNs, 2 * lasted.reduce((sum, ns) => sum + ns, 0));
    assert.equal(f.activeNs, 2 * code(0));
    assert.equal(f.selfNs, 2 * code(0));
  });

  it('know who called them, and what their callees took', async () => {
    const { fn, read, callersOf } = standInsFor({
      async outer(): Promise<unknown> {
        advance(5);
        await fn.inner();
        return fn.inner();
      },
      async inner() {
        advance(100);
      },
    });
    await fn.outer();
    await fn.inner();
    const [outer, inner] = [read('outer'), read('inner')];
    assert.deepEqual([outer.calls, outer.totalNs, outer.activeNs, outer.selfNs], [1, 205, 105, 5]);
    assert.deepEqual([inner.calls, inner.totalNs, inner.selfNs], [3, 300, 300]);
    // what follows an await is not seen from outside
    assert.deepEqual(callersOf('inner'), { outer: [1, 100], program: [2, 200] });
  });

  it('count as nested where the function calls itself before it waits', async () => {
    const { fn, read } = standInsFor({
      async f(depth: number): Promise<unknown> {
        advance(10);
        return depth > 0 ? fn.f(depth - 1) : null;
      },
    });
    await fn.f(3);
    const f = read('f');
    assert.deepEqual([f.calls, f.outermostCalls, f.totalNs, f.selfNs], [4, 1, 40, 40]);
  });

  it('are exact when thousands wait at once, and again when their records are used again', async () => {
    const gate = { current: defer() };
    const { fn, read } = standInsFor({
      async f(fails: boolean) {
        await gate.current.promise;
        if (fails) throw new Error('expected');
      },
    });
    for (let round = 1; round <= 3; round++) {
      const all = Array.from({ length: 3000 }, (_, index) => fn.f(index % 3 === 0));
      assert.equal(read('f').unfinished, 3000);
      advance(50);
      gate.current.resolve();
      const outcomes = await Promise.allSettled(all);
      assert.equal(outcomes.filter(({ status }) => status === 'rejected').length, 1000);
      const f = read('f');
      assert.deepEqual(
        [f.calls, f.errors, f.unfinished, f.totalNs],
        [3000 * round, 1000 * round, 0, 150_000 * round],
      );
      gate.current = defer();
    }
  });

  it('keep the context of AsyncLocalStorage apart', async () => {
    const storage = new AsyncLocalStorage<number>();
    const { fn } = standInsFor({
      async f(turns: number) {
        for (let i = 0; i < turns; i++) await null;
        return storage.getStore();
      },
    });
    const seen = await Promise.all(
      Array.from({ length: 40 }, (_, id) =>
        storage.run(id, async () => {
          const inside = await fn.f(id % 7);
          const after = storage.getStore();
          const chained = await fn.f(0).then(() => storage.getStore());
          return [inside, after, chained];
        }),
      ),
    );
    assert.deepEqual(
      seen,
      seen.map((_, id) => [id, id, id]),
    );
  });

  it('reject as the function does: unhandled where nobody handles it, and once', async () => {
    const { fn, read } = standInsFor({
      async atOnce() {
        throw 'at once';
      },
      async late() {
        await null;
        throw 'late';
      },
    });
    assert.deepEqual(
      await unhandledDuring(() => {
        void fn.atOnce();
        void fn.late();
      }),
      ['at once', 'late'],
    );
    const handled = await unhandledDuring(async () => {
      await assert.rejects(fn.atOnce(), (reason) => reason === 'at once');
      await fn.late().catch((reason) => assert.equal(reason, 'late'));
    });
    assert.deepEqual(handled, []);
    assert.deepEqual([read('atOnce').errors, read('late').errors], [2, 2]);
  });

  it('leave nothing behind where the stack has no room for them', async () => {
    const { fn, read } = standInsFor({
      async f() {
        advance(1);
      },
    });
    let [calls, failures] = [0, 0];
    const dive = (): void => {
      try {
        dive();
      } catch {
        failures++; // on the way up there is a little more room at each level
      }
      if (calls === 100) return;
      void fn.f();
      calls++;
    };
    await unhandledDuring(dive);
    assert.ok(calls === 100 && failures > 1, `${calls} calls, ${failures} failures`);
    noteTurn();
    const before = read('f');
    await fn.f();
    const f = read('f');
    assert.ok(before.calls >= calls, `${before.calls}`);
    // none of those that failed is taken to be running still
    assert.deepEqual([f.outermostCalls, f.unfinished], [before.outermostCalls + 1, before.unfinished]);
  });

  it('do without what a program makes of Promise', async () => {
    const { fn, read } = standInsFor({
      async f(value: unknown) {
        return value;
      },
    });
    const { prototype } = Promise;
    class Other<T> extends Promise<T> {}
    const cases: [object: object, key: PropertyKey, descriptor: PropertyDescriptor][] = [
      [prototype, 'then', { value: () => assert.fail('the program sees that'), writable: true }],
      [prototype, 'constructor', { value: Other, writable: true }],
      [Promise, Symbol.species, { value: Other, writable: true }],
    ];
    for (const [object, key, descriptor] of cases) {
      const original = Object.getOwnPropertyDescriptor(object, key)!;
      Object.defineProperty(object, key, { ...descriptor, configurable: true });
      let promise: Promise<unknown>;
      try {
        promise = fn.f(key);
      } finally {
        Object.defineProperty(object, key, original);
      }
      assert.equal(Object.getPrototypeOf(promise), prototype);
      assert.equal(await promise, key);
    }
    assert.deepEqual([read('f').calls, read('f').unfinished], [3, 0]);
  });
});

describe('a measurement of async functions', () => {
  it('counts calls that run when it ends as unfinished, and the next one does not see them end', async () => {
    const first = defer();
    const second = defer();
    const f = async (promise: Promise<unknown>) => promise;
    const early = tprof({ f }, quiet);
    const running = early.fn.f(first.promise);
    await early.fn.f(Promise.resolve());
    assert.deepEqual([early.end()[0]!.calls, early.results[0]!.unfinished], [1, 1]);

    const late = tprof({ f }, quiet);
    const other = late.fn.f(second.promise);
    first.resolve('first');
    assert.equal(await running, 'first');
    // unmeasured by now
    const plain = early.fn.f(second.promise);
    second.reject(new Error('second'));
    await assert.rejects(plain, /second/);
    await assert.rejects(other, /second/);
    await turn();
    const [stats] = late.end();
    assert.deepEqual([stats!.calls, stats!.errors, stats!.unfinished], [1, 1, 0]);
    assert.deepEqual([early.results[0]!.calls, early.results[0]!.unfinished], [1, 1]);
  });

  it('may end within a call', async () => {
    const run = tprof(
      {
        async f() {
          const [stats] = run.end();
          return [stats!.calls, stats!.unfinished];
        },
      },
      quiet,
    );
    assert.deepEqual(await run.fn.f(), [0, 1]);
    const next = tprof({ f: async () => 1 }, quiet);
    await next.fn.f();
    assert.equal(next.end()[0]!.calls, 1);
  });

  it('counts every call where it times some', async () => {
    const run = tprof(
      {
        async f(index: number) {
          if (index % 2 === 0) await null;
          if (index % 5 === 0) throw new Error('expected');
        },
        async never() {
          await new Promise(() => {});
        },
      },
      { ...quiet, sample: 8 },
    );
    for (let index = 0; index < 500; index++) await run.fn.f(index).catch(() => {});
    for (let index = 0; index < 20; index++) void run.fn.never();
    const [f, never] = run.end();
    assert.deepEqual([f!.calls, f!.outermostCalls, f!.errors, f!.unfinished], [500, 500, 100, 0]);
    assert.ok(f!.timedCalls > 20 && f!.timedCalls < 200, `${f!.timedCalls}`);
    assert.deepEqual([never!.calls, never!.unfinished], [0, 20]);
  });

  it('has the CPU time of the code before the first await', async () => {
    const run = tprof(
      {
        // of all threads: that of this one is most of it
        async busy() {
          for (const end = process.cpuUsage().user + 30_000; process.cpuUsage().user < end; );
        },
      },
      { ...quiet, cpu: true },
    );
    await run.fn.busy();
    const [busy] = run.end();
    assert.ok(busy!.cpuNs! > 1e6, `${busy!.cpuNs}`);
  });
});
