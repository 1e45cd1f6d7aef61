import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runInNewContext } from 'node:vm';
import { type RewriteResult, rewrite } from '../../../dist/loader/rewrite/rewrite.js';
import type { SourceFormat } from '../../../dist/loader/source-format.js';
import { parseTarget } from '../../../dist/loader/targets/target.js';
import { type CallRecord, installTestRuntime } from '../test-runtime.js';

const file = '/p/a.js';

function rewriteTargets(
  source: string,
  targets: readonly string[] = ['*'],
  format: SourceFormat = 'script',
): RewriteResult | null {
  const matches = targets.map((text) => ({
    target: parseTarget(text, { cwd: '/p', exists: () => false }),
    originals: null,
  }));
  return rewrite(source, { file, format, matches, maps: 'none' });
}

/** Runs rewritten code; `result` is what its last expression gives. */
function run(
  source: string,
  targets?: readonly string[],
): { result: unknown; calls: CallRecord[]; code: string } {
  const { code } = rewriteTargets(source, targets)!;
  const context: Record<string, unknown> = { console };
  const calls = installTestRuntime(context);
  return { result: runInNewContext(code, context), calls, code };
}

/** `name state` of each call. */
function statesOf(calls: readonly CallRecord[]): string[] {
  return calls.map(({ name, state }) => `${name} ${state}`);
}

describe('which calls are recorded', () => {
  it('those of matched functions', () => {
    const { calls, result } = run(
      'function f(x){ return g(x) + h(x) } const g = x => x, h = (x) => { return x }; f(2)',
      ['f', 'h'],
    );
    assert.equal(result, 4);
    assert.deepEqual(statesOf(calls), ['f returned', 'h returned']);
    assert.deepEqual(
      calls.map(({ value }) => value),
      [4, 2],
    );
  });

  it('as thrown where they threw, whatever `finally` blocks do', () => {
    const source = `
      function throws(){ throw 1 }
      function catches(){ try { throws() } catch { return 'caught' } }
      function finallyThrows(){ try { return 1 } finally { throws() } }
      function finallyReturns(){ try { throws() } finally { return 'ok' } }
      function finallyBreaks(){ for (;;) { try { return 1 } finally { break } } throws() }
      function finallyKeeps(){ try { return 'kept' } finally { [].push(1) } }
      function nested(){ try { try { return 1 } finally { [].push(1) } } finally { throws() } }
      function fallsThrough(){ try { } finally { } }
      for (const f of [catches, finallyThrows, finallyReturns, finallyBreaks, finallyKeeps, nested, fallsThrough])
        try { f() } catch {}`;
    const { calls } = run(source, ['*', '!throws']);
    assert.deepEqual(statesOf(calls), [
      'catches returned',
      'finallyThrows threw',
      'finallyReturns returned',
      'finallyBreaks threw',
      'finallyKeeps returned',
      'nested threw',
      'fallsThrough returned',
    ]);
    assert.deepEqual(
      calls.map(({ value }) => value),
      ['caught', undefined, 'ok', undefined, 'kept', undefined, undefined],
    );
  });

  it('of constructors and of functions that return functions', () => {
    const { calls, result } = run(
      'class A { constructor(){ this.a = 1 } } class B extends A { constructor(){ super(); return } } const f = () => () => {}; [new B().a, f().name]',
    );
    assert.deepEqual([...(result as unknown[])], [1, '']);
    assert.deepEqual(statesOf(calls), ['B.constructor returned', 'A.constructor returned', 'f returned']);
  });

  it('only after the runtime is there', () => {
    const { code } = rewriteTargets(
      'function f(){ return 1 } async function g(){ await 1 } function* h(){ yield 1 }',
    )!;
    const context: Record<string, unknown> = {};
    assert.equal(runInNewContext(`${code};g(), [...h()], f()`, context), 1);
    const calls = installTestRuntime(context);
    runInNewContext('f()', context);
    assert.deepEqual(statesOf(calls), ['f returned']);
  });
});

