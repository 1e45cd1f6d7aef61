import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { advance, load, setReadingNs, start } from '../harness.js';

// after the harness, which puts its clock in place before anything loads the runtime
const { flushRegularly } = await import('../../../dist/runtime/process/due-work.js');

describe('--sample', () => {
  const runtime = start({ sample: 8 });

  test('counts every call and times one in so many, whatever the period of the calls', () => {
    const { call, read, callersOf } = load(runtime, { f: 'sync', g: 'sync' });
    const calls = 40_000;
    let total = 0;
    for (let i = 0; i < calls; i++) {
      const ns = i % 8 === 0 ? 900 : 100; // one period of the sampling
      total += ns;
      if (i % 10 === 0) call('g', () => call('f', () => advance(ns)));
      else call('f', () => advance(ns));
    }
    const f = read('f');
    assert.deepEqual([f.calls, f.outermostCalls, f.errors, f.unfinished], [calls, calls, 0, 0]);
    assert.deepEqual(
      { f: callersOf('f').program![0], g: callersOf('f').g![0] },
      { f: calls * 0.9, g: calls / 10 },
    );
    // Gaps are uniform: the number of timed calls varies by σ = sqrt(calls / 8 * 7 / 24), 38 here.
    assert.ok(Math.abs(f.timedCalls - calls / 8) < 250, `${f.timedCalls}`);
    assert.ok(Math.abs(f.totalNs / total - 1) < 0.1, `${f.totalNs / total}`);
    assert.equal(read('g').calls, calls / 10);
  });

  test('leaves what callees took out of own times', () => {
    const { call, read } = load(runtime, { parent: 'sync', child: 'sync' });
    for (let i = 0; i < 40_000; i++) {
      call('parent', () => {
        advance(50);
        call('child', () => advance(100));
        call('child', () => advance(100));
      });
    }
    const [parent, child] = [read('parent'), read('child')];
    assert.ok(Math.abs(parent.totalNs / 10e6 - 1) < 0.1, `${parent.totalNs}`);
    assert.ok(Math.abs(child.totalNs / 8e6 - 1) < 0.1, `${child.totalNs}`);
    assert.ok(Math.abs(parent.selfNs / 2e6 - 1) < 0.4, `${parent.selfNs}`);
  });

  test('counts errors, recursion and calls that can pause', () => {
    const { call, start: begin, read } = load(runtime, { f: 'sync', a: 'async' });
    const f = (depth: number): void =>
      call('f', () => {
        if (depth === 0) throw new Error('expected');
        f(depth - 1);
      });
    for (let i = 0; i < 100; i++) {
      assert.throws(() => f(2), /expected/);
      const a = begin('a');
      a.pause(0);
      a.resume();
      a.end(i % 2 === 0 ? a : undefined);
    }
    begin('a').pause(0);
    assert.deepEqual([read('f').calls, read('f').outermostCalls, read('f').errors], [300, 100, 300]);
    assert.deepEqual([read('a').calls, read('a').errors, read('a').unfinished], [100, 50, 1]);
  });
});

describe('--warmup', () => {
  const runtime = start({ warmup: 10 });

  test('leaves the first calls out of the statistics, not out of the counts', () => {
    const { call, read } = load(runtime, { f: 'sync' });
    for (let i = 0; i < 9; i++) call('f', () => advance(1000));
    assert.deepEqual([read('f').calls, read('f').timedCalls, read('f').maxNs], [9, 0, 0]);
    assert.equal(read('f').series.durationNs.length, 0);
    call('f', () => advance(1000));
    assert.deepEqual([read('f').calls, read('f').timedCalls, read('f').minNs], [10, 0, 0]);
    for (let i = 1; i <= 5; i++) call('f', () => advance(i));
    const f = read('f');
    assert.deepEqual([f.calls, f.timedCalls, f.minNs, f.maxNs, f.totalNs], [15, 5, 1, 5, 10_015]);
    assert.deepEqual(Array.from(f.series.durationNs), [1, 2, 3, 4, 5]);
    assert.equal(f.shiftNs + f.shiftedSumNs / 5, 3);
  });
});

