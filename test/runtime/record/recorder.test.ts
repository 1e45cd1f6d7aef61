import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { asOwnWork, bucketIndex, type SiteIndex } from '../../../dist/runtime/contract.js';
import { advance, load, start } from '../harness.js';

// after the harness, which puts its clock in place before anything loads the runtime
const { noteTurn } = await import('../../../dist/runtime/record/gc.js');
const runtime = start();

describe('a sync call', () => {
  test('adds to calls, total and own time of its function and of its callers', () => {
    const { call, read, callersOf } = load(runtime, { parent: 'sync', child: 'sync' });
    call('parent', () => {
      advance(10);
      call('child', () => advance(5));
      advance(1);
      call('child', () => advance(7));
    });
    call('child', () => advance(100));
    const parent = read('parent');
    const child = read('child');
    assert.deepEqual([parent.calls, parent.totalNs, parent.selfNs, parent.activeNs], [1, 23, 11, 23]);
    assert.deepEqual([child.calls, child.totalNs, child.selfNs], [3, 112, 112]);
    assert.deepEqual([child.minNs, child.maxNs, child.timedCalls], [5, 100, 3]);
    assert.deepEqual(callersOf('child'), { parent: [2, 12], program: [1, 100] });
    assert.deepEqual(callersOf('parent'), { program: [1, 23] });
  });

  test('that recurses adds to the total once, and own times sum up to the total', () => {
    const { call, read } = load(runtime, { f: 'sync', g: 'sync' });
    const f = (depth: number): void =>
      call('f', () => {
        advance(3);
        if (depth === 0) return;
        call('g', () => {
          advance(2);
          f(depth - 1);
        });
      });
    f(4);
    f(0);
    const [recordedF, recordedG] = [read('f'), read('g')];
    assert.deepEqual([recordedF.calls, recordedF.outermostCalls, recordedF.totalNs], [6, 2, 26]);
    assert.deepEqual([recordedG.calls, recordedG.outermostCalls, recordedG.totalNs], [4, 1, 20]);
    assert.equal(recordedF.selfNs + recordedG.selfNs, 26);
  });

  test('that throws counts as an error, and as a call', () => {
    const { call, read } = load(runtime, { f: 'sync' });
    for (const fails of [true, false, true]) {
      const run = () =>
        call('f', () => {
          advance(4);
          if (fails) throw new Error('expected');
        });
      if (fails) assert.throws(run, /expected/);
      else run();
    }
    const { calls, errors, totalNs, unfinished } = read('f');
    assert.deepEqual([calls, errors, totalNs, unfinished], [3, 2, 12, 0]);
  });

  test('that is still running counts as unfinished', () => {
    const { probe, call, read } = load(runtime, { f: 'sync', g: 'sync' });
    const token = probe.enter(0 as SiteIndex);
    call('g', () => advance(1));
    assert.deepEqual([read('f').calls, read('f').unfinished, read('g').calls], [0, 1, 1]);
    probe.exit(0 as SiteIndex, token, undefined);
    assert.deepEqual([read('f').calls, read('f').unfinished], [1, 0]);
  });

  test('that returns a native promise is counted as such, thenables are not', () => {
    const { call, read } = load(runtime, { f: 'sync' });
    // biome-ignore lint/suspicious/noThenProperty: it must not be touched
    const thenable = Object.create(null, { then: { get: () => assert.fail('touched') } });
    for (const value of [Promise.resolve(), thenable, null, 'text', Promise.reject(new Error('handled'))]) {
      const result: unknown = call('f', () => value);
      if (result instanceof Promise) result.catch(() => {});
    }
    assert.equal(read('f').promisesReturned, 2);
  });

  test('whose end was not noticed is taken off the stack when what encloses it ends', () => {
    const { probe, call, read } = load(runtime, { outer: 'sync', lost: 'sync' });
    call('outer', () => {
      probe.enter(1 as SiteIndex);
      probe.enter(1 as SiteIndex);
      advance(5);
    });
    assert.deepEqual([read('outer').totalNs, read('outer').calls], [5, 1]);
    assert.deepEqual([read('lost').calls, read('lost').errors, read('lost').unfinished], [2, 2, 0]);
    call('lost', () => advance(3));
    assert.deepEqual([read('lost').outermostCalls, read('lost').totalNs], [2, 3]);
  });

  test('for which the stack has no room is not taken to be running for good', () => {
    const { call, read } = load(runtime, { f: 'sync' });
    let works = 0;
    const dive = (): void => {
      try {
        dive();
      } catch {
        // on the way up there is a little more room at each level
      }
      if (works === 100) return;
      call('f', () => advance(1));
      works++;
    };
    for (let round = 0; round < 4; round++) {
      works = 0;
      dive();
      noteTurn();
      const before = read('f');
      call('f', () => advance(1));
      assert.equal(before.unfinished, 0);
      assert.equal(read('f').outermostCalls, before.outermostCalls + 1);
    }
  });

  test('is counted however deep the recursion is', () => {
    const { probe, read } = load(runtime, { f: 'sync' });
    const tokens = Array.from({ length: 70_000 }, () => probe.enter(0 as SiteIndex));
    advance(9);
    for (const token of tokens.reverse()) probe.exit(0 as SiteIndex, token, undefined);
    assert.deepEqual([read('f').calls, read('f').outermostCalls, read('f').totalNs], [70_000, 1, 9]);
    assert.equal(read('f').unfinished, 0);
  });
});