describe('calls that wait', () => {
  it('are paused while they do', async () => {
    const source = `
      async function f(x){ const { a } = await x; const [b] = await [a]; for await (const c of [1, 2]) { check('f', false); } await g(); return b }
      const g = async () => { check('g', false); try { await Promise.reject(1) } catch { check('g', false); } finally { check('g', false) } };
      function check(name, isPaused) { if (last(name).isPaused !== isPaused) throw new Error(name + ' is paused: ' + !isPaused) }
      const promise = f({ a: 1 }); check('f', true); promise`;
    const { code } = rewriteTargets(source, ['f', 'g'])!;
    const context: Record<string, unknown> = {};
    const calls = installTestRuntime(context);
    context.last = (name: string) => calls.findLast((call) => call.name === name);
    assert.equal(await runInNewContext(code, context), 1);
    assert.deepEqual(statesOf(calls), ['f returned', 'g returned']);
    // two awaits, the loop (three waits: two values and the end), the call of g
    assert.deepEqual(
      calls.map(({ pauses }) => pauses),
      [6, 1],
    );
  });

  it('hand the promise that they return to the runtime, whether in `try … finally` or not', async () => {
    const { result, calls } = run(
      'async function f(p){ return p } async function g(p){ try { return p } finally { await 1 } } [f, g].map((h) => h(Promise.resolve(5)))',
    );
    assert.deepEqual(await Promise.all(result as Promise<unknown>[]), [5, 5]);
    for (const name of ['f', 'g']) assert.equal(await calls.find((call) => call.name === name)!.value, 5);
  });

  it('threw where they rejected', async () => {
    const { result, calls } = run(
      'async function f(){ await null; throw 1 } async function g(){ await f() } g().catch((e) => e)',
      ['f', 'g'],
    );
    assert.equal(await result, 1);
    assert.deepEqual(statesOf(calls), ['g threw', 'f threw']);
  });

  it('are not resumed where only variables are read before their end', async () => {
    const { result, calls } = run(
      `const x = Promise.resolve({ y: 1 }), outside = 1;
      const idle = [
        async () => await x,
        async (a) => { await x; return a },
        async () => { const a = await x; const b = [a, { a }]; return a === undefined ? null : b },
        async (a) => { if (a) { await x; return } return a.y },
        async () => { await x; return () => a.y },
      ];
      const busy = [
        async () => { const a = await x; return a.y },
        async () => { const { y } = await x; return y },
        async (a) => { await x; return a + 1 },
        async () => { await x; return outside },
        async () => { try { await x } finally { outside } },
        async () => { for (const a of [1]) await x },
        async (a) => { if (a) await x; a.y },
        async () => { await x; return [...'a'] },
        async () => { await x; return { get: 1, ['a']: 1 } },
      ];
      const results = []; for (const f of [...idle, ...busy]) results.push(f({ y: 1 })); Promise.all(results)`,
    );
    await result;
    const states = calls.map(
      ({ state, isPaused }) => `${state} ${isPaused ? 'while paused' : 'after going on'}`,
    );
    assert.deepEqual(states, [
      ...Array(5).fill('returned while paused'),
      ...Array(9).fill('returned after going on'),
    ]);
  });

  it('begin paused where nothing runs before they wait', async () => {
    const { result, calls } = run(
      `const x = Promise.resolve([]), outside = x;
      const idle = [
        async (a) => { await a },
        async (a) => { if (!a) return 1; const b = a; const { c } = await b; return c },
        async (a) => { let b; b = await a; return b.length },
        function* (a) { const b = yield a; return b.length },
        function* () { yield; yield outside.then },
      ];
      const busy = [
        async () => { await outside },
        async (a) => { const b = a.length; await b },
        async (a) => { for (const b of [a]) await b },
        async (a) => { try { await a } catch {} },
        async (a) => { a.b = await a },
        function* (a) { yield* [a] },
        async function* (a) { yield a },
      ];
      const results = [];
      for (const f of [...idle, ...busy]) { const made = f(x); if (made.next) made.next(1); results.push(made) }
      Promise.all(results)`,
    );
    await result;
    assert.deepEqual(
      calls.map(({ beganPaused, pauses }) => `${beganPaused ? 'waits' : 'runs'} ${pauses > 0}`),
      [...Array(5).fill('waits true'), ...Array(7).fill('runs true')],
    );
  });

  it('are generators, which begin at the first `next`, and end when they are closed', () => {
    const source = `
      function* f(){ try { yield 1; yield 2 } finally { yield* [] } }
      const never = f(), open = f(), closed = f(), thrown = f(), done = f();
      open.next();
      closed.next(); closed.return();
      thrown.next(); try { thrown.throw(new Error()) } catch {}
      [...done].length`;
    const { result, calls } = run(source, ['f']);
    assert.equal(result, 2);
    assert.deepEqual(statesOf(calls), ['f running', 'f returned', 'f returned', 'f returned']);
    assert.deepEqual(
      calls.map(({ isPaused }) => isPaused),
      [true, false, false, false],
    );
  });

  it('threw where a generator did', () => {
    const { calls } = run(
      'function* f(){ yield 1; throw new Error() } function* g(){ try { yield 1 } catch (e) { throw e } } for (const i of [f(), g()]) try { i.next(); i.next() } catch {} const i = g(); i.next(); try { i.throw(1) } catch {}',
    );
    assert.deepEqual(statesOf(calls), ['f threw', 'g returned', 'g threw']);
  });
});