describe('--sample and few outermost calls', () => {
  const runtime = start({ sample: 64 });

  test('a recursion with a single outermost call has its total', () => {
    const { call, read } = load(runtime, { fib: 'sync' });
    let calls = 0;
    const fib = (n: number): void =>
      call('fib', () => {
        calls++;
        advance(10);
        if (n < 2) return;
        fib(n - 1);
        fib(n - 2);
      });
    fib(22);
    const { outermostCalls, totalNs } = read('fib');
    assert.equal(outermostCalls, 1);
    assert.equal(totalNs, 10 * calls);
  });

  test('a function that is called too seldom for any draw has an estimate, not nothing', () => {
    const { call, read, callersOf } = load(runtime, { few: 'sync', parent: 'sync' });
    const few = () => call('few', () => advance(1000));
    few();
    call('parent', () => {
      few();
      few();
    });
    assert.equal(read('few').totalNs, 3000);
    assert.deepEqual(callersOf('few'), { program: [1, 1000], parent: [2, 2000] });
  });

  test('the first call, which is slower than others, is in no statistics of a function that does not call itself', () => {
    const { call, read } = load(runtime, { f: 'sync' });
    for (let i = 0; i < 20_000; i++) call('f', () => advance(i === 0 ? 1e6 : 100));
    const { maxNs, totalNs } = read('f');
    assert.equal(maxNs, 100);
    assert.ok(Math.abs(totalNs - 20_000 * 100) < 1, `${totalNs}`);
  });
});

describe('--sample and calls that can pause', () => {
  const runtime = start({ sample: 64 });
  const { start: begin, read } = load(runtime, { recursive: 'async', few: 'async', steps: 'generator' });

  test('a recursion with a single outermost call has its total, and the time in which its code ran', () => {
    const recurse = (depth: number): void => {
      const call = begin('recursive');
      advance(10);
      if (depth > 0) for (let i = 0; i < 10; i++) recurse(depth - 1);
      call.pause(0);
      advance(5);
      call.resume();
      call.end(undefined);
    };
    recurse(3);
    const { calls, outermostCalls, totalNs, activeNs } = read('recursive');
    assert.deepEqual([calls, outermostCalls], [1111, 1]);
    assert.equal(totalNs, 15 * calls);
    assert.equal(activeNs, 15 * calls - 5, 'it ran while those within it waited');
  });

  test('a function that is called too seldom for any draw has an estimate, not nothing', () => {
    for (let i = 0; i < 3; i++) {
      for (const name of ['few', 'steps']) {
        const call = begin(name);
        advance(100);
        call.pause(0);
        advance(1000);
        call.resume();
        call.end(undefined);
      }
    }
    assert.deepEqual([read('few').totalNs, read('few').activeNs, read('few').timedCalls], [3300, 300, 0]);
    assert.equal(read('steps').totalNs, 300, "a generator's total is the time in its body");
  });
});

describe('--sample and --warmup', () => {
  const runtime = start({ sample: 4, warmup: 5 });

  test('leave the first calls out of the statistics, not out of totals', () => {
    const { call, start: begin, read } = load(runtime, { recursive: 'sync', few: 'sync', waits: 'async' });
    const recurse = (depth: number): void =>
      call('recursive', () => {
        advance(10);
        if (depth > 0) recurse(depth - 1);
      });
    recurse(200);
    assert.equal(read('recursive').totalNs, 10 * 201);
    assert.ok(read('recursive').maxNs < 10 * 197, `${read('recursive').maxNs}`);
    for (let i = 0; i < 5; i++) {
      call('few', () => advance(1000));
      const waits = begin('waits');
      advance(1000);
      waits.end(undefined);
    }
    for (const name of ['few', 'waits'])
      assert.deepEqual([read(name).totalNs, read(name).timedCalls], [5000, 0], name);
    for (let i = 0; i < 1000; i++) call('few', () => advance(1));
    assert.equal(read('few').maxNs, 1);
  });
});

