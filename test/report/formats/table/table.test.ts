import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { renderTable } from '../../../../dist/report/formats/table/table.js';
import { textWidth } from '../../../../dist/report/formats/table/text-width.js';
import type { FunctionStats } from '../../../../dist/report/model.js';
import { makeComparison, makeFunction, makeHistogram, makeReport, makeRun } from '../../make-report.js';

const WIDE = { columns: Number.POSITIVE_INFINITY, color: false };

const style = (open: number, close: number) => (text: string) => `\x1b[${open}m${text}\x1b[${close}m`;
const [bold, dim] = [style(1, 22), style(2, 22)];
const [red, green, blue] = [style(31, 39), style(32, 39), style(34, 39)];

function assertTable(actual: string, expected: string): void {
  assert.equal(actual, `${expected.trim().replace(/^ {4}/gm, '')}\n`);
}

test('two functions compared: one line each, aligned on ± and …', () => {
  assertTable(
    renderTable(makeComparison(), WIDE),
    `
    🎯 ttprof results:
     function            calls  total median ± σ         min … max             delta
     example.js:before()   100  227ms 2.27ms ± 34.0μs 2.21ms … 2.41ms ▇▄▃▃▂▂▂▃ -
     example.js:after()    100 86.0ms  856μs ± 15.0μs  835μs … 910μs  ▇▄▄▃▃▃▃▄ -62.3% [-62.9, -61.8] faster
    `,
  );
});

test('narrow terminals lose the least important columns, then the middles of names', () => {
  const at = (columns: number) =>
    renderTable(makeComparison(), { columns, color: false }).split('\n').slice(1, 4);
  assert.deepEqual(at(100), [
    ' function            calls  total median ± σ         min … max    delta',
    ' example.js:before()   100  227ms 2.27ms ± 34.0μs 2.21ms … 2.41ms -',
    ' example.js:after()    100 86.0ms  856μs ± 15.0μs  835μs … 910μs  -62.3% [-62.9, -61.8] faster',
  ]);
  assert.deepEqual(at(80), [
    ' function            calls  total median ± σ      delta',
    ' example.js:before()   100  227ms 2.27ms ± 34.0μs -',
    ' example.js:after()    100 86.0ms  856μs ± 15.0μs -62.3% [-62.9, -61.8] faster',
  ]);
  assert.deepEqual(at(60), [
    ' function            calls  total median delta',
    ' example.js:before()   100  227ms 2.27ms -',
    ' example.js:after()    100 86.0ms  856μs -62.3% faster',
  ]);
  assert.deepEqual(at(38), [
    ' function         median delta',
    ' exampl…:before() 2.27ms -',
    ' example…:after()  856μs -62.3% faster',
  ]);
  assert.deepEqual(at(20), [' function     delta', ' ex…:before() -', ' exa…:after() -62.3%']);
});

test('no line is ever wider than the terminal', () => {
  const name = fc
    .array(fc.constantFrom('src/', 'lib', '日本', '🎯', 'é', '#get', '.', 'x'.repeat(20)), { minLength: 1 })
    .map((parts) => `${parts.join('')}.js:${parts.at(-1)}`);
  const time = fc.oneof(fc.constant(null), fc.double({ min: 0, max: 1e13, noNaN: true }));
  const delta = fc.option(
    fc.record({
      against: fc.constant('a.js:f'),
      percent: fc.double({ min: -100, max: 1e5, noNaN: true }),
      low: time,
      high: time,
      verdict: fc.constantFrom('faster', 'slower', 'same', 'unsure', null),
      reason: fc.constant(null),
    }),
  );
  const fields = fc.record({
    name,
    medianNs: time,
    stdevNs: time,
    minNs: time,
    maxNs: time,
    cpuNs: time,
    delta,
  });
  const allFunctions = fc.array(
    fields.map((each) => makeFunction(each as Partial<FunctionStats>)),
    { minLength: 1, maxLength: 5 },
  );
  fc.assert(
    fc.property(
      allFunctions,
      fc.integer({ min: 19, max: 160 }),
      fc.option(fc.nat(4)),
      (functions, columns, top) => {
        const table = renderTable(makeReport(functions, { label: null }), { columns, color: false, top });
        // in notes a long word may stand out
        const rows = table.split('\n note:')[0]!;
        for (const line of rows.split('\n')) {
          assert.ok(textWidth(line) <= columns, `${textWidth(line)} > ${columns}: ${line}`);
        }
      },
    ),
  );
});

