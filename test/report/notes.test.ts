import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeDifferences } from '../../dist/report/merge/describe-differences.js';
import type { FunctionStats, Report, RunInfo } from '../../dist/report/model.js';
import { explainReport } from '../../dist/report/notes.js';
import { makeComparison, makeFunction, makeHistogram, makeReport, makeRun } from './make-report.js';

const notesOf = (fields: Partial<FunctionStats>, report: Partial<Report> = {}) =>
  explainReport(makeReport([makeFunction(fields)], report));
const notesOfRun = (run: Partial<RunInfo>) =>
  explainReport(makeReport([makeFunction()], { run: makeRun(run) }));
const keep = (count: number, stride = 1) => [
  {
    stride,
    startNs: Array.from({ length: count }, (_, i) => i),
    durationNs: new Array<number>(count).fill(2e6),
  },
];

test('a quiet report has no notes', () => {
  assert.deepEqual(notesOf({}), []);
  assert.deepEqual(explainReport(makeComparison()), []);
});

test('targets that matched nothing get a note with the reason and the nearest names', () => {
  const outcomes = [
    { target: 'a', matched: 1, reason: null, suggestions: [] },
    {
      target: 'lib.js:nope',
      matched: 0,
      reason: 'no such function in lib.js',
      suggestions: ['lib.js:note', 'lib.js:hope'],
    },
    { target: 'gone.js:f', matched: 0, reason: 'the module was never loaded', suggestions: [] },
  ];
  assert.deepEqual(explainReport(makeReport([makeFunction()], { targets: outcomes })), [
    'lib.js:nope matched nothing: no such function in lib.js; did you mean lib.js:note or lib.js:hope?',
    'gone.js:f matched nothing: the module was never loaded',
  ]);
});

test('the time for measuring what a function calls gets a note where it is a tenth or more', () => {
  const MS = 1e6;
  const from = (name: string | null, calls: number) => [{ name, calls, totalNs: 0 }];
  const make = (leafCalls: number, run: Partial<RunInfo> = {}, leaf: Partial<FunctionStats> = {}) =>
    explainReport(
      makeReport(
        [
          // 100 calls, 100 ms
          makeFunction({ name: 'a.js:top', totalNs: 100 * MS, callers: from(null, 100) }),
          makeFunction({ name: 'a.js:middle', totalNs: 100 * MS, callers: from('a.js:top', 100) }),
          makeFunction({
            name: 'a.js:leaf',
            calls: leafCalls,
            timedCalls: leafCalls,
            callers: [...from('a.js:middle', leafCalls), ...from('a.js:leaf', 1e9)],
            ...leaf,
          }),
        ],
        { run: makeRun({ callOuterNs: 100, ...run }) },
      ),
    ).filter((note) => note.includes('measuring the calls inside'));
  assert.deepEqual(make(90_000), []);
  assert.deepEqual(make(110_000), [
    'top(), middle(): measuring the calls inside cost more than a tenth of the time and is taken out by estimate; measure them without leaf() to have exact times',
  ]);
  assert.match(make(110_000, { corrected: false })[0]!, /is included under --raw/);
  assert.deepEqual(make(110_000, {}, { timedCalls: 1_000 }), [], 'counted calls cost next to nothing');
});

test('calls that are not included, that threw, or that returned a promise get a note', () => {
  assert.deepEqual(notesOf({ unfinished: 1 }), [
    '1 call was still running at the end and is not included: maths(); let the program finish it to have it counted',
  ]);
  assert.match(
    notesOf({ unfinished: 1200 })[0]!,
    /^1,200 calls were still running at the end and are not included/,
  );
  assert.match(notesOf({ errors: 3 })[0]!, /^3 calls threw or rejected: maths\(\)/);
  assert.match(
    notesOf({ promisesReturned: 3 })[0]!,
    /^maths\(\) returned promises without being async.*--settle/,
  );
  assert.deepEqual(
    notesOf({ promisesReturned: 3 }, { run: makeRun({ flags: ['--sample 4', '--settle'] }) }),
    [],
  );
});

test('a function that was never called gets a note, unless a wildcard named it', () => {
  const never = { calls: 0, totalNs: 0, medianNs: null };
  assert.match(notesOf(never)[0]!, /^never called: maths\(\);/);
  assert.deepEqual(notesOf({ ...never, target: 'src/**:*' }), []);
  assert.doesNotMatch(notesOf({ ...never, unfinished: 1 })[0]!, /never called/);
});

test('a median near the resolution of the clock gets a note', () => {
  assert.deepEqual(notesOf({ medianNs: 121 }), []);
  assert.match(
    notesOf({ medianNs: 119 })[0]!,
    /^maths\(\): the median is near the clock's resolution \(40\.0ns\)/,
  );
});

