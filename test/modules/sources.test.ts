import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { sourceOf } from '../../dist/loader/hooks/hooks-sync.js';
import { makeFolder } from '../temporary-folder.js';
import { PRELOAD, runProgram } from './run-program.js';

const project = makeFolder({
  'bom.mjs': '\uFEFFexport function bom() { return 1 }\n',
  'bom.cjs': '\uFEFFfunction bom() { return 1 }\nexports.bom = bom;\n',
  'crlf.mjs': 'export function crlf() {\r\n  return 1;\r\n}\r\n',
  'hashbang.mjs': '#!/usr/bin/env node\nexport function hashbang() { return 1 }\n',
  'hashbang.cjs':
    '#!/usr/bin/env node\n"use strict";\nfunction hashbang() { return this }\nexports.hashbang = hashbang;\n',
  'no-newline.mjs': `export function last() { return 1 }\n//# sourceMapping${'URL='}nowhere.js.map`,
  'node_modules/some.mjs': 'export const some = 1;\n',
  'app.mjs': `import { bom } from './bom.mjs';
import bomCjs from './bom.cjs';
import { crlf } from './crlf.mjs';
import { hashbang } from './hashbang.mjs';
import hashbangCjs from './hashbang.cjs';
import { last } from './no-newline.mjs';
const url = 'data:text/javascript,' + encodeURIComponent('export function inUrl() { return 1 }');
const { inUrl } = await import(url);
console.log(bom(), bomCjs.bom(), crlf(), hashbang(), (0, hashbangCjs.hashbang)(), last(), inUrl());
`,
});

test('byte order marks, hashbangs, CRLF and comments without a newline stay harmless', () => {
  const seen = runProgram(project, ['app.mjs'], { targets: ['**/*:*'] });
  assert.equal(seen.stdout, '1 1 1 1 undefined 1 1\n', seen.stderr);
  assert.deepEqual(seen.counts, {
    'bom.mjs:bom': 1,
    'bom.cjs:bom': 1,
    'crlf.mjs:crlf': 1,
    'hashbang.mjs:hashbang': 1,
    'hashbang.cjs:hashbang': 1,
    'no-newline.mjs:last': 1,
  });
});

test('a module that cannot be parsed runs as written, and is named once', () => {
  const folder = makeFolder({
    'odd.cjs':
      'function fine() { return 1 }\nexports.fine = fine;\n/* html comment: */ <!-- not in our parser\n',
    'broken.mjs': 'export function broken( { }\n',
    'app.mjs': `import odd from './odd.cjs';
console.log(odd.fine());
await import('./broken.mjs?1').catch((error) => console.log(error.name));
await import('./broken.mjs?2').catch((error) => console.log(error.name));
`,
  });
  const seen = runProgram(folder, ['app.mjs'], { targets: ['**/*:*'] });
  assert.equal(seen.stdout, '1\nSyntaxError\nSyntaxError\n', seen.stderr);
  assert.equal(seen.status, 0);
  const named = seen.notes.filter((note) => note.includes('broken.mjs'));
  assert.equal(named.length, 1, String(seen.notes));
  assert.match(named[0]!, /^cannot parse .*broken\.mjs: .*; it runs as written$/);
});

test('sources arrive as strings, Buffers, byte arrays and array buffers', () => {
  const bytes = new TextEncoder().encode('export function f() {}');
  const url = pathToFileURL(join(project, 'a.mjs')).href;
  for (const source of ['text', Buffer.from(bytes), bytes, bytes.buffer]) {
    const loaded = sourceOf(`${url}?query#hash`, { format: 'module', source });
    assert.equal(loaded?.file, join(project, 'a.mjs'));
    assert.equal(loaded.format, 'module');
  }
  assert.equal(sourceOf(url, { format: 'module', source: null }), null);
});

test('JSON, WASM, addons, built-ins and plain CommonJS are left alone, and what is no file', () => {
  const url = pathToFileURL(join(project, 'a.mjs')).href;
  for (const format of ['json', 'wasm', 'addon', 'builtin', 'commonjs', 'text', null, undefined])
    assert.equal(sourceOf(url, { format, source: 'x' }), null, String(format));
  for (const other of ['data:text/javascript,1', 'blob:nodedata:1', 'node:fs', 'https://example.org/a.mjs'])
    assert.equal(sourceOf(other, { format: 'module', source: 'x' }), null, other);
});

test('a file is rewritten once, even where two loaders of ours meet', () => {
  const flags = ['PRELOAD', '--import', `${PRELOAD}?second`];
  const seen = runProgram(project, ['app.mjs'], { targets: ['./crlf.mjs:crlf', './bom.cjs:bom'], flags });
  assert.deepEqual(seen.counts, { 'crlf.mjs:crlf': 1, 'bom.cjs:bom': 1 });
});