test('a function that was never called has no times', () => {
  const never = { calls: 0, totalNs: 0, medianNs: null, stdevNs: null, minNs: null, maxNs: null };
  const idle = makeFunction({
    name: 'a.js:idle',
    target: 'a.js:*',
    ...never,
    histogram: makeHistogram([]),
  });
  const once = makeFunction({ name: 'a.js:once', calls: 1, stdevNs: null, histogram: makeHistogram([2e6]) });
  assertTable(
    renderTable(makeReport([makeFunction({ name: 'a.js:often' }), once, idle]), { ...WIDE, top: 0 }),
    `
    🎯 ttprof results:
     function     calls total median ± σ         min … max
     a.js:often()   100 227ms 2.27ms ± 34.0μs 2.21ms … 2.41ms ▇▄▃▃▂▂▂▃
     a.js:once()      1 227ms 2.27ms          2.21ms … 2.41ms
     a.js:idle()      0   0ns    n/a             n/a … n/a
    `,
  );
});

test('units are aligned where seconds stand below milliseconds', () => {
  const rows = [makeFunction({ totalNs: 2.5e9 }), makeFunction({ totalNs: 250e6 })];
  const lines = renderTable(makeReport(rows), WIDE).split('\n');
  assert.match(lines[2]!, / 2\.50s {2}2\.27ms/);
  assert.match(lines[3]!, / 250ms 2\.27ms/);
});

test('self, active and CPU time have a column where they say more than the total', () => {
  const outer = makeFunction({ name: 'a.js:outer', selfNs: 100e6 });
  const waiting = makeFunction({ name: 'a.js:load', kind: 'async', activeNs: 3e6 });
  const busy = makeFunction({ name: 'a.js:busy', cpuNs: 220e6 });
  const header = (rows: FunctionStats[]) => renderTable(makeReport(rows), WIDE).split('\n')[1];
  assert.match(header([outer, waiting, busy])!, /max {5}self active {3}cpu$/);
  assert.doesNotMatch(header([makeFunction()])!, /self|active|cpu/);
});

test('sorting and the length of the table, with the totals of what was left out', () => {
  const rows = [10, 30, 20].map((ms, i) =>
    makeFunction({ name: `a.js:f${i}`, calls: 100 * (i + 1), totalNs: ms * 1e6, selfNs: ms * 1e6 }),
  );
  const names = (options: object) =>
    [...renderTable(makeReport(rows), { ...WIDE, ...options }).matchAll(/^ (a\.js:f\d|\d+ more).*/gm)].map(
      (m) => m[1],
    );
  assert.deepEqual(names({}), ['a.js:f0', 'a.js:f1', 'a.js:f2']);
  assert.deepEqual(names({ sort: 'total' }), ['a.js:f1', 'a.js:f2', 'a.js:f0']);
  assert.deepEqual(names({ sort: 'function' }), ['a.js:f0', 'a.js:f1', 'a.js:f2']);
  assert.deepEqual(names({ sort: 'calls', top: 1 }), ['a.js:f2', '2 more']);
  assert.deepEqual(names({ top: 2 }), ['a.js:f1', 'a.js:f2', '1 more']);
  assert.deepEqual(names({ top: 3 }), ['a.js:f0', 'a.js:f1', 'a.js:f2']);
  assert.match(renderTable(makeReport(rows), { ...WIDE, top: 1 }), /^ 2 more +400 +30\.0ms$/m);
  assert.throws(() => renderTable(makeReport(rows), { ...WIDE, sort: 'age' }), {
    name: 'TtprofError',
    message: /^expected one of function, calls, total/,
  });
});

