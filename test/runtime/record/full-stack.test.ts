import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SiteIndex } from '../../../dist/runtime/contract.js';
import type { Runtime } from '../../../dist/runtime/runtime.js';
import { load, start } from '../harness.js';

/*
 * Where V8's stack is full each of our own functions may fail as it is called. A call may be lost then, but never may
 * later calls be taken for nested ones.
 */

const LATER_CALLS = 5;

/** Runs something at every depth near the end of the stack, with a little more room each time. */
function runWhereStackIsFull(body: () => void): void {
  let tries = 0;
  const descend = (): void => {
    try {
      descend();
    } catch {
      if (++tries > 1000) return;
      try {
        body();
      } catch {
        // there was no room
      }
      throw new Error('up');
    }
  };
  descend();
}

function countLater(runtime: Runtime, kind: 'sync' | 'async' | 'generator') {
  const { call, start, probe, read } = load(runtime, { main: 'sync', f: kind });
  const run = (): void => {
    if (kind === 'sync') {
      const token = probe.enter(1 as SiteIndex);
      probe.exit(1 as SiteIndex, token, undefined);
    } else start('f').end(undefined);
  };
  call('main', () => runWhereStackIsFull(run));
  const before = read('f').outermostCalls;
  for (let calls = 0; calls < LATER_CALLS; calls++) run();
  return read('f').outermostCalls - before;
}

for (const kind of ['sync', 'async', 'generator'] as const)
  for (const sample of [1, 2])
    test(`${kind} calls after a full stack are outermost ones (one in ${sample} timed)`, () => {
      assert.equal(countLater(start({ sample }), kind), LATER_CALLS);
    });
