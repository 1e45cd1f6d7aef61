import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findFunctions } from '../../../dist/loader/find/find-functions.js';
import type { SourceFormat } from '../../../dist/loader/source-format.js';

function namesIn(source: string, file = '/p/a.js', format?: SourceFormat): string[] {
  return findFunctions(source, { file, format }).map(({ name }) => name);
}

function aliasesIn(source: string, file = '/p/a.js'): Record<string, readonly string[]> {
  return Object.fromEntries(findFunctions(source, { file }).map(({ name, aliases }) => [name, aliases]));
}

/** Source → names in source order. */
type Cases = Record<string, readonly string[]>;

function check(cases: Cases, file?: string): void {
  for (const [source, names] of Object.entries(cases)) assert.deepEqual(namesIn(source, file), names, source);
}

describe('qualified names', () => {
  it('of declarations, variables and exports', () => {
    check({
      'function f(){}': ['f'],
      'async function f(){} function* g(){} async function* h(){}': ['f', 'g', 'h'],
      'const f = () => {}': ['f'],
      'let f = function(){}, g = async x => x': ['f', 'g'],
      'const f = function named(){}': ['f'],
      'exports.f = function(){}': ['f'],
      'module.exports.f = () => {}': ['f'],
      'module.exports = { f(){}, g: () => {}, h: function(){} }': ['f', 'g', 'h'],
      'exports = module.exports = { f(){} }': ['f'],
      'export function f(){}': ['f'],
      'export const f = () => {}': ['f'],
      'this.f = () => {}': ['f'],
      'f ||= () => {}; a.b ??= function(){}': ['f', 'a.b'],
      'const { f = () => {} } = o, [g = function(){}] = p': ['f', 'g'],
      'const f = a ? () => 1 : () => 2': ['f', 'f#2'],
      'const f = g || (() => 1)': ['f'],
      'const f = (0, () => 1)': ['f'],
      'const f = __name(() => 1, "f"), x = [__name(function(){}, "g")]': ['f', 'g'],
    });
  });

  it('of what is exported without a name', () => {
    check({
      'export default function(){}': ['default'],
      'export default () => {}': ['default'],
      'export default async () => {}': ['default'],
      'export default class { m(){} }': ['default.m'],
      'module.exports = () => {}': ['default'],
      'module.exports = class { m(){} }': ['default.m'],
      'export default { m(){} }': ['default.m'],
      'export default function f(){}': ['f'],
      'module.exports = function f(){}': ['f'],
      'var f = module.exports = function(){}': ['f'],
    });
  });

  it('of the members of classes', () => {
    check({
      'class C { m(){} static s(){} #p(){} constructor(){} field = () => {}; get a(){} set a(v){} }': [
        'C.m',
        'C.s',
        'C.#p',
        'C.constructor',
        'C.field',
        'C.a#get',
        'C.a#set',
      ],
      'class C { #f = function(){}; static g = async () => {}; static #h = () => {} }': [
        'C.#f',
        'C.g',
        'C.#h',
      ],
      'class C { [Symbol.iterator](){} ["x"](){} [a + b](){} "a b"(){} 1(){} }': [
        'C.[Symbol.iterator]',
        'C.x',
        'C.[a + b]',
        'C["a b"]',
        'C[1]',
      ],
      'class C { m(){} static m(){} }': ['C.m', 'C.m#2'],
      'class C { static { function f(){} this.g = () => {}; const h = () => {} } }': ['C.f', 'C.g', 'C.h'],
      'class C { constructor(){ this.bound = () => {} } m(){ this.late = function(){} } }': [
        'C.constructor',
        'C.bound',
        'C.m',
        'C.late',
      ],
      'const C = class D { m(){} }': ['C.m'],
      'let f = class { static s = () => {} }': ['f.s'],
      'C.prototype.m = function(){}': ['C.m'],
      'C.prototype = { m(){} }': ['C.m'],
      'Object.assign(C.prototype, { m(){} })': ['C.m'],
      'C.prototype[Symbol.iterator] = function(){}': ['C.[Symbol.iterator]'],
      'foo(class { m(){} })': ['<anonymous>.m'],
    });
  });

  it('of the members of objects', () => {
    check({
      'const o = { m(){}, k: () => {}, get a(){}, set a(v){}, "a b"(){}, [Symbol.x]: () => {}, ...{ n(){} } }':
        ['o.m', 'o.k', 'o.a#get', 'o.a#set', 'o["a b"]', 'o.[Symbol.x]', 'n'],
      'const o = { a: { b: { c(){} } } }': ['o.a.b.c'],
      'a.b.c = () => {}': ['a.b.c'],
      'a["b c"] = () => {}; a["d"] = () => {}; a[e] = () => {}': ['a["b c"]', 'a.d', 'a.[e]'],
      'const o = Object.freeze({ m(){} })': ['o.m'],
      'foo({ m(){} })': ['m'],
      'Object.defineProperty(C, "m", { value: function(){} })': ['C.m'],
      'Object.defineProperty(exports, "f", { enumerable: true, get: function(){ return b.f } })': [
        '<anonymous>',
      ],
      'Object.defineProperty(o, "a", { get(){ return compute() }, set: (v) => {} })': ['o.a#get', 'o.a#set'],
    });
  });

  it('of nested functions', () => {
    check({
      'function outer(){ function inner(){} }': ['outer', 'outer.inner'],
      'const outer = () => { const inner = () => () => 1 }': [
        'outer',
        'outer.inner',
        'outer.inner.<anonymous>',
      ],
      'class C { m(){ function inner(){} class D { n(){} } } }': ['C.m', 'C.m.inner', 'C.m.D.n'],
      'function outer(){ return { m(){} } }': ['outer', 'outer.m'],
      'function Old(){ this.m = function(){} }': ['Old', 'Old.m'],
      'function outer(cb = () => {}){}': ['outer', 'outer.cb'],
      'function outer(){ list.map((x) => x); new Promise(function(r){}); return function(){} }': [
        'outer',
        'outer.<anonymous>',
        'outer.<anonymous>#2',
        'outer.<anonymous>#3',
      ],
      'a(() => {}); b(() => {})': ['<anonymous>', '<anonymous>#2'],
      'foo(function named(){})': ['named'],
    });
  });

  it('in module wrappers are those of top level', () => {
    check({
      '(function(){ function f(){} })()': ['<anonymous>', 'f'],
      '(() => { const f = () => {} })()': ['<anonymous>', 'f'],
      '!function(){ function f(){} }()': ['<anonymous>', 'f'],
      '(function main(){ function f(){} }).call(this)': ['main', 'f'],
      '(async () => { function f(){} })()': ['<anonymous>', 'f'],
      '(function(root, factory){ function r(){} })(this, function(exports){ exports.f = () => {} })': [
        '<anonymous>',
        'r',
        '<anonymous>#2',
        'f',
      ],
      'define(["a"], function(a){ function f(){} return f })': ['<anonymous>', 'f'],
      'define("n", [], () => { function f(){} })': ['<anonymous>', 'f'],
      'var require_a = __commonJS({ "a.js"(exports){ function f(){} } })': ['["a.js"]', 'f'],
      'function outer(){ (function(){ function f(){} })() }': ['outer', 'outer.<anonymous>', 'outer.f'],
      'const C = (function(){ function C(){} C.prototype.m = function(){}; return C })()': [
        '<anonymous>',
        'C',
        'C.m',
      ],
      '(function(){ function f(){} })(); (function(){ function f(){} })()': [
        '<anonymous>',
        'f',
        '<anonymous>#2',
        'f#2',
      ],
    });
  });

  it('of TypeScript', () => {
    check(
      {
        'function f(x: string): string; function f(x: any): any { return x }': ['f'],
        'namespace N { export function f(): void {} export namespace M { export const g = () => {} } }': [
          'N.f',
          'N.M.g',
        ],
        'abstract class C { abstract a(): void; constructor(private x: number){} m?(): void; n(): void {} }':
          ['C.constructor', 'C.n'],
        'const f = (<T,>(x: T) => x) satisfies Function as any; const g = (() => {})!': ['f', 'g'],
        'export = function(){}': ['default'],
        '@dec class C { @dec() m(@inject() x: number){} @dec f = () => {}; accessor a = () => {} }': [
          'C.m',
          'C.f',
          'C.a',
        ],
        'class C { static accessor a = () => {} }': ['C.a'],
        'enum E { A = (() => 1)() } declare function d(): void; interface I { m(): void }': ['<anonymous>'],
      },
      '/p/a.ts',
    );
    assert.deepEqual(namesIn('const App = () => <div onClick={() => 1} />', '/p/a.tsx'), [
      'App',
      'App.<anonymous>',
    ]);
    assert.deepEqual(namesIn('const App = () => <div/>', '/p/a.js'), ['App']);
  });
});