const idleFields = { calls: 0, totalNs: 0, medianNs: null, stdevNs: null, minNs: null, maxNs: null };

test('what wildcards name has no row where it was never called, and at most 20 otherwise', () => {
  const rows = Array.from({ length: 30 }, (_, i) =>
    makeFunction({ name: `a.js:f${i}`, target: 'a.js:*', totalNs: (i + 1) * 1e6, selfNs: (i + 1) * 1e6 }),
  );
  const idle = ['x', 'y'].map((name) =>
    makeFunction({ name: `a.js:${name}`, target: 'a.js:*', ...idleFields }),
  );
  const named = makeFunction({
    name: 'a.js:named',
    target: 'a.js:named',
    targets: ['a.js:*', 'a.js:named'],
    totalNs: 1,
  });
  const report = makeReport([named, ...idle, ...rows]);
  const lines = renderTable(report, WIDE).split('\n');
  const shown = lines.flatMap((line) => /^ (a\.js:\w+|10 more)/.exec(line)?.[1] ?? []);
  const largest = Array.from({ length: 20 }, (_, i) => `a.js:f${29 - i}`);
  assert.deepEqual(shown, [...largest, 'a.js:named', '10 more']);
  assert.ok(lines.includes(' 2 functions were never called (--top 0 lists them)'));
  const three = renderTable(report, { ...WIDE, top: 3 });
  assert.deepEqual(
    [...three.matchAll(/^ (a\.js:\w+|27 more)/gm)].map(([, name]) => name),
    ['a.js:f29', 'a.js:f28', 'a.js:f27', 'a.js:named', '27 more'],
  );
  const all = renderTable(report, { ...WIDE, top: 0 });
  assert.equal(all.match(/^ a\.js:/gm)!.length, 33);
  assert.doesNotMatch(all, /never called/);
  // few enough: in the targets' order
  const few = renderTable(makeReport([...rows.slice(0, 20), ...idle]), WIDE);
  assert.deepEqual(
    [...few.matchAll(/^ a\.js:(\w+)/gm)].map(([, name]) => name),
    rows.slice(0, 20).map((_, i) => `f${i}`),
  );
});

test('calls of a function that called itself are all calls, and those from outside', () => {
  const fib = makeFunction({ name: 'a.js:fib', calls: 29_860_703, outermostCalls: 1 });
  assert.match(renderTable(makeReport([fib]), WIDE), /^ a\.js:fib\(\) 29,860,703\/1 /m);
});

test('columns are those that were asked for, in that order, and what rows are ordered by is shown', () => {
  const report = makeReport([makeFunction({ totalNs: 300e6 })], {
    run: { ...makeReport([]).run, durationNs: 1.2e9 },
  });
  const [, header, row] = renderTable(report, { ...WIDE, chosen: ['share', 'p99', 'calls'] }).split('\n');
  assert.match(header!, /^ function +share +p99 calls$/);
  assert.match(row!, /^ src\/lib\.js:maths\(\) 25\.0% 2\.40ms +100$/);
  assert.match(renderTable(report, { ...WIDE, sort: 'p99' }).split('\n')[1]!, / max +p99$/);
});

