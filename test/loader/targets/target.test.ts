import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { parseTarget, splitTargets } from '../../../dist/loader/targets/target.js';
import { TtprofError } from '../../../dist/shared/errors.js';

const cwd = resolve('/code');
const parse = (text: string, existing: string[] = []) =>
  parseTarget(text, { cwd, exists: (path) => existing.some((one) => resolve(cwd, one) === path) });
const name = (pattern: string) => ({ kind: 'name', pattern });
const line = (number: number, column: number | null = null) => ({ kind: 'line', line: number, column });
const module = (name: string) => ({ kind: 'module', name });

const parsed: [string, unknown, unknown][] = [
  ['before', { kind: 'entry' }, name('before')],
  ['C.m', { kind: 'entry' }, name('C.m')],
  ['*', { kind: 'entry' }, name('*')],
  [':42', { kind: 'entry' }, line(42)],
  [':42:7', { kind: 'entry' }, line(42, 7)],
  ['src/lib.js:maths', module('src/lib.js'), name('maths')],
  ['src/lib.js:42', module('src/lib.js'), line(42)],
  ['src/lib.js:42:7', module('src/lib.js'), line(42, 7)],
  ['lib:C.#p', module('lib'), name('C.#p')],
  ['@scope/name:fn', module('@scope/name'), name('fn')],
  ['src/**/*.{ts,js}:parse*', module('src/**/*.{ts,js}'), name('parse*')],
  ['./src/lib:fn', { kind: 'path', path: resolve(cwd, 'src/lib') }, name('fn')],
  ['../lib.js:fn', { kind: 'path', path: resolve(cwd, '../lib.js') }, name('fn')],
  [`${pathToFileURL(resolve('/x/a b.js'))}:fn`, { kind: 'path', path: resolve('/x/a b.js') }, name('fn')],
  [`${pathToFileURL(resolve('/x/a.js'))}:42`, { kind: 'path', path: resolve('/x/a.js') }, line(42)],
  ['node:fs:readFileSync', { kind: 'builtin', id: 'fs' }, name('readFileSync')],
  ['node:fs/promises:readFile', { kind: 'builtin', id: 'fs/promises' }, name('readFile')],
  ['node:events:EventEmitter.emit', { kind: 'builtin', id: 'events' }, name('EventEmitter.emit')],
  ['globalThis:JSON.parse', { kind: 'global' }, name('JSON.parse')],
  ['fs:readFileSync', module('fs'), name('readFileSync')],
  ['a.js:o["x:y z"]', module('a.js'), name('o["x:y z"]')],
  ['o["x:y"].m', { kind: 'entry' }, name('o["x:y"].m')],
  ['a.js:C.[Symbol.iterator]', module('a.js'), name('C.[Symbol.iterator]')],
  ['a.js:f#2', module('a.js'), name('f#2')],
  ['src\\lib.js:fn', module('src/lib.js'), name('fn')],
];
for (const [text, modulePart, functionPart] of parsed) {
  test(`parses ${text}`, () => {
    assert.deepEqual(parse(text), { text, exclude: false, module: modulePart, function: functionPart });
  });
}

test('a leading ! excludes', () => {
  const target = parse('!src/generated/**:*');
  assert.equal(target.exclude, true);
  assert.equal(target.text, '!src/generated/**:*');
  assert.deepEqual(target.module, module('src/generated/**'));
});

test('the : of a drive letter separates nothing', () => {
  for (const path of ['C:\\x\\lib.js', 'c:/x/lib.js']) {
    const { module, function: part } = parse(`${path}:fn`);
    assert.equal(module.kind, 'path');
    assert.deepEqual(part, name('fn'));
    assert.throws(() => parse(path), TtprofError);
  }
});

const errors: [string, RegExp][] = [
  ['', /is empty/],
  ['!', /is empty/],
  ['./src/lib.js', /`\.\/src\/lib\.js:\*`/],
  ['src/lib.js', /`src\/lib\.js:\*`/],
  ['lib.js', /`lib\.js:\*`/],
  ['src/lib.js:', /`src\/lib\.js:\*`/],
  ['!src/lib.js', /`!src\/lib\.js:\*`/],
  ['node:fs', /`node:fs:\*`/],
  ['node:fs:42', /name the function/],
  ['42', /`:42`/],
  ['a.js:0', /count from 1/],
];
for (const [text, message] of errors) {
  test(`refuses ${JSON.stringify(text)} in one line`, () => {
    assert.throws(
      () => parse(text, ['lib.js']),
      (error) => error instanceof TtprofError && message.test(error.message) && !error.message.includes('\n'),
    );
  });
}

test('a dotted name is a function unless such a file exists', () => {
  assert.deepEqual(parse('lib.js').function, name('lib.js'));
});

test('a computed key is part of the function, whatever stands in it', () => {
  for (const key of [
    "o.[a ? 'x:y' : 'z']",
    'o.[list[0]]',
    'o[1 + 1]',
    'o["a: " + b]',
    'o.[half / 2].inner',
    'C.[a[b ? `]:` : 1]]#get',
  ]) {
    assert.deepEqual(parse(key).function, name(key));
    assert.deepEqual(parse(key).module, { kind: 'entry' });
    assert.deepEqual(parse(`src/[id].js:${key}`).module, { kind: 'module', name: 'src/[id].js' });
    assert.deepEqual(splitTargets(`a, ${key} b`), ['a', key, 'b']);
  }
  assert.deepEqual(parse('o.[open:f').function, name('f'), 'no key without its end');
});

test('TTPROF is split at white space and commas outside braces and quoted keys', () => {
  assert.deepEqual(splitTargets(' a,b  src/{x,y}.js:f\n\tc.js:o["p, q"],,d '), [
    'a',
    'b',
    'src/{x,y}.js:f',
    'c.js:o["p, q"]',
    'd',
  ]);
  assert.deepEqual(splitTargets('  '), []);
});
