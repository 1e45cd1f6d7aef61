import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeFunctions } from '../../../dist/loader/state/judge-functions.js';

interface Case {
  readonly what: string;
  readonly source: string;
  /** By default `f`. */
  readonly name?: string;
  readonly modules?: Record<string, string>;
  readonly file?: string;
}

function judge({ source, name = 'f', modules = {}, file = '/p/lib.mjs' }: Case) {
  const [judgement] = judgeFunctions({ file, source }, [name], (specifier) => {
    if (!specifier.startsWith('.')) return null;
    const text = modules[specifier];
    return text === undefined ? 'missing' : { file: `/p/${specifier}`, source: text };
  });
  return judgement!;
}

const REFUSED: readonly (Case & { readonly reason: RegExp; readonly line?: number })[] = [
  {
    what: 'a counter',
    source: 'let n = 0;\nexport function f() {\n  return n++;\n}',
    reason: /^writes n, which is reassigned in line 3$/,
    line: 3,
  },
  {
    what: 'a binding that another function writes',
    source: 'let n = 0;\nexport const f = () => n;\nexport const set = (v) => { n = v; };',
    reason: /^reads n, which is reassigned in line 3$/,
    line: 2,
  },
  {
    what: 'a counter in a function that it calls',
    source: 'let id = 0;\nconst next = () => ++id;\nexport function f() { return next(); }',
    reason: /^writes id/,
    line: 2,
  },
  {
    what: 'a cache',
    source:
      'const cache = new Map();\nexport function f(x) {\n  if (!cache.has(x)) cache.set(x, x * 2);\n  return cache.get(x);\n}',
    reason: /^uses cache, which is changed in line 3$/,
    line: 3,
  },
  {
    what: 'a Set',
    source: 'const seen = new Set();\nexport function f(x) { seen.add(x); }',
    reason: /^uses seen, which is changed in line 2$/,
  },
  {
    what: 'a cache by index',
    source: 'const memo = {};\nexport function f(x) { return (memo[x] ??= x * 2); }',
    reason: /^uses memo, which is changed/,
  },
  {
    what: 'an array that grows',
    source: 'const pool = [];\nexport function f(x) { pool.push(x); return pool.length; }',
    reason: /^uses pool, which is changed/,
  },
  {
    what: 'a nested object',
    source: 'const state = { a: { n: 0 } };\nexport function f() { return ++state.a.n; }',
    reason: /^uses state, which is changed/,
  },
  {
    what: 'deleting',
    source: 'const o = { a: 1 };\nexport function f() { delete o.a; }',
    reason: /^uses o, which is changed/,
  },
  {
    what: 'Object.assign',
    source: 'const o = { a: 1 };\nexport function f(x) { Object.assign(o, x); }',
    reason: /^uses o, which is changed/,
  },
  {
    what: 'a pattern that assigns',
    source: 'const o = { a: 1 };\nexport function f(x) { [o.a] = x; }',
    reason: /^uses o, which is changed/,
  },
  {
    what: 'a cache that is handed on',
    source:
      'const cache = new Map();\nexport function f(x) { return look(cache, x); }\nfunction look(c, x) { c.set(x, 1); }',
    reason: /^uses cache, which is handed on in line 2$/,
  },
  {
    what: 'a property of the function itself',
    source:
      'export function f(x) { f.calls = (f.calls ?? 0) + 1; return x; }\nexport function g() { return f(1); }',
    name: 'g',
    reason: /^uses f, which is changed in line 1$/,
  },
  {
    what: 'a static counter',
    source: 'class C { static n = 0; m() { return ++C.n; } }',
    name: 'C.m',
    reason: /^uses C, which is changed/,
  },
  {
    what: 'a memoized function',
    source:
      'import { memo } from "memo";\nconst slow = memo((x) => x);\nexport function f(x) { return slow(x); }',
    reason: /^calls slow, which is made by a call in line 2/,
  },
  {
    what: 'an object with methods made by a call',
    source: 'import { LRU } from "lru";\nconst lru = new LRU();\nexport function f(x) { return lru.get(x); }',
    reason: /^calls lru, which is made by a call/,
  },
  {
    what: 'lastIndex',
    source: 'const re = /a/g;\nexport function f(x) { return re.test(x); }',
    reason: /^calls re.test, which keeps lastIndex$/,
  },
  {
    what: 'a symbol',
    source: 'const kind = Symbol("kind");\nexport function f(x) { return x[kind]; }',
    reason: /^uses kind, a symbol/,
  },
  {
    what: 'a private name',
    source: 'class C {\n  #x = 1;\n  m() { return this.#x; }\n}',
    name: 'C.m',
    reason: /^uses the private name #x$/,
    line: 3,
  },
  {
    what: 'a private name in a class that it uses',
    source: 'class C { #x = 1; get() { return this.#x; } }\nexport function f() { return new C().get(); }',
    reason: /^uses the private name #x$/,
  },
  { what: 'new.target', source: 'export function f() { return new.target; }', reason: /^uses new.target$/ },
  {
    what: 'import.meta',
    source: 'export function f() { return import.meta.url; }',
    reason: /^uses import.meta$/,
  },
  {
    what: 'super',
    source: 'class B { m() {} }\nclass C extends B { m() { return super.m(); } }',
    name: 'C.m',
    reason: /^uses super$/,
  },
  {
    what: 'a method of this',
    source: 'class C { m() { return this.k(); } k() {} }',
    name: 'C.m',
    reason: /^calls this.k/,
  },
  {
    what: 'instanceof',
    source: 'class C {}\nexport function f(x) { return x instanceof C; }',
    reason: /^asks instanceof C/,
  },
  {
    what: 'a constructor',
    source: 'class C { constructor() { this.x = 1; } }',
    name: 'C.constructor',
    reason: /^is a constructor/,
  },
  { what: 'a generator', source: 'export function* f() { yield 1; }', reason: /^is a generator/ },
  {
    what: 'an async generator',
    source: 'export async function* f() { yield 1; }',
    reason: /^is a generator/,
  },
  {
    what: 'a getter',
    source: 'class C { get a() { return 1; } }',
    name: 'C.a#get',
    reason: /^is a getter or setter/,
  },
  {
    what: 'a closure',
    source: 'export function outer() {\n  return function f() {};\n}',
    name: 'outer.f',
    reason: /^is made anew in each call of the function in line 1$/,
  },
  {
    what: 'a field',
    source: 'class C { f = () => 1; }',
    name: 'C.f',
    reason: /^has no name by which its module could give it$/,
  },
  {
    what: 'nothing that names it',
    source: 'export default () => 1;',
    name: 'default',
    reason: /^has no name/,
  },
  {
    what: 'a name that is wrapped',
    source: 'const f = wrap(function f() { return 1; });\nfunction wrap(g) { return g; }',
    name: 'f',
    reason: /^has no name by which its module could give it$/,
  },
  {
    what: 'an arrow function with a pattern',
    source: 'export const f = ({ a }) => a;',
    reason: /takes its parameters apart$/,
  },
  { what: 'eval', source: 'export function f(x) { return eval(x); }', reason: /^uses eval$/ },
  {
    what: 'exports',
    source: 'exports.n = 0;\nfunction f() { return exports.n++; }',
    file: '/p/lib.cjs',
    reason: /^uses exports$/,
  },
  {
    what: 'a late require',
    source: 'function f() { return require("./x"); }',
    file: '/p/lib.cjs',
    reason: /^uses require$/,
  },
  {
    what: 'a module that counts',
    source: 'import { next } from "./ids.mjs";\nexport function f() { return next(); }',
    modules: { './ids.mjs': 'let id = 0;\nexport function next() { return id++; }' },
    reason: /^uses .\/ids.mjs, which writes id, which is reassigned in line 2 \(its line 2\)$/,
    line: 2,
  },
  {
    what: 'a module of a module',
    source: 'const { g } = require("./a");\nfunction f() { return g(); }',
    file: '/p/lib.cjs',
    modules: {
      './a': 'const b = require("./b");\nexports.g = () => b();',
      './b': 'class X {}\nmodule.exports = (x) => x instanceof X;',
    },
    reason: /^uses .\/a, which uses .\/b, which asks instanceof X/,
  },
  {
    what: 'a module that is not there',
    source: 'import { g } from "./no.mjs";\nexport function f() { return g(); }',
    reason: /^uses .\/no.mjs, which is not found$/,
  },
];

