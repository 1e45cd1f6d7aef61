import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildReport } from '../../dist/report/build-report.js';
import {
  CONFIG,
  OPTIONS,
  recordFunction,
  recordProcess,
  recordRun,
  recordSimpleRun,
  recordThread,
} from './recordings.js';

test('a function that was called: counts, sums, exact quantiles and sample σ', () => {
  const report = buildReport(
    [recordSimpleRun(recordFunction('f', { durationNs: [40, 10, 20, 30] }))],
    OPTIONS,
  );
  const [row] = report.functions;
  assert.equal(row!.name, 'src/lib.js:f');
  assert.equal(row!.file, 'src/lib.js');
  assert.equal(row!.calls, 4);
  assert.equal(row!.totalNs, 100);
  assert.equal(row!.medianNs, 25);
  assert.equal(row!.meanNs, 25);
  assert.equal(row!.minNs, 10);
  assert.equal(row!.maxNs, 40);
  assert.ok(Math.abs(row!.stdevNs! - Math.sqrt(500 / 3)) < 1e-9);
  assert.equal(row!.p75Ns, 32.5);
  assert.deepEqual(row!.runs, [
    { calls: 4, totalNs: 100, medianNs: 25, minNs: 10, maxNs: 40, stdevNs: row!.stdevNs },
  ]);
});

test('a file is one, however its path is spelt where the file system does not care', () => {
  const rowsOf = (...files: string[]) => {
    const processes = files.map((file) =>
      recordProcess([recordThread([recordFunction('f', { durationNs: [10] }, { file })])]),
    );
    return buildReport([recordRun([processes[0]!, ...processes.slice(1)])], OPTIONS).functions.map(
      ({ calls }) => calls,
    );
  };
  assert.deepEqual(rowsOf('c:\\app\\lib.js', 'C:\\app\\lib.js', 'C:/App/lib.js'), [3]);
  assert.deepEqual(rowsOf('/app/lib.js', '/App/lib.js'), [1, 1]);
});

test('threads, processes and runs are one row, and each run has its own statistics', () => {
  const of = (...durationNs: number[]) => recordThread([recordFunction('f', { durationNs })]);
  const runs = [
    recordRun([recordProcess([of(10, 20), of(1000)]), recordProcess([of(30)], { pid: 101, parentPid: 100 })]),
    recordRun([recordProcess([of(50, 60)])]),
  ];
  const report = buildReport(runs, OPTIONS);
  const [row] = report.functions;
  assert.equal(report.functions.length, 1);
  assert.equal(row!.calls, 6);
  assert.equal(row!.medianNs, 40);
  assert.deepEqual(
    row!.runs.map((run) => [run.calls, run.medianNs]),
    [
      [4, 25],
      [2, 55],
    ],
  );
  assert.deepEqual(
    row!.series.map((series) => [series.run, series.thread, series.durationNs.length]),
    [
      [0, 0, 2],
      [0, 1, 1],
      [0, 2, 1],
      [1, 0, 2],
    ],
  );
  assert.equal(report.run.processes, 3);
  assert.equal(report.run.threads, 4);
  assert.equal(report.run.runs, 2);
});

test('beyond what the series keeps, quantiles come from the histogram within 0.2 %', () => {
  const durationNs = Array.from({ length: 20_000 }, (_, i) => 1000 + ((i * 7919) % 20_000) * 13);
  const run = recordSimpleRun(recordFunction('f', { durationNs, stride: 4 }));
  const [row] = buildReport([run], OPTIONS).functions;
  const sorted = [...durationNs].sort((a, b) => a - b);
  for (const [p, value] of [
    [0.5, row!.medianNs],
    [0.75, row!.p75Ns],
    [0.9, row!.p90Ns],
    [0.99, row!.p99Ns],
    [0.999, row!.p999Ns],
  ] as const) {
    const exact = sorted[Math.round((sorted.length - 1) * p)]!;
    assert.ok(Math.abs(value! / exact - 1) < 0.0021, `p${p}: ${value} against ${exact}`);
  }
});

test('σ of values far from 0 does not cancel, across threads with different shifts', () => {
  const far = 1e12;
  const threads = [
    recordThread([recordFunction('f', { durationNs: [far + 1, far + 2] })]),
    recordThread([recordFunction('f', { durationNs: [far + 3, far + 4] })]),
  ];
  const [row] = buildReport([recordRun([recordProcess(threads)])], OPTIONS).functions;
  assert.ok(Math.abs(row!.stdevNs! - Math.sqrt(5 / 3)) < 1e-6);
});