describe('where the code is put', () => {
  const linesOf = (text: string) => text.split(/\r\n|[\n\r\u2028\u2029]/);

  it('on lines that are there, each of which keeps its beginning', () => {
    const source =
      '#!/usr/bin/env node\n"use strict"\n\n// comment\nfunction f() {\n  // only a comment\n}\nconst g = () =>\n  // before\n  1 // after\n\nasync function h() {\n  return await\n    1\n}\n';
    const { code } = rewriteTargets(source)!;
    assert.equal(linesOf(code).length, linesOf(source).length);
    assert.ok(code.startsWith('#!/usr/bin/env node\n"use strict";var $ttprof'));
    const beginnings = linesOf(source).map((line) => /^\s*\S*/.exec(line)![0]);
    for (const [index, line] of linesOf(code).entries())
      assert.ok(line.startsWith(beginnings[index]!), `line ${index + 1}: ${line}`);
  });

  it('after directives, with their semicolons or without', () => {
    const strict = (source: string) => run(source).result;
    assert.equal(strict('"use strict"\nfunction f(){ return this }\nf()'), undefined);
    assert.equal(strict('function f(){ "use strict"; return this }\nf()'), undefined);
    assert.equal(strict("function f(){ 'a'\n'use strict'\nreturn this }\nf()"), undefined);
    assert.equal(strict("const f = function(){'use strict'}; f()"), undefined);
  });

  it('not before a decorator or after the comment of a source map', () => {
    const source = '@dec export class C { m(){} }\n//# source\u200bMappingURL=x'.replace('\u200b', '');
    const { code } = rewriteTargets(source, ['*'], 'module')!;
    assert.match(code, /^var \$ttprof.*\}@dec export class/);
    assert.ok(code.endsWith('URL=x'));
  });

  it('under names that occur nowhere in the file, and differ from file to file', () => {
    const prefix = /var (\$ttprof_\w+?)m;/.exec(rewriteTargets('function f(){}')!.code)![1]!;
    const { code } = rewriteTargets(
      `const ${prefix} = 1, ${prefix}_m = 2; function f(){ return ${prefix} + ${prefix}_m } f()`,
    )!;
    const chosen = /var (\$ttprof_\w+?)m;/.exec(code)![1]!;
    assert.notEqual(chosen, prefix);
    assert.equal(runInNewContext(code), 3);
    const other = rewrite('function f(){}', {
      file: '/p/b.js',
      format: 'script',
      maps: 'none',
      matches: [{ target: parseTarget('*', { cwd: '/p' }), originals: null }],
    })!;
    assert.ok(!other.code.includes(prefix));
  });

  it('with a space where minified code has none', () => {
    const { result } = run(
      'function f(x){if(x)return[x];return"a"}const g=function(x){return/x/.test(x)},h=x=>[...x];f(1)[0]+f(0)+g("x")+h("ab").length',
    );
    assert.equal(result, '1atrue2');
  });
});

