import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { visitFunctions } from '../../../dist/loader/find/find-functions-visit.js';
import { parseSource } from '../../../dist/loader/find/syntax-tree.js';
import type { OriginalPosition } from '../../../dist/loader/maps/source-map.js';
import { matchFunctions, mayContain, type TargetMatch } from '../../../dist/loader/targets/match-function.js';
import { parseTarget } from '../../../dist/loader/targets/target.js';

function matchOf(text: string, originals: readonly string[] | null = null): TargetMatch {
  return { target: parseTarget(text, { cwd: '/p', exists: () => false }), originals };
}

/** Names that targets (function parts with a leading `:` or a line) match in a source. */
function match(source: string, ...texts: string[]): string[] {
  const file = '/p/a.mjs';
  const found = visitFunctions(parseSource(source, { file }), source);
  return matchFunctions(
    found,
    texts.map((text) => matchOf(text)),
  ).map(({ found: { name } }) => name);
}

describe('the own name of a function expression', () => {
  const source = 'var P = function(){}; P.prototype.parse = function parse(){}; P.run = function run(){};';

  it('finds it where nothing else has that name', () => {
    assert.deepEqual(match(source, 'parse'), ['P.parse']);
  });
  it('gives way to a function that is known by it', () => {
    assert.deepEqual(match(`${source} function parse(){}`, 'parse'), ['parse']);
  });
  it('is no part of what a wildcard finds', () => {
    assert.deepEqual(match(`${source} function parseAll(){}`, 'parse*'), ['parseAll']);
  });
});

describe('a name', () => {
  const source = `
    function f(){} function outer(){ function inner(){} function f(){} class K { m(){} } }
    class C { m(){} static m(){} get a(){} set a(v){} #p(){} }
    export { f as g, C as D }; list.map(() => 1);
    const o = { "a b"(){}, [Symbol.iterator](){} };`;

  it('is the qualified one', () => {
    assert.deepEqual(match(source, 'outer'), ['outer']);
    assert.deepEqual(match(source, 'outer.inner'), ['outer.inner']);
    assert.deepEqual(match(source, 'C.#p'), ['C.#p']);
    assert.deepEqual(match(source, 'o["a b"]'), ['o["a b"]']);
    assert.deepEqual(match(source, 'o.[Symbol.iterator]'), ['o.[Symbol.iterator]']);
    assert.deepEqual(match(source, 'nothing'), []);
    assert.deepEqual(match(source, 'm'), [], 'a method needs its class');
  });

  it('without the functions around it finds a nested one where no other has it', () => {
    assert.deepEqual(match(source, 'inner'), ['outer.inner']);
    assert.deepEqual(match(source, 'K.m'), ['outer.K.m']);
    assert.deepEqual(match(source, 'f'), ['f']);
    assert.deepEqual(match('const a = () => { const b = () => { const c = () => 1 } }', 'b.c'), ['a.b.c']);
  });

  it('of an export finds what it exports', () => {
    assert.deepEqual(match(source, 'g'), ['f']);
    assert.deepEqual(match(source, 'D.#p'), ['C.#p']);
  });

  it('of an accessor finds both, with #get or #set one', () => {
    assert.deepEqual(match(source, 'C.a'), ['C.a#get', 'C.a#set']);
    assert.deepEqual(match(source, 'C.a#set'), ['C.a#set']);
  });

  it('that several have finds all, with a number one', () => {
    assert.deepEqual(match(source, 'C.m'), ['C.m', 'C.m#2']);
    assert.deepEqual(match(source, 'C.m#2'), ['C.m#2']);
    assert.deepEqual(match(source, 'C.m#1'), ['C.m']);
  });

  it('is no pattern but for its wildcard', () => {
    assert.deepEqual(match('const $ = () => 1, $$ = () => 2, a = () => 3', '$'), ['$']);
    assert.deepEqual(match('const $ = () => 1, $$ = () => 2, a = () => 3', '$*'), ['$', '$$']);
  });
});

describe('a wildcard', () => {
  const source =
    'class C { m(){} n(){ [].map(() => 1) } } function parseA(){} function parseB(){ b(() => { function x(){} }) } const aparse = () => 1';

  it('stands for any characters, dots included', () => {
    assert.deepEqual(match(source, 'C.*'), ['C.m', 'C.n', 'C.n.<anonymous>']);
    assert.deepEqual(match(source, '*m'), ['C.m']);
    assert.deepEqual(match(source, 'parse?'), []);
    assert.deepEqual(match(source, '*x'), ['parseB.<anonymous>.x']);
  });

  it('means functions without a name only at the end', () => {
    assert.deepEqual(match(source, '*'), [
      'C.m',
      'C.n',
      'C.n.<anonymous>',
      'parseA',
      'parseB',
      'parseB.<anonymous>',
      'parseB.<anonymous>.x',
      'aparse',
    ]);
    assert.deepEqual(match(source, '*>'), []);
    assert.deepEqual(match(source, 'parse*'), [
      'parseA',
      'parseB',
      'parseB.<anonymous>',
      'parseB.<anonymous>.x',
    ]);
  });
});