test('functions stand in the order of the targets, then of the sources', () => {
  const at = (name: string, file: string, line: number, target: string) =>
    recordFunction(name, { durationNs: [1] }, { file, line, targets: [target] });
  const run = recordSimpleRun(
    at('z', '/code/b.js', 9, 'b.js:*'),
    at('y', '/code/a.js', 20, 'a.js:*'),
    at('x', '/code/a.js', 3, 'a.js:*'),
    at('w', '/code/b.js', 1, 'b.js:*'),
  );
  const config = { ...CONFIG, targets: ['b.js:*', 'a.js:*'] };
  const report = buildReport([run], { ...OPTIONS, config });
  assert.deepEqual(
    report.functions.map((row) => row.name),
    ['b.js:w', 'b.js:z', 'a.js:x', 'a.js:y'],
  );
});

test('a function that matched and was never called is a row with 0 calls and nothing else', () => {
  const site = { name: 'idle', line: 7, column: 1, kind: 'sync' as const, targets: ['src/lib.js:*'] };
  const process = recordProcess([recordThread([recordFunction('f', { durationNs: [5] }, { line: 9 })])], {
    targets: [
      {
        target: 'src/lib.js:*',
        matched: 2,
        searched: [],
        resembling: [],
        functions: [
          { ...site, file: '/code/src/lib.js' },
          { ...site, name: 'f', line: 9, file: '/code/src/lib.js' },
        ],
      },
    ],
  });
  const report = buildReport([recordRun([process])], OPTIONS);
  assert.deepEqual(
    report.functions.map((row) => [row.name, row.calls, row.totalNs, row.medianNs, row.minNs, row.selfNs]),
    [
      ['src/lib.js:idle', 0, 0, null, null, null],
      ['src/lib.js:f', 1, 5, 5, 5, 5],
    ],
  );
  assert.equal(report.functions[1]!.stdevNs, null);
});

test('calls that only began count as unfinished', () => {
  const run = recordSimpleRun(recordFunction('f', { durationNs: [] }, { unfinished: 2 }));
  const [row] = buildReport([run], OPTIONS).functions;
  assert.equal(row!.unfinished, 2);
  assert.equal(row!.calls, 0);
  assert.equal(row!.medianNs, null);
});

test('callers go by canonical name over threads', () => {
  const inner = (calls: number) =>
    recordFunction(
      'inner',
      { durationNs: [10] },
      {
        callers: [
          { caller: 0, calls, totalNs: calls * 10 },
          { caller: null, calls: 1, totalNs: 5 },
        ],
      },
    );
  const outer = recordFunction('outer', { durationNs: [100] }, { line: 2 });
  const threads = [recordThread([outer, inner(2)]), recordThread([outer, inner(3)])];
  const report = buildReport([recordRun([recordProcess(threads)])], OPTIONS);
  assert.deepEqual(report.functions.find((row) => row.name.endsWith(':inner'))!.callers, [
    { name: 'src/lib.js:outer', calls: 5, totalNs: 50 },
    { name: null, calls: 2, totalNs: 10 },
  ]);
});

test("series of several threads share one zero: the run's first sample", () => {
  const threads = [
    recordThread([recordFunction('f', { durationNs: [1, 1], startNs: [1000, 2000] })]),
    recordThread([recordFunction('f', { durationNs: [1], startNs: [100] })], { originNs: 1.8e18 + 4096 }),
  ];
  const [row] = buildReport([recordRun([recordProcess(threads)])], OPTIONS).functions;
  assert.deepEqual(
    row!.series.map((series) => [...series.startNs]),
    [[0, 1000], [3196]],
  );
});

test('cpu and gc time are known only where every thread that called knows them', () => {
  const known = recordFunction('f', { durationNs: [1] }, { cpuNs: 3, gcNs: 2 });
  const unknown = recordFunction('f', { durationNs: [1] }, { cpuNs: 4, gcNs: null });
  const idle = recordFunction('f', { durationNs: [] }, { cpuNs: null, gcNs: null });
  const threads = [known, unknown, idle].map((recording) => recordThread([recording]));
  const [row] = buildReport([recordRun([recordProcess(threads)])], OPTIONS).functions;
  assert.equal(row!.cpuNs, 7);
  assert.equal(row!.gcNs, null);
});