describe('--cpu', () => {
  const runtime = start({ cpu: true });

  test('tells CPU time beside wall time, without that of waiting', async () => {
    const { call, start: begin, read } = load(runtime, { busy: 'sync', idle: 'async' });
    const idle = begin('idle');
    await idle.pause(sleep(50));
    idle.resume();
    idle.end(undefined);
    call('busy', () => {
      const end = process.cpuUsage().user + 20_000;
      while (process.cpuUsage().user < end);
    });
    const { cpuStepNs, cpuScope } = runtime.collect();
    assert.equal(cpuScope, 'threadCpuUsage' in process ? 'thread' : 'process');
    assert.ok(cpuStepNs! >= 1000 && cpuStepNs! <= 1e8, `${cpuStepNs}`);
    assert.ok(read('busy').cpuNs! > 5e6, `${read('busy').cpuNs}`);
    assert.ok(read('idle').cpuNs! < read('busy').cpuNs!, `${read('idle').cpuNs}`);
  });

  test('is read of each long call, and of so many short ones that it takes a tenth of their time', () => {
    const { call, read } = load(runtime, { short: 'sync', long: 'sync', recursive: 'sync' });
    setReadingNs(500); // so that two readings take 2 µs and more
    const recurse = (depth: number): void =>
      call('recursive', () => (depth === 0 ? advance(10) : recurse(depth - 1)));
    for (let i = 0; i < 20_000; i++) call('short', () => advance(1000));
    for (let i = 0; i < 500; i++) call('long', () => advance(1e6));
    recurse(200);
    setReadingNs(0);
    const { cpuCalls } = read('short');
    assert.ok(cpuCalls! > 100 && cpuCalls! < 2500, `${cpuCalls}`);
    assert.equal(read('long').cpuCalls, undefined);
    assert.equal(read('recursive').cpuCalls, undefined, 'one outermost call');
  });

  test('is not less where due work waits for the processor meanwhile', () => {
    const { call, read } = load(runtime, { outer: 'sync', inner: 'sync' });
    let flushes = 0;
    // on the wall writing takes ten seconds, because others have the processor; hardly any of it is work
    flushRegularly(() => {
      flushes++;
      advance(10e9);
    });
    advance(2e9);
    let usedUs = 0;
    call('outer', () => {
      call('inner', () => advance(100));
      const before = process.cpuUsage().user;
      while ((usedUs = process.cpuUsage().user - before) < 60_000);
    });
    assert.equal(flushes, 1);
    const { cpuNs, totalNs } = read('outer');
    assert.ok(cpuNs! > 0.5 * usedUs * 1e3, `${cpuNs} of ${usedUs * 1e3}`);
    assert.ok(totalNs < 10e9, 'nor is what it took on the wall in the total');
  });
});

describe('--settle', () => {
  const runtime = start({ settle: true });

  test('times a sync function until the promise that it returned settles', async () => {
    const { call, read, callersOf } = load(runtime, { f: 'sync', parent: 'sync' });
    let settle = (_value: unknown): void => {};
    let promise: unknown;
    call('parent', () => {
      promise = call('f', () => {
        advance(5);
        return new Promise((resolve) => {
          settle = resolve;
        });
      });
    });
    assert.deepEqual([read('f').calls, read('f').unfinished, read('parent').calls], [0, 1, 1]);
    advance(100);
    settle(1);
    await promise;
    const f = read('f');
    assert.deepEqual([f.calls, f.totalNs, f.activeNs, f.selfNs, f.unfinished], [1, 105, 5, 5, 0]);
    assert.deepEqual([read('parent').totalNs, read('parent').selfNs], [5, 0]);
    assert.deepEqual(callersOf('f'), { parent: [1, 105] });
  });

  test('ends at the return where the promise had settled already, and counts rejections', async () => {
    const { call, read } = load(runtime, { f: 'sync' });
    const settled = Promise.resolve('<pending>');
    call('f', () => settled);
    assert.deepEqual([read('f').calls, read('f').errors], [1, 0]);
    const failing = call('f', () => sleep(1).then(() => Promise.reject(new Error('expected'))));
    await assert.rejects(failing, /expected/);
    assert.deepEqual([read('f').calls, read('f').errors, read('f').unfinished], [2, 1, 0]);
    call('f', () => 7);
    assert.throws(() => call('f', () => assert.fail('expected')), /expected/);
    assert.deepEqual([read('f').calls, read('f').errors], [4, 2]);
  });

  test('times each of several calls that return one promise', async () => {
    const { call, read } = load(runtime, { f: 'sync' });
    const promise = sleep(1);
    call('f', () => promise);
    advance(10);
    call('f', () => promise);
    advance(10);
    await promise;
    assert.deepEqual([read('f').calls, read('f').totalNs], [2, 30]);
  });
});
