import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  displayName,
  displayRow,
  listNames,
  makeVisible,
  shortenName,
} from '../../../../dist/report/formats/table/display-name.js';

test('names are shown as calls, accessors as what they are', () => {
  const expected: [name: string, shown: string][] = [
    ['src/lib.js:maths', 'src/lib.js:maths()'],
    ['a.js:C.m', 'a.js:C.m()'],
    ['a.js:C.a#get', 'a.js:C.a (get)'],
    ['a.js:C.a#set', 'a.js:C.a (set)'],
    ['a.js:C.a#get#2', 'a.js:C.a (get)#2'],
    ['a.js:C.#p', 'a.js:C.#p()'],
    ['a.js:C.#get', 'a.js:C.#get()'], // a private method that is called get
    ['a.js:C.#p#set', 'a.js:C.#p (set)'],
    ['a.js:f#2', 'a.js:f#2()'],
    ['a.js:o["a b"]', 'a.js:o["a b"]()'],
    ['a.js:outer.<anonymous>', 'a.js:outer.<anonymous>()'],
  ];
  for (const [name, shown] of expected) assert.equal(displayName(name), shown);
});

test('a row tells where its function starts, where that was typed or its name does not tell', () => {
  const row = (name: string, target: string, line = 3) => displayRow({ name, target, line });
  assert.equal(row('a.js:f', 'a.js:f'), 'a.js:f()');
  assert.equal(row('a.js:f', 'a:3'), 'a.js:f():3');
  assert.equal(row('a.js:f', ':3:7'), 'a.js:f():3:7');
  assert.equal(row('a.js:f.<anonymous>', 'a.js:*'), 'a.js:f.<anonymous>():3');
  // of the compiled file; the row is of the original
  assert.equal(row('a.ts:<anonymous>', 'a.js:12'), 'a.ts:<anonymous>():12');
  assert.equal(row('a:<anonymous>', 'a:<anonymous>', 0), 'a:<anonymous>()');
});

test('control characters and changes of direction become visible', () => {
  assert.equal(makeVisible('a\x1b[31mb\nc\u202ed'), 'a\\u{1b}[31mb\\u{a}c\\u{202e}d');
  assert.equal(makeVisible('שלום'), 'שלום');
});

test('the name of the function stays where its path has to go', () => {
  assert.equal(shortenName('packages/core/src/parser/lexer.ts:tokenize()', 20), 'packages…:tokenize()');
  assert.equal(shortenName('packages/core/src/parser/lexer.ts:lex():42:7', 20), 'packages…:lex():42:7');
  assert.equal(shortenName('a.js:aVeryLongFunctionNameIndeed()', 12).length, 12);
});

test('lists of names end with how many are left', () => {
  const names = ['a.js:a', 'a.js:b', 'a.js:c', 'a.js:d', 'a.js:e'];
  assert.equal(listNames(names), 'a.js:a(), a.js:b(), a.js:c() and 2 more');
  assert.equal(listNames(names.slice(0, 1)), 'a.js:a()');
});
