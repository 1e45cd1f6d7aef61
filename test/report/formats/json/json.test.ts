import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { buildReport } from '../../../../dist/report/build-report.js';
import { compareReport } from '../../../../dist/report/compare/compare.js';
import { renderHtml } from '../../../../dist/report/formats/html/render-html.js';
import { toJson } from '../../../../dist/report/formats/json/json.js';
import { fromJson } from '../../../../dist/report/formats/json/read-json.js';
import { toMarkdown } from '../../../../dist/report/formats/markdown/markdown.js';
import { renderTable } from '../../../../dist/report/formats/table/table.js';
import { mergeRuns } from '../../../../dist/report/merge/merge-reports.js';
import type { Report } from '../../../../dist/report/model.js';
import { bucketIndex, bucketLowerNs } from '../../../../dist/runtime/contract.js';
import { makeComparison, makeFunction, makeHistogram, makeReport, makeRun } from '../../make-report.js';
import { OPTIONS, recordFunction, recordSimpleRun } from '../../recordings.js';

// as a user's program finds it
const schema = createRequire(import.meta.url)('ttprof/schema.json');
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);

const NEVER = { calls: 0, totalNs: 0, minNs: null, maxNs: null, medianNs: null, stdevNs: null };

/** A report in which every field that there is has a value of its own. */
function makeFullReport(): Report {
  const [before, after] = makeComparison().functions;
  const run = { calls: 50, totalNs: 1e6, minNs: 1.5, maxNs: 2.25, medianNs: 2, stdevNs: 0.125 };
  return makeReport(
    [
      {
        ...before!,
        kind: 'async',
        targets: ['before', '*'],
        activeNs: 5e6,
        selfNs: 4e6,
        cpuNs: 3e6,
        gcNs: 2e6,
        allocBytes: 1030.5,
        allocMedianBytes: 1008,
        allocTotalBytes: 51_525,
        perf: {
          event: 'cycles',
          js: 2,
          native: 1,
          kernel: 1,
          counters: { cycles: 4e6, 'page-faults': 3 },
          tree: {
            intervalUs: 1000,
            samples: 4,
            nodes: [
              { name: 'before', file: 'example.js', line: 1, self: 2, total: 4, children: [1] },
              { name: 'read', file: '[kernel]', line: 0, self: 2, total: 2, children: [] },
            ],
          },
        },
        errors: 2,
        unfinished: 1,
        outliers: 3,
        warmupSamples: 7,
        promisesReturned: 4,
        runs: [run, { ...run, calls: 51 }],
        callers: [
          { name: 'example.js:main', calls: 60, totalNs: 1e8 },
          { name: null, calls: 40, totalNs: 2e8 },
        ],
        series: [
          { stride: 2, startNs: [0, 1.125, 2000], durationNs: [2e6, 2.1e6, 2.2e6], run: 1, thread: 2 },
          { stride: 1, startNs: [], durationNs: [] },
        ],
      },
      {
        ...after!,
        delta: {
          against: before!.name,
          percent: -62.3,
          low: null,
          high: null,
          verdict: 'unsure',
          reason: 'unsure; about 3 more runs would decide: --runs 7',
          method: 'pairs',
          probabilityFaster: 0.75,
          furtherRuns: 3,
        },
        baseline: makeFunction({ name: 'old.js:after' }),
      },
      makeFunction({
        name: 'example.js:never',
        ...NEVER,
        histogram: makeHistogram([]),
        selfNs: null,
        activeNs: null,
        meanNs: null,
        p75Ns: null,
        p90Ns: null,
        p99Ns: null,
        p999Ns: null,
        runs: [NEVER],
      }),
    ],
    {
      label: 'after the change',
      targets: [
        { target: 'before', matched: 1, reason: null, suggestions: [] },
        { target: 'lib.js:nope', matched: 0, reason: 'no such function', suggestions: ['lib.js:note'] },
      ],
      notes: ['a note of the loader'],
      marginPercent: 2,
      collections: [{ run: 0, thread: 1, startNs: [5], durationNs: [1e6] }],
      run: makeRun({
        runs: 2,
        exitCode: null,
        signal: 'SIGTERM',
        lostProcesses: 1,
        incompleteProcesses: 2,
        clockStepNs: 41.667,
        cpuStepNs: 1000,
        cpuScope: 'thread',
        pid: 10,
        parentPid: 9,
        flags: ['--cpu', '--sample 4'],
      }),
      comparison: {
        kind: 'baseline',
        source: 'before.json',
        run: makeRun({ node: 'v22.0.0' }),
        onlyThere: ['example.js:gone'],
        onlyHere: ['example.js:never'],
      },
    },
  );
}

