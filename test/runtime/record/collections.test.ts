import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runToEnd } from '../../run-to-end.js';

const dist = new URL('../../../dist/runtime/runtime.js', import.meta.url).href;

/** Runs `body` with `probe` and `runtime` in a process of its own. @returns what it gives to `done` */
function run(body: string): { gcNs: number | null; collections: number | null } {
  const program = `
    const { startRuntime } = await import(${JSON.stringify(dist)});
    const runtime = startRuntime(
      { raw: false, sample: 1, cpu: false, settle: false, warmup: 0 });
    const probe = runtime.handle.load(JSON.stringify(
      { file: '/f.js', sites: [{ name: 'f', line: 1, column: 1, kind: 'sync', targets: [] }] }));
    const call = (work) => { const token = probe.enter(0); try { work() } finally { probe.exit(0, token, 1) } };
    const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const collect = () => { for (let i = 0; i < 5; i++) gc() };
    ${body}
    const { functions: [f], collections } = runtime.collect().threads[0];
    console.log(JSON.stringify({ gcNs: f.gcNs, collections: collections?.startNs.length ?? null }));`;
  const { stdout, stderr } = runToEnd(process.execPath, [
    '--expose-gc',
    '--input-type=module',
    '-e',
    program,
  ]);
  assert.equal(stderr, '');
  return JSON.parse(stdout);
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