describe('aliases', () => {
  it('are the names of exports', () => {
    assert.deepEqual(aliasesIn('function f(){} export { f as g, f as default, f as "a b" }'), {
      f: ['g', 'default', '["a b"]'],
    });
    assert.deepEqual(aliasesIn('export default function f(){}'), { f: ['default'] });
    assert.deepEqual(aliasesIn('class C { m(){} } export default C'), { 'C.m': ['default.m'] });
    assert.deepEqual(aliasesIn('function f(){ function i(){} } exports.g = f; module.exports.h = f'), {
      f: ['g', 'h'],
      'f.i': ['g.i', 'h.i'],
    });
    assert.deepEqual(aliasesIn('function f(){} function i(){} module.exports = { f, g: i }'), {
      f: [],
      i: ['g'],
    });
    assert.deepEqual(aliasesIn('function f(){} module.exports = f'), { f: ['default'] });
    assert.deepEqual(aliasesIn('const f = exports.g = () => {}'), { f: ['g'] });
  });

  it('are those that bundlers define by getters, whose functions do not take the name', () => {
    assert.deepEqual(aliasesIn('__export(x, { g: () => f }); function f(){}'), {
      '<anonymous>': [],
      f: ['g'],
    });
    assert.deepEqual(
      aliasesIn('Object.defineProperty(exports, "g", { get: function(){ return f } }); function f(){}'),
      { '<anonymous>': [], f: ['g'] },
    );
  });

  it("are those that Vite's module runner defines by functions, which nobody wrote", () => {
    assert.deepEqual(
      aliasesIn('__vite_ssr_exportName__("g", () => { try { return f } catch {} }); function f(){}'),
      { f: ['g'] },
    );
    assert.deepEqual(
      aliasesIn(
        'Object.defineProperty(__vite_ssr_exports__, "g", { enumerable: true, get(){ return f } }); function f(){}',
      ),
      { f: ['g'] },
    );
    assert.deepEqual(
      Object.keys(
        aliasesIn(
          '__vite_ssr_exportName__("default", () => { try { return __vite_ssr_export_default__ } catch {} }); const __vite_ssr_export_default__ = () => {};',
        ),
      ),
      ['default'],
    );
  });

  it('are the own names of function expressions, and accessors without #get', () => {
    assert.deepEqual(aliasesIn('const f = function g(){}'), { f: ['g'] });
    assert.deepEqual(aliasesIn('class C { get a(){} }'), { 'C.a#get': ['C.a'] });
  });

  it('are not names that another module exports', () => {
    assert.deepEqual(aliasesIn('function f(){} export { f as g } from "./b.js"'), { f: [] });
  });
});