describe('samples', () => {
  const durations = [0, 1, 2, 254, 255, 256, 257, 511, 512, 513, 1023, 1024, 4095, 65_535, 65_536, 1e9];
  for (let power = 28; power < 50; power++) durations.push(2 ** power - 1, 2 ** power, 2 ** power + 1);

  test('fall into the buckets of the contract, up to months', () => {
    const { call, read } = load(runtime, { f: 'sync' });
    const expected = new Map<number, number>();
    for (const ns of durations) {
      call('f', () => advance(ns));
      expected.set(bucketIndex(ns), (expected.get(bucketIndex(ns)) ?? 0) + 1);
    }
    const { indices, counts } = read('f').histogram;
    assert.deepEqual(new Map(indices.map((index, at) => [index, counts[at]])), expected);
    assert.deepEqual(
      indices,
      [...indices].sort((a, b) => a - b),
    );
  });

  test('are summed up so that mean and variance do not cancel', () => {
    const { call, read } = load(runtime, { f: 'sync' });
    const base = 3_600_000_000_000;
    for (const ns of [base, base + 1, base + 2, base + 3]) call('f', () => advance(ns));
    const { shiftNs, shiftedSumNs, shiftedSquaresNs2, timedCalls } = read('f');
    assert.equal(shiftNs + shiftedSumNs / timedCalls, base + 1.5);
    assert.equal((shiftedSquaresNs2 - shiftedSumNs ** 2 / timedCalls) / (timedCalls - 1), 5 / 3);
  });

  test('are all kept up to 8192, then every second, fourth, … in time order', () => {
    const { call, read } = load(runtime, { f: 'sync' });
    let made = 0;
    const make = (count: number): void => {
      for (; count > 0; count--) call('f', () => advance(made++));
    };
    make(8192);
    assert.equal(read('f').series.stride, 1);
    assert.equal(read('f').series.durationNs.length, 8192);
    for (const [more, stride] of [
      [1, 2],
      [8191, 2],
      [1, 4],
      [30_000, 8],
    ]) {
      make(more!);
      const { series } = read('f');
      assert.equal(series.stride, stride);
      assert.equal(series.durationNs.length, Math.ceil(made / stride!));
      assert.deepEqual(
        Array.from(series.durationNs),
        Array.from(series.durationNs, (_, index) => index * stride!),
      );
      for (let index = 1; index < series.startNs.length; index++)
        assert.ok(series.startNs[index]! >= series.startNs[index - 1]! + series.durationNs[index - 1]!);
    }
  });
});

test('callers that alternate are told apart, however many they are', () => {
  const names = Array.from({ length: 30 }, (_, index) => `caller${index}`);
  const { call, callersOf } = load(
    runtime,
    Object.fromEntries(['callee', ...names].map((name) => [name, 'sync' as const])),
  );
  for (let round = 0; round < 3; round++)
    for (const [index, name] of names.entries()) call(name, () => call('callee', () => advance(index)));
  assert.deepEqual(
    callersOf('callee'),
    Object.fromEntries(names.map((name, index) => [name, [3, 3 * index]])),
  );
});

for (const mode of [{}, { sample: 2 }, { cpu: true }])
  test(`what ttprof itself calls is not recorded: ${JSON.stringify(mode)}`, () => {
    const { call, start: begin, read } = load(start(mode), { f: 'sync', g: 'async' });
    asOwnWork(() => {
      for (let i = 0; i < 3; i++) {
        call('f', () => {});
        begin('g').end(undefined);
      }
    });
    assert.deepEqual([read('f').calls, read('g').calls, read('g').unfinished], [0, 0, 0]);
    call('f', () => asOwnWork(() => call('f', () => {})));
    assert.equal(read('f').calls, 1);
  });

test('a description that cannot be read gives a probe that records nothing and breaks nothing', () => {
  const probe = runtime.handle.load('no JSON');
  probe.exit(0 as SiteIndex, probe.enter(0 as SiteIndex), undefined);
  const call = probe.start(0 as SiteIndex);
  assert.equal(call.resume(call.pause(7)), 7);
  assert.equal(call.settle(8), false);
  call.end(undefined);
});
