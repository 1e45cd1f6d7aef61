import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runRecorder } from './run-recorder.js';

/** Runs `body` with `call`, which runs something as a measured call. */
function run(body: string): { gcNs: number | null; collections: number | null } {
  const output = runRecorder(
    `const probe = load(1);
    const call = (work) => { const token = probe.enter(0); try { work() } finally { probe.exit(0, token, 1) } };
    const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const collect = () => { for (let i = 0; i < 5; i++) gc() };
    ${body}
    const { functions: [f], collections } = runtime.collect().threads[0];
    console.log(JSON.stringify({ gcNs: f.gcNs, collections: collections?.startNs.length ?? null }));`,
    ['--expose-gc'],
  );
  return JSON.parse(output);
}

test('collections in a call count, those between calls do not', () => {
  const inside = run('await wait(20); call(collect); await wait(50);');
  assert.ok(inside.gcNs! > 0 && inside.collections! >= 5, JSON.stringify(inside));
  const outside = run('await wait(20); collect(); await wait(50); call(() => {}); await wait(600);');
  assert.equal(outside.gcNs, 0);
  assert.ok(outside.collections! >= 5, JSON.stringify(outside));
});

test('nothing is claimed of a program that never yields', () => {
  assert.deepEqual(run('call(collect);'), { gcNs: null, collections: null });
});
