import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { advance, load, start } from '../harness.js';

const runtime = start();

describe('a call of an async function', () => {
  test('lasts until it ends, and is on the stack only while its code runs', () => {
    const { call, start, read, callersOf } = load(runtime, { f: 'async', g: 'async', helper: 'sync' });
    const help = (): void => call('helper', () => advance(1));
    const f = start('f');
    advance(10);
    assert.equal(f.pause('awaited'), 'awaited');
    advance(100); // waiting
    const g = start('g');
    help();
    g.pause(0);
    assert.equal(f.resume('result'), 'result');
    help();
    g.resume(); // out of order: f has not paused
    advance(2);
    g.pause(0);
    f.pause(0);
    help();
    f.resume();
    advance(20);
    f.end(undefined);
    g.end(g);
    assert.deepEqual([read('f').calls, read('f').totalNs], [1, 10 + 100 + 1 + 1 + 2 + 1 + 20]);
    assert.deepEqual([read('f').activeNs, read('f').selfNs], [10 + 1 + 2 + 20, 10 + 20]);
    assert.deepEqual([read('g').calls, read('g').errors], [1, 1]);
    assert.deepEqual([read('g').activeNs, read('g').selfNs], [3, 2]);
    assert.deepEqual(callersOf('helper'), { g: [1, 1], f: [1, 1], program: [1, 1] });
    assert.deepEqual(Object.keys(callersOf('f')), ['program']);
  });

  test('overlaps with others of its function: each counts; inside another one it is not outermost', () => {
    const { start, read } = load(runtime, { f: 'async' });
    const first = start('f');
    first.pause(0);
    const second = start('f');
    advance(5);
    const inner = start('f');
    advance(1);
    inner.end(undefined);
    second.end(undefined);
    first.resume();
    first.end(undefined);
    const { calls, outermostCalls, totalNs, selfNs } = read('f');
    assert.deepEqual([calls, outermostCalls, totalNs, selfNs], [3, 2, 12, 6]);
  });

  test('that returns a promise ends when that settles', async () => {
    const { start, read } = load(runtime, { f: 'async' });
    for (const settle of [Promise.resolve(1), Promise.reject(new Error('expected'))]) {
      settle.catch(() => {});
      const f = start('f');
      assert.equal(f.settle(settle), true);
      assert.equal(read('f').unfinished, 1);
      advance(7);
      await Promise.resolve(f).catch(() => {});
      assert.equal(read('f').unfinished, 0);
    }
    assert.deepEqual([read('f').calls, read('f').errors, read('f').totalNs], [2, 1, 14]);
  });

  test('ends at its return where the promise is not a plain one, which is left alone', () => {
    class Odd extends Promise<number> {
      // biome-ignore lint/suspicious/noThenProperty: it must not be touched
      override then(): never {
        throw new Error('touched');
      }
    }
    const { start, read } = load(runtime, { f: 'async' });
    const withOwn = Object.defineProperty(Promise.resolve(), 'constructor', { get: () => assert.fail() });
    // biome-ignore lint/suspicious/noThenProperty: it must not be touched
    const thenable = { then: () => assert.fail() };
    for (const value of [new Odd(() => {}), withOwn, thenable]) {
      const f = start('f');
      assert.equal(f.settle(value), false);
    }
    assert.equal(read('f').calls, 3);
  });

  test('that never ends is unfinished', () => {
    const { start, read } = load(runtime, { f: 'async' });
    start('f').pause(0);
    assert.deepEqual([read('f').calls, read('f').unfinished, read('f').totalNs], [0, 1, 0]);
  });
});

describe('a call of a generator', () => {
  test('lasts while its body runs', () => {
    const { start, read, call } = load(runtime, { f: 'generator', consumer: 'sync' });
    const f = start('f');
    advance(3);
    f.pause(1);
    call('consumer', () => {
      advance(50);
      f.resume();
      advance(4);
      f.pause(2);
    });
    f.resume();
    f.resume(); // in a catch or finally block it is running already
    f.end(undefined);
    assert.deepEqual([read('f').calls, read('f').totalNs, read('f').selfNs], [1, 7, 7]);
    assert.deepEqual([read('consumer').totalNs, read('consumer').selfNs], [54, 50]);
  });

  test('that was paused when its caller ended goes on under the next', () => {
    const { start, read, call, callersOf } = load(runtime, { f: 'generator', a: 'sync', b: 'sync' });
    const f = call('a', () => {
      const started = start('f');
      advance(1);
      return started; // as if a pause had been missed
    });
    call('b', () => {
      f.pause(0);
      f.resume();
      advance(2);
      f.end(undefined);
    });
    assert.deepEqual([read('f').calls, read('f').totalNs, read('f').unfinished], [1, 2, 0]);
    assert.deepEqual(callersOf('f'), { a: [1, 2] });
    assert.deepEqual([read('b').totalNs, read('b').selfNs], [2, 0]);
  });
});

describe('a call of an async generator', () => {
  test('lasts while its body runs and waits, without the time of its consumer', () => {
    const { start, read } = load(runtime, { f: 'async-generator' });
    const f = start('f');
    advance(3);
    f.pause('awaited');
    advance(100);
    f.resume();
    advance(4);
    assert.equal(f.leave('yielded'), 'yielded');
    advance(1000); // the consumer
    f.resume();
    f.resume();
    advance(5);
    f.pause(0);
    advance(200);
    f.resume();
    f.leave(0);
    advance(1000);
    f.end(undefined); // closed where it yielded
    assert.deepEqual([read('f').calls, read('f').totalNs], [1, 3 + 100 + 4 + 5 + 200]);
    assert.deepEqual([read('f').activeNs, read('f').selfNs], [12, 12]);
  });

  test('that is closed while it waits for nobody cleans up in its own time', () => {
    const { start, read } = load(runtime, { f: 'async-generator' });
    const f = start('f');
    f.leave(0);
    advance(1000);
    f.resume(); // its finally block
    advance(1);
    f.pause(0);
    advance(10);
    f.resume();
    f.end(undefined);
    assert.deepEqual([read('f').totalNs, read('f').activeNs], [11, 1]);
  });
});
