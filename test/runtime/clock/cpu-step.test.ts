import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runToEnd } from '../../run-to-end.js';

/** What is said of a processor's clock that advances by 1 ms at every so many readings. */
function measureStepNs(readingsPerTick: number): string {
  const code = `
    let readings = 0;
    const read = () => ({ user: 1000 * Math.floor(readings++ / ${readingsPerTick}), system: 0 });
    process.threadCpuUsage = process.cpuUsage = read;
    const { measureCpuStepNs } = await import(${JSON.stringify(new URL('../../../dist/runtime/clock/cpu-clock.js', import.meta.url).href)});
    process.stdout.write(String(measureCpuStepNs()));
  `;
  return runToEnd(process.execPath, ['--input-type=module', '-e', code]).stdout;
}

test('a clock that does not tick within the readings has no known step', () => {
  assert.equal(measureStepNs(Number.MAX_SAFE_INTEGER), 'null');
  assert.equal(measureStepNs(100), '1000000');
});