test('what is written fits the schema that is shipped', () => {
  for (const report of [makeFullReport(), makeComparison(), makeReport([])]) {
    assert.ok(validate(JSON.parse(toJson(report))), JSON.stringify(validate.errors, null, 2));
  }
});

test('the schema refuses what does not fit it', () => {
  const json = () => JSON.parse(toJson(makeFullReport()));
  const breaks: ((value: ReturnType<typeof json>) => void)[] = [
    (value) => (value.version = 2),
    (value) => delete value.functions[0].median_ns,
    (value) => (value.functions[0].kind = 'thread'),
    (value) => (value.functions[1].delta.verdict = 'better'),
    (value) => (value.functions[0].calls = -1),
    (value) => (value.run.runs = '2'),
    (value) => (value.functions[0].series[0].stride = 0),
  ];
  for (const change of breaks) {
    const value = json();
    change(value);
    assert.equal(validate(value), false, String(change));
  }
});

test('every field is snake case and described, and the first seven are those of tprof', () => {
  const value = JSON.parse(toJson(makeFullReport()));
  assert.deepEqual(Object.keys(value.functions[0]).slice(0, 7), [
    'name',
    'calls',
    'total_ns',
    'min_ns',
    'max_ns',
    'median_ns',
    'stdev_ns',
  ]);
  const check = (object: object, definition: { properties: object }) => {
    for (const key of Object.keys(object)) {
      assert.match(key, /^[a-z0-9]+(_[a-z0-9]+)*$/);
      assert.ok(key in definition.properties, `${key} is not in the schema`);
    }
  };
  check(value, schema);
  for (const each of value.functions) check(each, schema.$defs.function);
  check(value.run, schema.$defs.run);
  check(value.comparison, schema.$defs.comparison);
  check(value.functions[1].delta, schema.$defs.delta);
  check(value.functions[0].series[0], schema.$defs.series);
});

test('what is read back is what was written', () => {
  for (const report of [makeFullReport(), makeComparison(), makeReport([])]) {
    const { comparison, ...rest } = report;
    assert.deepEqual(fromJson(toJson(report), 'x.json'), { ...rest, comparison: comparison ?? null });
  }
});

test('written, read and written again, a report is the same, notes included', () => {
  const once = toJson(makeFullReport());
  assert.ok(JSON.parse(once).notes.length > 5);
  assert.equal(toJson(fromJson(once, 'x.json')), once);
});

test('what is unknown stays unknown: of calls that did not end, and of calls that were not timed', () => {
  const unfinished = recordFunction('f', { durationNs: [] }, { unfinished: 1, cpuNs: 0, gcNs: 0 });
  const untimed = recordFunction('g', { durationNs: [] }, { calls: 3, totalNs: 99 });
  const report = buildReport([recordSimpleRun(unfinished, untimed)], OPTIONS);
  assert.deepEqual(
    report.functions.map(({ cpuNs, gcNs, meanNs }) => [cpuNs, gcNs, meanNs]),
    [
      [null, null, null],
      [untimed.cpuNs, untimed.gcNs, null],
    ],
  );
  assert.equal(toJson(fromJson(toJson(report), 'x.json')), toJson(report));
});

test('buckets survive as their bounds', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(12_000), { minLength: 1 }), (indices) => {
      const sorted = indices.sort((a, b) => a - b);
      for (const index of sorted) assert.equal(bucketIndex(bucketLowerNs(index)), index);
    }),
  );
});

test('statistics that do not exist are null: all of a function never called, σ of one called once', () => {
  const once = makeFunction({ name: 'a.js:once', calls: 1, stdevNs: null });
  const never = makeFunction({ name: 'a.js:never', ...NEVER });
  const [first, second] = JSON.parse(toJson(makeReport([once, never]))).functions;
  assert.equal(first.stdev_ns, null);
  const { calls, total_ns, min_ns, max_ns, median_ns, stdev_ns } = second;
  assert.deepEqual([calls, total_ns, min_ns, max_ns, median_ns, stdev_ns], [0, 0, null, null, null, null]);
});