test('bytes of all threads that read them are one mean, one median and one total', () => {
  const read = (sizes: readonly number[], totalBytes: number) => {
    const { histogram } = recordFunction('f', { durationNs: sizes });
    const sumBytes = sizes.reduce((a, b) => a + b);
    return {
      ...{ calls: sizes.length, outermostCalls: sizes.length, totalBytes, sumBytes, histogram },
      ...{ minBytes: Math.min(...sizes), maxBytes: Math.max(...sizes) },
    };
  };
  const threads = [
    recordFunction('f', { durationNs: [1, 1, 1] }, { allocation: read([100, 100, 400], 600) }),
    recordFunction('f', { durationNs: [1, 1] }, { allocation: read([200, 1200], 1400) }),
    recordFunction('f', { durationNs: [1] }),
  ].map((recording) => recordThread([recording]));
  const [row] = buildReport([recordRun([recordProcess(threads)])], OPTIONS).functions;
  assert.equal(row!.allocBytes, 400);
  assert.ok(Math.abs(row!.allocMedianBytes! - 200) <= 1, `${row!.allocMedianBytes}`);
  assert.equal(row!.allocTotalBytes, 2000);
  const [without] = buildReport([recordRun([recordProcess(threads.slice(2))])], OPTIONS).functions;
  assert.deepEqual(
    [without!.allocBytes, without!.allocMedianBytes, without!.allocTotalBytes],
    [null, null, null],
  );
});

test('what perf saw of a function in several runs is one tree', () => {
  const seen = (samples: number) => ({
    ...{ event: 'cycles', intervalUs: 1000, notes: ['--perf: a note'] },
    functions: [
      {
        ...{ name: 'f', file: '/code/src/lib.js', line: 1, samples, js: samples - 1, native: 0, kernel: 1 },
        counters: { cycles: 10 * samples },
        nodes: [
          { name: 'f', file: '/code/src/lib.js', line: 1, self: samples - 1, total: samples, children: [1] },
          { name: 'read', file: '[kernel]', line: 0, self: 1, total: 1, children: [] },
        ],
      },
    ],
  });
  const process = () => recordProcess([recordThread([recordFunction('f', { durationNs: [1] })])]);
  const report = buildReport(
    [recordRun([process()], { perf: seen(3) }), recordRun([process()], { perf: seen(5) })],
    OPTIONS,
  );
  const { js, kernel, counters, tree } = report.functions[0]!.perf!;
  assert.deepEqual([js, kernel, counters], [6, 2, { cycles: 80 }]);
  assert.deepEqual(
    tree.nodes.map(({ name, total }) => [name, total]),
    [
      ['f', 8],
      ['read', 2],
    ],
  );
  assert.equal(report.notes.filter((note) => note === '--perf: a note').length, 1);
});

test('notes of all processes appear once each, and the root process describes the run', () => {
  const runs = [
    recordRun(
      [
        recordProcess([], { pid: 7, parentPid: 5, startedAtMs: 1, notes: ['one', 'two'] }),
        recordProcess([], { pid: 5, parentPid: 2, startedAtMs: 2, notes: ['two'], complete: false }),
      ],
      { exitCode: 3 },
    ),
  ];
  const report = buildReport(runs, { ...OPTIONS, lostProcesses: 1, notes: ['three'] });
  assert.deepEqual(report.notes, ['one', 'two', 'three']);
  assert.equal(report.run.pid, 5);
  assert.equal(report.run.exitCode, 3);
  assert.equal(report.run.incompleteProcesses, 1);
  assert.equal(report.run.lostProcesses, 1);
  assert.deepEqual([report.run.callInnerNs, report.run.callOuterNs, report.run.callOverheadNs], [20, 80, 80]);
});

test('no recording at all is still a report', () => {
  const report = buildReport([recordRun([])], OPTIONS);
  assert.deepEqual(report.functions, []);
  assert.equal(report.run.processes, 0);
});

test('the tree of a function in which no sample was taken is the function itself', () => {
  const none = { intervalUs: 500, samples: 0, nodes: [] };
  const [row] = buildReport(
    [recordSimpleRun(recordFunction('f', { durationNs: [5] }, { drill: none }))],
    OPTIONS,
  ).functions;
  const root = { name: 'f', file: 'src/lib.js', line: 1, self: 0, total: 0, children: [] };
  assert.deepEqual(row!.drill, { intervalUs: 500, samples: 0, nodes: [root] });
});
