import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSample } from '../../../dist/commands/run/perf/parse-sample.js';

const frames = (...lines: string[]) =>
  parseSample(['  31/32  21424.381868123:    1001001 cpu-clock:u: ', ...lines])!.frames;

test('a header tells when and where, and what a sample stands for', () => {
  const { frames: none, ...sample } = parseSample([' 31/32  21424.381868123:    1001001 cpu-clock:u: '])!;
  assert.deepEqual(sample, {
    pid: 31,
    tid: 32,
    timeNs: 21_424_381_868_123,
    event: 'cpu-clock',
    period: 1_001_001,
  });
  assert.deepEqual(none, []);
  assert.equal(parseSample([]), null);
  assert.equal(parseSample(['[ perf record: Woken up 1 times ]']), null);
});

for (const [symbol, expected] of [
  ['JS:*busy /app/w.cjs:1:14', { name: 'busy', file: '/app/w.cjs', line: 1 }],
  ['JS:~ /app/w.cjs:7:3', { name: '', file: '/app/w.cjs', line: 7 }],
  ["JS:+'readSync node:fs:958:19+0x1f", { name: 'readSync', file: 'node:fs', line: 958 }],
  ['JS:o*busy file:///app/a%20b/w.mjs:2:1', { name: 'busy', file: '/app/a b/w.mjs', line: 2 }],
  ['LazyCompile:^get size /app/my app/x.js:3:9', { name: 'get size', file: '/app/my app/x.js', line: 3 }],
  ['JS:^measured2 :3:26', { name: 'measured2', file: '', line: 3 }],
  ['JS:*<anonymous>', { name: '<anonymous>', file: '', line: 0 }],
] as const)
  test(`${symbol} is a function of JavaScript`, () => {
    assert.deepEqual(frames(`\t    7fd700006040 ${symbol} (/tmp/perf-31.map)`), [
      { kind: 'js', ...expected },
    ]);
  });

test('native and kernel frames are told by their libraries; the interpreter is the function that it runs', () => {
  const read = frames(
    '\tffffffff821ef691 do_syscall_64+0x51 ([kernel.kallsyms])',
    '\t           fcf60 read (/usr/lib/x86_64-linux-gnu/libc.so.6)',
    '\t          865845 v8::internal::JsonParser<unsigned char>::Parse(v8::internal::Handle<T>) (/usr/bin/node)',
    '\t         14cfd1c Builtins_InterpreterEntryTrampoline (/usr/bin/node)',
    '\t    7fd700006041 RegExp:a(b|c) (/tmp/perf-31.map)',
    '\tfff4cd80e8e58948 [unknown] ([unknown])',
  );
  assert.deepEqual(
    read.map(({ kind, name, file }) => [kind, name, file]),
    [
      ['kernel', 'do_syscall_64', '[kernel]'],
      ['native', 'read', '[libc.so.6]'],
      ['native', 'v8::internal::JsonParser<unsigned char>::Parse(v8::internal::Handle<T>)', '[node]'],
      ['native', 'RegExp:a(b|c)', '[V8]'],
      ['native', '[unknown]', '[unknown]'],
    ],
  );
});