/** As the README of Python's tprof 1.3 shows it; the second as its code writes a function without calls. */
const PYTHON = `{
  "version": 1,
  "label": null,
  "functions": [
    {
      "name": "lib:maths",
      "calls": 2,
      "total_ns": 610622917,
      "min_ns": 304285875,
      "max_ns": 306337042,
      "median_ns": 305311458.5,
      "stdev_ns": 1450393.5
    },
    {
      "name": "lib:idle",
      "calls": 0,
      "total_ns": 0,
      "min_ns": 0,
      "max_ns": 0,
      "median_ns": 0,
      "stdev_ns": 0
    }
  ]
}
`;

test("Python tprof's files are read; its zeros of a function without calls count as absent", () => {
  const { functions, run, label, targets } = fromJson(PYTHON, 'before.json');
  const [maths, idle] = functions;
  assert.deepEqual(
    [maths!.name, maths!.calls, maths!.totalNs, maths!.minNs, maths!.maxNs, maths!.medianNs, maths!.stdevNs],
    ['lib:maths', 2, 610622917, 304285875, 306337042, 305311458.5, 1450393.5],
  );
  assert.equal(maths!.file, 'lib');
  assert.equal(maths!.meanNs, 610622917 / 2);
  assert.equal(maths!.runs.length, 1);
  assert.equal(maths!.runs[0]!.medianNs, 305311458.5);
  assert.deepEqual(
    [idle!.minNs, idle!.maxNs, idle!.medianNs, idle!.stdevNs, idle!.meanNs],
    [null, null, null, null, null],
  );
  assert.deepEqual([run.node, run.ttprof, run.runs, label, targets.length], ['', '', 1, null, 0]);
});

test("Python tprof's way of reading a baseline reads ours", () => {
  const data = JSON.parse(toJson(makeComparison()));
  const medians = Object.fromEntries(
    data.functions.map((f: { name: string; median_ns: number }) => [f.name, f.median_ns]),
  );
  assert.deepEqual(medians, { 'example.js:before': 2.27e6, 'example.js:after': 856_000 });
});

test('fields of a later writer are ignored, words of a later writer count as absent', () => {
  const value = JSON.parse(toJson(makeComparison()));
  value.novelty = { deep: [1] };
  value.functions[1].novelty = true;
  value.functions[1].delta.verdict = 'perhaps';
  const report = fromJson(JSON.stringify(value), 'x.json');
  assert.equal(report.functions[1]!.delta!.verdict, null);
  assert.equal(report.functions[1]!.medianNs, 856_000);
});

