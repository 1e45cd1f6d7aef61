import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SampleAttribution } from '../../../dist/commands/run/perf/attribute-samples.js';
import type { PerfFrame, PerfSample } from '../../../dist/commands/run/perf/parse-sample.js';

const js = (name: string, line: number, file = '/app/a.js'): PerfFrame => ({ kind: 'js', name, file, line });
const native = (name: string): PerfFrame => ({ kind: 'native', name, file: '[node]', line: 0 });
const kernel = (name: string): PerfFrame => ({ kind: 'kernel', name, file: '[kernel]', line: 0 });

const sample = (timeNs: number, frames: readonly PerfFrame[], more: Partial<PerfSample> = {}) => ({
  ...{ pid: 1, tid: 1, timeNs, event: 'cycles', period: 1000, frames },
  ...more,
});

function attribute(...samples: PerfSample[]) {
  const attribution = new SampleAttribution(
    [
      {
        pid: 1,
        tid: 1,
        functions: [
          { name: 'work', file: '/app/a.js', line: 1, windows: [100, 200, 300, 400], isRecursive: true },
          { name: 'C.m', file: '/app/a.js', line: 9, windows: [120, 150], isRecursive: false },
        ],
        isComplete: true,
      },
    ],
    'cycles',
    '/ttprof/',
  );
  for (const one of samples) attribution.add(one);
  const functions = attribution.list();
  return (name: string) => functions.find((one) => one.name === name);
}

test('a sample belongs to each function whose call ran then, in its thread', () => {
  const of = attribute(
    ...[99, 100, 130, 200, 250, 300, 401].map((ns) => sample(ns, [js('work', 1)])),
    sample(130, [js('work', 1)], { tid: 2 }),
  );
  assert.equal(of('work')!.samples, 4);
  assert.equal(of('C.m')!.samples, 1);
});

test("what ttprof does meanwhile is nobody's", () => {
  const of = attribute(
    sample(130, [native('memset'), js('calibrate', 5, '/ttprof/lib/preload.cjs'), js('m', 9)]),
    sample(131, [js('measured', 3, ''), js('m', 9)]),
    sample(132, [js('measured2', 3, ''), js('m', 9)]),
  );
  assert.equal(of('C.m')!.samples, 1);
});

test('what the target called is below it, outermost first, without what called the target', () => {
  const stack = [kernel('read'), native('uv_read'), js('helper', 4), js('m', 77), js('main', 20)];
  const { nodes, ...rest } = attribute(sample(130, stack), sample(131, [js('m', 9)]))('C.m')!;
  assert.deepEqual(
    nodes.map(({ name, self, total, children }) => [name, self, total, children]),
    [
      ['C.m', 1, 2, [1]],
      ['helper', 0, 1, [2]],
      ['uv_read', 0, 1, [3]],
      ['read', 1, 1, []],
    ],
  );
  assert.deepEqual([rest.js, rest.native, rest.kernel, rest.counters], [1, 0, 1, { cycles: 2000 }]);
});

test('a stack that ends before the target leaves what ran', () => {
  const { nodes } = attribute(sample(130, [kernel('page_fault'), native('memset')]))('work')!;
  assert.deepEqual(
    nodes.map(({ name, total }) => [name, total]),
    [
      ['work', 1],
      ['[callers unknown]', 1],
      ['page_fault', 1],
    ],
  );
});

test('of other events the numbers are summed up, and they are no samples', () => {
  const of = attribute(
    sample(130, [js('m', 9)]),
    sample(131, [js('m', 9)], { event: 'instructions', period: 5000 }),
    sample(132, [js('m', 9)], { event: 'instructions', period: 2000 }),
  );
  assert.equal(of('C.m')!.samples, 1);
  assert.deepEqual(of('C.m')!.counters, { cycles: 1000, instructions: 7000 });
});

test('one call that V8 shows by two frames is no recursion', () => {
  const namesOf = (one: { readonly nodes: readonly { readonly name: string }[] }) =>
    one.nodes.map(({ name }) => name);
  const twice = [js('helper', 4), js('m', 9), js('m', 9)];
  assert.deepEqual(namesOf(attribute(sample(130, twice))('C.m')!), ['C.m', 'helper']);
  const recursive = [js('helper', 4), js('work', 1), js('work', 1)];
  assert.deepEqual(namesOf(attribute(sample(350, recursive))('work')!), ['work', 'work', 'helper']);
});