describe('places and kinds', () => {
  it('are 1-based, of the function itself', () => {
    const sites = findFunctions(
      'export function a(){}\nconst b = async () => {}, o = {\n  *c(){},\n  async *d(){} }',
      { file: '/p/a.mjs' },
    );
    assert.deepEqual(
      sites.map(({ name, line, column, kind }) => [name, line, column, kind]),
      [
        ['a', 1, 8, 'sync'],
        ['b', 2, 11, 'async'],
        ['o.c', 3, 3, 'generator'],
        ['o.d', 4, 3, 'async-generator'],
      ],
    );
  });

  it('come after decorators', () => {
    const [site] = findFunctions('class C {\n  @dec()\n  @other /* c */\n  async m(){}\n}', {
      file: '/p/a.ts',
    });
    assert.deepEqual([site!.line, site!.column], [4, 3]);
  });

  it('count lines as JavaScript does', () => {
    const lines = findFunctions('f = () => 1\r\ng = () => 2\rh = () => 3\u2028i = () => 4', {
      file: '/p/a.js',
    });
    assert.deepEqual(
      lines.map(({ line }) => line),
      [1, 2, 3, 4],
    );
  });
});

describe('parsing', () => {
  it('follows the format, then the extension, then the syntax', () => {
    assert.deepEqual(namesIn('return; function f(){}', '/p/a.cjs'), ['f']);
    assert.deepEqual(namesIn('return; function f(){}', '/p/a.mjs', 'commonjs'), ['f']);
    assert.deepEqual(namesIn('return; with (a) b; function f(){}', '/p/a.js'), ['f']);
    assert.deepEqual(namesIn('await 1; const f = () => {}', '/p/a.js'), ['f']);
    assert.deepEqual(namesIn('const f = (x: number) => x', '/p/a.js', 'module-typescript'), ['f']);
    assert.deepEqual(namesIn('#!/usr/bin/env node\nfunction f(){}'), ['f']);
    assert.deepEqual(namesIn('import a from "./a.json" with { type: "json" }; function f(){}'), ['f']);
    assert.deepEqual(namesIn('import a from "./a.json" assert { type: "json" }; function f(){}'), ['f']);
    assert.deepEqual(namesIn('{ using a = b; await using c = d }; function f(){}', '/p/a.mjs'), ['f']);
    assert.deepEqual(namesIn('@dec export class C { m(){} }', '/p/a.mjs'), ['C.m']);
  });

  it('says which file cannot be parsed, where and why', () => {
    assert.throws(() => namesIn('let a;\nlet a;'), {
      name: 'TtprofError',
      message: /\/p\/a\.js.*already been declared.*\(line 2\)/,
    });
    assert.throws(() => namesIn('function (', '/p/a.mjs'), { name: 'TtprofError', message: /\/p\/a\.mjs/ });
  });
});