describe('a line on which several functions start', () => {
  const source = 'export const f = (list) => list.map((x) => x).filter(function g(x) { return () => x });\n';
  const notesOf = (...targets: string[]) => {
    const matches = targets.map((text) => ({ target: parseTarget(text, { cwd: '/p' }), originals: null }));
    return rewrite(source, { file: '/p/a.js', maps: 'none', matches })!.notes;
  };

  it('is said to be shared, with what to write for the others', () => {
    assert.deepEqual(notesOf('a:1'), [
      'a:1 is f.<anonymous> and f.g.<anonymous>, the innermost of the functions that start there; write a:1:18 for f, a:1:54 for f.g',
    ]);
  });

  it('is not where a column tells which is meant, or all are', () => {
    assert.deepEqual(notesOf('a:1:18'), []);
    assert.deepEqual(notesOf('!a:1', 'a:f'), []);
    assert.deepEqual(notesOf('a:f'), []);
  });
});

describe('what is left alone', () => {
  const notesOf = (source: string) =>
    rewriteTargets(source)!.notes.map((note) => note.replace('is not measured: ', ''));

  it('a module without a matching function', () => {
    assert.equal(rewriteTargets('function f(){}', ['g']), null);
    assert.equal(rewriteTargets('function f(){ g() }', ['g']), null);
    assert.equal(rewriteTargets('', ['*']), null);
  });

  it('a module that has been rewritten', () => {
    const { code } = rewriteTargets('function f(){}')!;
    assert.equal(rewriteTargets(code), null);
  });

  it('functions that would change, each with a note', () => {
    assert.deepEqual(notesOf('with (o) { f = function(){} }'), [
      '/p/a.js:1 f it stands inside a `with` statement',
    ]);
    assert.deepEqual(notesOf('function A(){ "use asm"; function i(){} return i }'), [
      '/p/a.js:1 A it belongs to an asm.js module',
      '/p/a.js:1 A.i it belongs to an asm.js module',
    ]);
    assert.deepEqual(notesOf('function f(){ with (o) return 1 }'), [
      '/p/a.js:1 f it contains a `with` statement',
    ]);
    assert.deepEqual(
      notesOf('function f(){ var x; function x(){} }')[0],
      '/p/a.js:1 f it declares `x` both as a function and otherwise',
    );
    assert.match(
      notesOf('function f(){ for (const y of z) { var { x = 1 } = y } function x(){} }')[0]!,
      /both as a function/,
    );
    assert.match(notesOf('function f(x){ function x(){} }')[0]!, /both as a function/);
    assert.match(notesOf('function f(){ function x(){} function x(){} }')[0]!, /declares a function twice/);
    assert.match(notesOf('function f(){ function x(){} eval("var x") }')[0]!, /calls `eval`/);
    assert.match(notesOf('function f(){ function arguments(){} }')[0]!, /`arguments`/);
    assert.match(notesOf('function f(){ function x(){} { function x(){} } }')[0]!, /both as a function/);
  });

  it('not more of them than must be', () => {
    for (const source of [
      'function f(){ var y; function x(){} }',
      'function f(){ "use strict"; function x(){} eval("var x") }',
      'function f(x){ "use strict"; function x(){} }',
      'function f(){ { let x; } function x(){} }',
      'function f(){ function x(){} function g(){ var x } }',
      'function f(){ with (o) g() }',
      'function f(){ eval("var x") }',
    ])
      assert.deepEqual(
        rewriteTargets(source, ['f'])!.sites.map(({ name }) => name),
        ['f'],
        source,
      );
  });

  it('as it was, where nothing can be measured', () => {
    const source = 'with (o) { f = function(){} }';
    const { code, sites, unmeasured } = rewriteTargets(source)!;
    assert.deepEqual([code, sites.length, unmeasured[0]!.name], [source, 0, 'f']);
  });
});

describe('functions sent elsewhere as text', () => {
  it('run unmeasured, also inside another rewritten module', () => {
    const { code } = rewriteTargets('function f(x){ try { return x + 1 } finally { x = 0 } } f.toString()')!;
    const text = runInNewContext(code) as string;
    assert.equal(runInNewContext(`(${text})(1)`), 2);
    const other = rewrite('function g(text){ return eval("(" + text + ")(1)") } g', {
      file: '/p/b.js',
      format: 'script',
      maps: 'none',
      matches: [{ target: parseTarget('g', { cwd: '/p' }), originals: null }],
    })!;
    const context: Record<string, unknown> = { text };
    const calls = installTestRuntime(context);
    assert.equal(runInNewContext(`${other.code};g(text)`, context), 2);
    assert.deepEqual(statesOf(calls), ['g returned']);
  });
});