describe("compilers' helpers", () => {
  const source = `
    var __awaiter = (this && this.__awaiter) || function (a) { function adopt(value) { return value } };
    var __name = (target, value) => target;
    function _interopRequireDefault(e) { return e }
    function _objectSpread(e) { return e }
    function ownKeys(e) { return e }
    function own() { function __name() {} }
    function __mine() {}
  `;

  it('are not what a wildcard means', () => {
    assert.deepEqual(match(source, '*'), ['own', 'own.__name', '__mine']);
    assert.deepEqual(match(source, '*Default'), []);
    assert.deepEqual(match('function ownKeys() {} function _export() {}', '*'), ['ownKeys', '_export']);
    const ofOxc = 'function _typeof() {} function toPrimitive() {} function toPropertyKey() {}';
    assert.deepEqual(match(`${ofOxc} function _defineProperty() {} function own() {}`, '*'), ['own']);
    assert.deepEqual(match('function toPrimitive() {} function toPropertyKey() {}', '*').length, 2);
  });

  it('are found by their names, and by wildcards that begin as they do', () => {
    assert.deepEqual(match(source, '__awaiter'), ['__awaiter']);
    assert.deepEqual(match(source, '__name'), ['__name']);
    assert.deepEqual(match(source, '__*'), ['__awaiter', '__awaiter.adopt', '__name', '__mine']);
  });
});

describe('a line', () => {
  const source =
    'export function a(){}\nconst b = (x) => list.map((y) => y), c = () => 1;\nconst d = () => {\n  f(() => 2);\n};\n';

  it('means the innermost function that starts on it', () => {
    assert.deepEqual(match(source, ':1'), ['a']);
    assert.deepEqual(match(source, ':2'), ['b.<anonymous>', 'c']);
    assert.deepEqual(match(source, ':3'), ['d']);
    assert.deepEqual(match(source, ':4'), ['d.<anonymous>']);
    assert.deepEqual(match(source, ':5'), []);
  });

  it('with a column means the one that starts there, or whose name does', () => {
    assert.deepEqual(match(source, ':2:11'), ['b']);
    assert.deepEqual(match(source, ':2:27'), ['b.<anonymous>']);
    assert.deepEqual(match(source, ':1:8'), ['a']);
    assert.deepEqual(match(source, ':1:17'), ['a']);
    assert.deepEqual(match(source, ':2:1'), []);
  });
});

describe('several targets', () => {
  const source = 'function a(){} function b(){} function c(){}';

  it('add up, an exclamation mark takes away, in whatever order', () => {
    assert.deepEqual(match(source, 'a', 'c'), ['a', 'c']);
    assert.deepEqual(match(source, '*', '!b'), ['a', 'c']);
    assert.deepEqual(match(source, '!b', '*'), ['a', 'c']);
    assert.deepEqual(match(source, '!*', 'a'), []);
  });

  it('are all named, each once', () => {
    const found = visitFunctions(parseSource(source, { file: '/p/a.mjs' }), source);
    const matched = matchFunctions(
      found,
      ['b', '*', 'b'].map((text) => matchOf(text)),
    );
    assert.deepEqual(
      matched.map(({ targets }) => targets),
      [['*'], ['b', '*'], ['*']],
    );
  });
});

describe('a compiled file', () => {
  const source = 'function a(){}\nfunction b(){}\nfunction c(){}';
  const found = visitFunctions(parseSource(source, { file: '/p/out.mjs' }), source);
  /** `a` comes from x.ts:10, `b` from y.ts:20, `c` from nowhere. */
  const originalOf = ({ name }: { name: string }): OriginalPosition | null =>
    ({ a: { file: '/p/x.ts', line: 10, column: 1 }, b: { file: '/p/y.ts', line: 20, column: 5 } })[name] ??
    null;
  const matchCompiled = (text: string, originals: readonly string[] | null) =>
    matchFunctions(found, [matchOf(text, originals)], originalOf).map((one) => one.found.name);

  it('has functions of the original that a target names', () => {
    assert.deepEqual(matchCompiled('*', ['/p/x.ts']), ['a']);
    assert.deepEqual(matchCompiled('b', ['/p/x.ts']), []);
    assert.deepEqual(matchCompiled('*', null), ['a', 'b', 'c']);
  });

  it('is addressed by lines of the original, its own where those have no function', () => {
    assert.deepEqual(matchCompiled(':20', ['/p/y.ts']), ['b']);
    assert.deepEqual(matchCompiled(':20:5', null), ['b']);
    assert.deepEqual(matchCompiled(':3', null), ['c']);
    assert.deepEqual(matchCompiled(':2', null), ['b']);
  });
});

describe('the look before parsing', () => {
  const may = (source: string, ...texts: string[]) =>
    mayContain(
      source,
      texts.map((text) => matchOf(text)),
    );

  it('finds what may be there', () => {
    assert.equal(may('function parse(){}', 'parse'), true);
    assert.equal(may('class C { get a(){} }', 'C.a#get'), true);
    assert.equal(may('module.exports = () => {}', 'default'), true);
    assert.equal(may('const o = { "a b"(){} }', 'o["a b"]'), true);
    assert.equal(may('const o = { [Symbol.x](){} }', 'o.[Symbol.x]'), true);
    assert.equal(may('f(() => {})', ':1'), true);
    assert.equal(may('function parseAll(){}', 'parse*'), true);
    assert.equal(may('f = () => {}', '*'), true);
    assert.equal(may('function f(){}', 'g', 'f#2'), true);
  });

  it('spares what cannot be there', () => {
    assert.equal(may('function parse(){}', 'print'), false);
    assert.equal(may('class C {}', 'C.m'), false);
    assert.equal(may('function parse(){}', 'print*', '!parse'), false);
  });
});