test('CPU time of few steps gets a note', () => {
  const run = makeRun({ cpuStepNs: 4e6 });
  assert.match(notesOf({ cpuNs: 20e6 }, { run })[0]!, /CPU time advances in steps of 4\.00ms here/);
  assert.deepEqual(notesOf({ cpuNs: 200e6 }, { run }), []);
});

test('CPU time that is an estimate gets a note', () => {
  const [note, ...rest] = notesOf({ cpuNs: 200e6, cpuCalls: 50 }, {});
  assert.match(note!, /^maths\(\): CPU time is an estimate from some of the calls/);
  assert.deepEqual(rest, []);
  assert.deepEqual(notesOf({ cpuNs: 200e6 }, {}), []);
});

test("a note says whether CPU time is the thread's or the process's", () => {
  const run = (cpuScope: 'thread' | 'process') => makeRun({ cpuStepNs: 4e6, cpuScope });
  const [ofThread, ...rest] = notesOf({ cpuNs: 20e6 }, { run: run('thread') });
  assert.match(ofThread!, /^maths\(\): the thread's CPU time advances in steps of 4\.00ms here/);
  assert.deepEqual(rest, []);
  assert.deepEqual(notesOf({ cpuNs: 200e6 }, { run: run('thread') }), []);
  const [included, coarse] = notesOf({ cpuNs: 20e6 }, { run: run('process') });
  assert.match(
    included!,
    /^CPU time is the whole process's here, other threads .* included; use Node 22\.19/,
  );
  assert.match(coarse!, /^maths\(\): the process's CPU time advances/);
  assert.equal(notesOf({ cpuNs: 200e6 }, { run: run('process') }).length, 1);
  assert.deepEqual(notesOf({ cpuNs: null }, { run: run('process') }), [], 'no CPU time, no note');
});

test('a warm-up that moves the statistics gets a note, which counts the calls of one thread', () => {
  assert.deepEqual(notesOf({ warmupSamples: 5, series: keep(100) }), []);
  assert.match(
    notesOf({ warmupSamples: 6, series: keep(100) })[0]!,
    /^maths\(\): the first calls were slower \(warm-up\); add --warmup 6 /,
  );
  const threads = [...keep(100, 4), ...keep(100, 4)];
  assert.match(notesOf({ calls: 800, warmupSamples: 21, series: threads })[0]!, /; add --warmup 44 /);
  // what is left out already was slower still, and of sampled calls each stands for several
  const run = makeRun({ flags: ['--sample 4', '--warmup 5'] });
  assert.match(
    notesOf({ calls: 400, warmupSamples: 6, series: keep(100) }, { run })[0]!,
    /; add --warmup 29 /,
  );
  assert.match(
    notesOf({ calls: 100, warmupSamples: 60, series: keep(100) })[0]!,
    /; let the program run longer/,
  );
});

test('a few slow calls that make σ meaningless are said once, and ± shows the spread of the others', () => {
  const slow = [...Array.from({ length: 97 }, (_, i) => 2e6 + 1e3 * i), 4e7, 5e7, 6e7];
  const fields = { histogram: makeHistogram(slow), minNs: 2e6, maxNs: 6e7, medianNs: 2.05e6, stdevNs: 8e6 };
  const [note, ...others] = notesOf(fields);
  assert.match(note!, /^maths\(\): ± is the spread of the middle half of the calls, because a few slow ones/);
  assert.deepEqual(others, []);
  assert.deepEqual(notesOf({ ...fields, stdevNs: 5e4 }), [], 'σ is that of all calls');
});

test('calls as short as the clock have no shape worth a note', () => {
  const notes = notesOf({ medianNs: 50, outliers: 50, warmupSamples: 40, series: keep(100) });
  assert.equal(notes.length, 1);
  assert.match(notes[0]!, /clock's resolution/);
});

test('totals under --sample are called estimates', () => {
  const run = makeRun({ flags: ['--sample 10'] });
  assert.match(notesOf({ timedCalls: 10 }, { run })[0]!, /totals are estimates/);
  assert.deepEqual(notesOf({ timedCalls: 90 }, { run: makeRun({ flags: ['--warmup 10'] }) }), []);
});

test('lost and incomplete processes get a note', () => {
  assert.match(notesOfRun({ lostProcesses: 1 })[0]!, /^1 process ended without leaving a recording/);
  assert.match(
    notesOfRun({ incompleteProcesses: 2 })[0]!,
    /^2 processes were killed: calls after the last periodic flush/,
  );
});

test('a note says why a delta has no verdict, once for all functions that share the reason', () => {
  const { functions, comparison } = makeComparison();
  const unsure = (name: string, reason: string) => ({
    ...functions[1]!,
    name,
    delta: { ...functions[1]!.delta!, verdict: 'unsure' as const, reason },
  });
  const rows = [
    functions[0]!,
    unsure('example.js:a', 'order effect: use --runs 10'),
    unsure('example.js:b', 'order effect: use --runs 10'),
  ];
  assert.deepEqual(explainReport(makeReport(rows, { comparison: comparison! })), [
    'a(), b(): order effect: use --runs 10',
  ]);
});

test('notes say what only one side has, and how the sides differ', () => {
  const comparison = {
    kind: 'baseline',
    source: 'b.json',
    run: makeRun({ node: 'v20.20.2', flags: ['--raw'] }),
    onlyThere: ['a.js:gone'],
    onlyHere: ['a.js:new'],
  } as const;
  const notes = explainReport(makeReport([makeFunction()], { comparison }));
  assert.equal(notes.length, 3);
  assert.match(
    notes[0]!,
    /^the baseline was measured with another setup: Node \(v20\.20\.2; here: v24\.21\.0\), options \(--raw; here: none\)/,
  );
  assert.match(notes[1]!, /^a\.js:new\(\): not in the baseline/);
  assert.match(notes[2]!, /^a\.js:gone\(\): only in the baseline/);
});

test('unknown values and small differences of clocks get no note', () => {
  const python = makeRun({
    ttprof: '',
    node: '',
    platform: '',
    arch: '',
    cpu: '',
    cores: 0,
    clockNs: 0,
    flags: [],
  });
  assert.deepEqual(describeDifferences(python, makeRun({ flags: ['--raw'] }), 'it', 'here'), []);
  assert.deepEqual(describeDifferences(makeRun({ clockNs: 150 }), makeRun(), 'it', 'here'), []);
  assert.match(
    describeDifferences(makeRun({ clockNs: 900 }), makeRun(), 'it', 'here')[0]!,
    /clock \(900ns; here: 40\.0ns\)/,
  );
});

test('recorded notes come last, none twice', () => {
  const notes = explainReport(makeReport([makeFunction({ errors: 1 })], { notes: ['x', 'x', 'y'] }));
  assert.deepEqual(notes.slice(1), ['x', 'y']);
});

test('functions of one name keep their files, long lists are cut', () => {
  const failing = (name: string) => makeFunction({ name, errors: 1 });
  const same = explainReport(makeReport([failing('a.js:f'), failing('b.js:f'), failing('b.js:g')]));
  assert.match(same[0]!, /^3 calls threw or rejected: a\.js:f\(\), b\.js:f\(\), g\(\);/);
  const many = explainReport(makeReport(Array.from({ length: 12 }, (_, i) => failing(`a.js:f${i}`))));
  assert.match(many[0]!, /f0\(\), f1\(\), f2\(\) and 9 more;/);
});

test('a target of --drill without a sample is told, those of wildcards are not', () => {
  const drill = { intervalUs: 1000, samples: 0, nodes: [] };
  const took = /^maths\(\): --drill took no sample there; let the program call more of it/;
  assert.ok(notesOf({ drill }).some((note) => took.test(note)));
  const unmentioned = [
    notesOf({ drill: { ...drill, samples: 1 } }),
    notesOf({ drill, target: 'src/lib.js:*', targets: ['src/lib.js:*'] }),
    notesOf({ drill, calls: 0 }),
  ];
  for (const notes of unmentioned) assert.ok(!notes.some((note) => note.includes('no sample')));
});

test('CPU time of which measuring leaves nothing is told', () => {
  const lost = (flags: readonly string[]) =>
    notesOf({ cpuNs: null }, { run: makeRun({ flags }) }).filter((note) => note.includes('no CPU time'));
  assert.deepEqual(lost(['--cpu', '--alloc']), [
    'maths(): no CPU time, because measuring the calls inside took as much as they did; leave out --alloc',
  ]);
  assert.deepEqual(lost(['--cpu', '--sample 8']), []);
  assert.deepEqual(lost([]), []);
});

test('a note says how the time grows with a key, and counts keys that threw, once for each expression', () => {
  const broken = (name: string, expression: string, errorCalls: number, exponent: number | null) =>
    makeFunction({
      name: `a.js:${name}`,
      by: {
        expression,
        kind: 'number',
        groups: [],
        otherCalls: 0,
        errorCalls,
        fit: exponent === null ? null : { exponent, low: exponent - 0.1, high: exponent + 0.1 },
      },
    });
  const report = makeReport([
    broken('f', 'n', 0, 1),
    broken('g', 'text.length', 2, 2),
    broken('h', 'text.length', 3, null),
  ]);
  assert.deepEqual(explainReport(report), [
    'f(): time ∝ n^1.00 [0.90, 1.10]',
    'g(): time ∝ n^2.00 [1.90, 2.10] where n is text.length',
    'g(), h(): text.length threw in 5 calls, which count under (error)',
  ]);
});

test('every note is one line', () => {
  const report = makeReport([
    makeFunction({ name: 'a.js:x\ny', errors: 1, unfinished: 1, promisesReturned: 1 }),
  ]);
  for (const note of explainReport(report)) assert.doesNotMatch(note, /\n/);
});