test('what is no report gives one line that names the file, the place and the value', () => {
  const broken = (change: (value: { functions: Record<string, unknown>[] }) => void) => {
    const value = JSON.parse(toJson(makeComparison()));
    change(value);
    return JSON.stringify(value);
  };
  const expected: [text: string, message: RegExp][] = [
    ['', /^b\.json: the file is empty/],
    [' \n', /^b\.json: the file is empty/],
    ['{"version": 1, "functions": [', /^b\.json: .*not JSON \(/],
    ['hello', /^b\.json: .*not JSON \(/],
    ['[1, 2]', /^b\.json: .*its content should be an object and is \[1,2\]$/],
    ['null', /should be an object and is null$/],
    ['{}', /version should be a number and is missing$/],
    ['{"version": "1"}', /version should be a number and is "1"$/],
    ['{"version": 2, "functions": []}', /^b\.json: version 2 of the format.*update ttprof/],
    ['{"version": 1}', /functions should be a list and is missing$/],
    ['{"version": 1, "functions": {"a": 1}}', /functions should be a list and is \{"a":1\}$/],
    ['{"version": 1, "functions": [7]}', /functions\[0\] should be an object and is 7$/],
    [broken((v) => delete v.functions[1]!.name), /functions\[1\]\.name should be a string and is missing$/],
    [
      broken((v) => (v.functions[0]!.calls = 'many')),
      /functions\[0\]\.calls should be a number and is "many"$/,
    ],
    [
      broken((v) => (v.functions[0]!.median_ns = [])),
      /functions\[0\]\.median_ns should be a number and is \[\]$/,
    ],
    [
      broken((v) => (v.functions[0]!.series = [{ stride: 1, start_ns: ['x'], duration_ns: [] }])),
      /functions\[0\]\.series\[0\]\.start_ns should be a list of numbers/,
    ],
    [
      broken((v) => (v.functions[0]!.name = { a: 'x'.repeat(200) })),
      /name should be a string and is \{"a":"x{30,40}…$/,
    ],
  ];
  for (const [text, message] of expected) {
    assert.throws(
      () => fromJson(text, 'b.json'),
      (error: Error) => {
        assert.equal(error.name, 'TtprofError');
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /\n/);
        return true;
      },
      text.slice(0, 60),
    );
  }
});

test('truncated at any place, a file never crashes the reader', () => {
  const text = toJson(makeFullReport());
  for (let end = 0; end < text.length - 2; end += 7) {
    assert.throws(() => fromJson(text.slice(0, end), 'b.json'), { name: 'TtprofError' });
  }
});

test('a byte order mark is no part of the text', () => {
  assert.equal(fromJson(`\uFEFF${PYTHON}`, 'b.json').functions.length, 2);
});

test('of very many samples every nth is written, with its stride', () => {
  const long = (length: number, stride: number) => ({
    stride,
    startNs: Float64Array.from({ length }, (_, i) => i),
    durationNs: Float64Array.from({ length }, (_, i) => i + 0.5),
  });
  const report = makeReport([
    makeFunction({ series: [long(1_500_001, 1), long(600_000, 4)] }),
    makeFunction({ series: [long(10, 1)] }),
  ]);
  const { functions } = fromJson(toJson(report), 'x.json');
  const [first, second] = functions[0]!.series;
  assert.deepEqual([first!.stride, second!.stride], [3, 12]);
  assert.deepEqual([...first!.startNs].slice(0, 3), [0, 3, 6]);
  assert.equal(first!.durationNs.length, 500_001);
  assert.equal(second!.durationNs.length, 200_000);
  assert.deepEqual([...functions[1]!.series[0]!.durationNs], [0.5, 3.5, 6.5, 9.5]);
});

test('whatever stands in a file, it is read and shown or refused with one line', () => {
  const full = JSON.parse(toJson(makeFullReport()));
  const anything = fc.oneof(
    fc.constantFrom(null, '', 'x', true, {}, [], [null], [1], ['a'], -1, 0, 0.5, 1e300, -1e300),
    fc.integer(),
  );
  const render = (text: string) => {
    const report = fromJson(text, 'x.json');
    toJson(report);
    toMarkdown(report);
    renderHtml(report);
    const baseline = { kind: 'baseline', source: 'x.json', report } as const;
    renderHtml(compareReport(makeFullReport(), { compare: false, baseline, marginPercent: 2 }));
    compareReport(report, { compare: true, baseline: null, marginPercent: 2 });
    const sources = [
      { name: 'x', report },
      { name: 'y', report: makeFullReport() },
    ] as const;
    toMarkdown(mergeRuns(sources));
    return renderTable(report, { columns: 80, color: true });
  };
  fc.assert(
    fc.property(fc.array(fc.nat(1e6), { minLength: 1, maxLength: 6 }), anything, (turns, value) => {
      const copy = structuredClone(full);
      // walks down to some field, and puts the value there
      let place = copy;
      let key = '';
      for (const turn of turns) {
        const keys = Object.keys(place);
        if (keys.length === 0) break;
        key = keys[turn % keys.length]!;
        if (typeof place[key] !== 'object' || place[key] === null || turn === turns.at(-1)) break;
        place = place[key];
      }
      place[key] = value;
      try {
        assert.match(render(JSON.stringify(copy)), /ttprof/);
      } catch (error) {
        assert.equal((error as Error).name, 'TtprofError', `${key}: ${(error as Error).stack}`);
        assert.doesNotMatch((error as Error).message, /\n/);
      }
    }),
    { numRuns: 300 },
  );
});

test('lists of numbers take one line each', () => {
  const lines = toJson(makeFullReport()).split('\n');
  assert.ok(lines.some((line) => /^ +"start_ns": \[0,1\.125,2000\],$/.test(line)));
  assert.ok(lines.at(-1) === '' && lines.at(-2) === '}');
});