const ACCEPTED: readonly (Case & { readonly reach: string })[] = [
  { what: 'a plain function', source: 'export function f(x) { return x + 1; }', reach: 'f' },
  { what: 'an async function', source: 'export async function f(x) { await x; }', reach: 'f' },
  {
    what: 'an arrow function',
    source: 'export const f = (a, b = 2, ...rest) => a + b + rest.length;',
    reach: 'f',
  },
  {
    what: 'a constant table',
    source: 'const T = [1, 2, 3];\nexport function f(x) { return T[x]; }',
    reach: 'f',
  },
  {
    what: 'a table that is filled as the module loads',
    source: 'const T = [];\nfor (let i = 0; i < 9; i++) T[i] = i * i;\nexport function f(x) { return T[x]; }',
    reach: 'f',
  },
  {
    what: 'a local counter and a local Map',
    source: 'export function f(x) { let n = 0; const m = new Map(); m.set(x, n++); return m; }',
    reach: 'f',
  },
  {
    what: 'a local name that hides a counter',
    source: 'let n = 0;\nexport function count() { n++; }\nexport function f(n) { n++; return n; }',
    reach: 'f',
  },
  {
    what: 'a counter that it does not use',
    source: 'let n = 0;\nexport function count() { n++; }\nexport function f(x) { return x; }',
    reach: 'f',
  },
  {
    what: 'recursion',
    source: 'export function f(n) { return n < 2 ? n : f(n - 1) + f(n - 2); }',
    reach: 'f',
  },
  {
    what: 'a method',
    source: 'export class C { m(x) { return this.k + x; } }',
    name: 'C.m',
    reach: 'C.prototype.m',
  },
  {
    what: 'a static method',
    source: 'export class C { static m(x) { return x; } }',
    name: 'C.m',
    reach: 'C.m',
  },
  {
    what: 'a method of an object',
    source: 'export const o = { m(x) { return x; } };',
    name: 'o.m',
    reach: 'o.m',
  },
  {
    what: 'a function in an object',
    source: 'const o = { "a b": { k: () => 1 } };',
    name: 'o["a b"].k',
    reach: 'o["a b"].k',
  },
  {
    what: 'a prototype',
    source: 'function C() {}\nC.prototype.m = function (x) { return x; };',
    name: 'C.m',
    reach: 'C.prototype.m',
  },
  {
    what: 'exports',
    source: 'exports.f = function (x) { return x; };',
    file: '/p/lib.cjs',
    reach: 'exports.f',
  },
  {
    what: 'module.exports',
    source: 'module.exports = { f(x) { return x; } };',
    file: '/p/lib.cjs',
    reach: 'module.exports.f',
  },
  {
    what: 'a class that it makes instances of',
    source:
      'class P { constructor(s) { this.s = s; } run() { return super.toString() + this.next(); } next() { return 1; } }\nexport function f(s) { return new P(s).run(); }',
    reach: 'f',
  },
  {
    what: 'instanceof of the language',
    source: 'export function f(x) { return x instanceof Error; }',
    reach: 'f',
  },
  {
    what: 'a regular expression that keeps nothing',
    source: 'const re = /a/g;\nexport function f(x) { return x.replace(re, "b"); }',
    reach: 'f',
  },
  {
    what: 'a module that keeps nothing',
    source: 'import { g } from "./g.mjs";\nexport function f(x) { return g(x); }',
    modules: { './g.mjs': 'export const g = (x) => x;' },
    reach: 'f',
  },
  {
    what: 'modules in a circle',
    source: 'import { g } from "./g.mjs";\nexport function f(x) { return g(x); }',
    modules: {
      './g.mjs': 'import { h } from "./h.mjs";\nexport const g = (x) => h(x);',
      './h.mjs': 'import { g } from "./g.mjs";\nexport const h = (x) => x || g(x);',
    },
    reach: 'f',
  },
  {
    what: 'a text and an array made of literals',
    source:
      "const T = 'a b'.repeat(2).split(' ');\nconst J = JSON.parse('[1]');\nexport function f() { return T.join() + J.join(); }",
    reach: 'f',
  },
  {
    what: 'TypeScript',
    source:
      'type N = number;\nlet count: number = 0;\nexport function tick(): void { count++; }\nexport function f(x: N): N { return x as N; }',
    file: '/p/lib.ts',
    reach: 'f',
  },
];

for (const { reason, line, ...one } of REFUSED) {
  test(`refuses ${one.what}`, () => {
    const { refusal, reach } = judge(one);
    assert.match(refusal?.reason ?? 'accepted', reason);
    assert.equal(reach, null);
    if (line !== undefined) assert.equal(refusal?.line, line);
  });
}

for (const { reach, ...one } of ACCEPTED) {
  test(`accepts ${one.what}`, () => {
    const judgement = judge(one);
    assert.equal(judgement.refusal, null, judgement.refusal?.reason);
    assert.equal(judgement.reach, reach);
  });
}