test('callers and callees stand below, the largest first, and what no target contains is the program', () => {
  const caller = (name: string | null, calls: number, totalNs: number) => ({ name, calls, totalNs });
  const even = makeFunction({
    name: 'a.js:even',
    totalNs: 100,
    callers: [caller('a.js:odd', 5, 60), caller(null, 1, 40)],
  });
  const odd = makeFunction({ name: 'a.js:odd', totalNs: 60, callers: [caller('a.js:even', 5, 60)] });
  const text = renderTable(makeReport([even, odd], { run: makeRun({ callOuterNs: 0 }) }), {
    ...WIDE,
    callers: 5,
    callees: 1,
  });
  const lists = text
    .split('\n\n')
    .slice(1)
    .map((list) =>
      list
        .trimEnd()
        .split('\n')
        .map((line) => line.replace(/ +/g, ' ')),
    );
  assert.deepEqual(lists, [
    [' callers of a.js:even() calls total share', ' a.js:odd() 5 60.0ns 60.0%', ' (program) 1 40.0ns 40.0%'],
    [' callees of a.js:even() calls total share', ' a.js:odd() 5 60.0ns 60.0%'],
    [' callers of a.js:odd() calls total share', ' a.js:even() 5 60.0ns 100.0%'],
    [' callees of a.js:odd() calls total share', ' a.js:even() 5 60.0ns 100.0%'],
  ]);
});

test('notes are broken between words where a terminal is too narrow for them', () => {
  const report = makeReport([], { notes: ['one two three four five', 'x'.repeat(30)] });
  assert.equal(
    renderTable(report, { columns: 20, color: false }),
    `🎯 ttprof results:\n note: one two three\n       four five\n note: ${'x'.repeat(30)}\n`,
  );
});

test('without colour there is no escape code, with it only the text between is painted', () => {
  const report = { ...makeComparison(), label: 'new' };
  const plain = renderTable(report, WIDE);
  const colored = renderTable(report, { ...WIDE, color: true });
  assert.doesNotMatch(plain.replaceAll('\n', ''), /\p{Cc}/u);
  assert.equal(stripVTControlCharacters(colored), plain);
  assert.ok(colored.startsWith(`🎯 ${bold(red('ttprof'))} results @ ${bold(blue('new'))}:`));
  assert.ok(colored.includes(bold(green('-62.3%'))));
  assert.ok(colored.includes(bold(green('faster'))));
});

test('what is unsure or has no verdict is dim', () => {
  const report = makeComparison();
  const [before, after] = report.functions;
  for (const verdict of ['unsure', null] as const) {
    const functions = [before!, { ...after!, delta: { ...after!.delta!, verdict } }];
    const colored = renderTable({ ...report, functions }, { ...WIDE, color: true });
    assert.ok(colored.includes(dim('-62.3%')));
    assert.ok(colored.includes(dim('[-62.9, -61.8]')));
    assert.equal(colored.includes(dim('unsure')), verdict === 'unsure');
  }
});

test('labels and names cannot control the terminal', () => {
  const report = makeReport([makeFunction({ name: 'a.js:\x1b[31mred' })], {
    label: 'x\x1b]0;title\x07',
    notes: ['n\x1b[2J'],
  });
  assert.doesNotMatch(renderTable(report, WIDE).replaceAll('\n', ''), /\p{Cc}/u);
});

test('a row without counterpart says so, and the reference is marked', () => {
  const { functions, comparison } = makeComparison();
  const other = makeFunction({ name: 'example.js:other' });
  const lines = renderTable(makeReport([...functions, other], { comparison: comparison! }), WIDE).split('\n');
  assert.match(lines[2]!, / -$/);
  assert.match(lines[4]!, / n\/a$/);
  const sorted = renderTable(makeReport([...functions, other], { comparison: comparison! }), {
    ...WIDE,
    sort: 'function',
  });
  assert.match(sorted, /before\(\) .* -\n .*other\(\) .* n\/a\n/);
});

test('notes stand under the table, and a report without functions is notes alone', () => {
  const outcome = {
    target: 'lib.js:nope',
    matched: 0,
    reason: 'no such function',
    suggestions: ['lib.js:note'],
  };
  assert.equal(
    renderTable(makeReport([], { targets: [outcome], notes: ['recorded'] }), WIDE),
    '🎯 ttprof results:\n' +
      ' note: lib.js:nope matched nothing: no such function; did you mean lib.js:note?\n' +
      ' note: recorded\n',
  );
});
