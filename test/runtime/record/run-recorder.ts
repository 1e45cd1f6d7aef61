import assert from 'node:assert/strict';
import { runToEnd } from '../../run-to-end.js';

const RUNTIME = new URL('../../../dist/runtime/runtime.js', import.meta.url).href;

/**
 * Runs a program in a process of its own, with `runtime`, and `load(count)`, which gives the probe of a module with that
 * many sync functions.
 * @param flags of Node
 * @returns what it printed
 */
export function runRecorder(body: string, flags: readonly string[]): string {
  const program = `
    const { startRuntime } = await import(${JSON.stringify(RUNTIME)});
    const runtime = startRuntime({ raw: false, sample: 1, cpu: false, settle: false, warmup: 0 });
    const load = (count) => runtime.handle.load(JSON.stringify({ file: '/f.js', sites: Array.from(
      { length: count }, (_, i) => ({ name: 'f' + i, line: 1, column: 1, kind: 'sync', targets: [] })) }));
    ${body}`;
  const { stdout, stderr } = runToEnd(process.execPath, [...flags, '--input-type=module', '-e', program]);
  assert.equal(stderr, '');
  return stdout;
}
