import assert from 'node:assert/strict';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { describe, it } from 'node:test';
import { runInNewContext } from 'node:vm';
import ts from 'typescript-5.9';
import { instrument } from '../../dist/instrument.js';
import { installTestRuntime } from './test-runtime.js';

const filename = '/p/src/lib.js';

describe('instrument', () => {
  it('rewrites the functions that targets name, and says which', () => {
    const result = instrument('export function f(){}\nexport const g = async () => {};', {
      filename,
      targets: ['g'],
    })!;
    assert.deepEqual(result.functions, [{ name: 'g', line: 2, column: 18, kind: 'async' }]);
    assert.deepEqual(result.map!.sources, ['file:///p/src/lib.js']);
  });

  it('gives code that is measured where the runtime is, and runs where it is not', () => {
    const { code } = instrument('function f(x){ return x + 1 } f(1)', {
      filename,
      targets: ['f'],
      format: 'script',
    })!;
    assert.equal(runInNewContext(code), 2);
    const context = {};
    const calls = installTestRuntime(context);
    assert.equal(runInNewContext(code, context), 2);
    assert.deepEqual(
      calls.map(({ name, state, value }) => [name, state, value]),
      [['f', 'returned', 2]],
    );
  });

  it('gives code of which TypeScript says no more than of the source', () => {
    const source = `
      export function f(a: number) { return a + 1 }
      export const arrow = (a: number) => ({ a });
      export async function g(a: string) { await null; return a }
      export function* h() { yield 1 }
      export async function* k() { for await (const x of [g('')]) yield x; return () => 1 }
      export function makes() { return function () { return class { m() { return 1 } } } }
    `;
    const { code } = instrument(source, { filename: '/p/a.ts', targets: ['*'] })!;
    const host = ts.createCompilerHost({});
    const { getSourceFile } = host;
    host.getSourceFile = (name, ...rest) =>
      name === 'a.ts'
        ? ts.createSourceFile(name, code, ts.ScriptTarget.ES2022)
        : getSourceFile(name, ...rest);
    const options = { noEmit: true, target: ts.ScriptTarget.ES2022, types: [] };
    const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram(['a.ts'], options, host));
    assert.deepEqual(
      diagnostics.map(({ code, messageText }) => [code, messageText]),
      [],
    );
  });

  it('takes targets as the command line does, relative to cwd; without a module they mean this file', () => {
    const source = 'export function f(){}';
    const named = (target: string, options = {}) =>
      instrument(source, { filename, cwd: '/p', targets: [target], ...options })?.functions.length ?? 0;
    for (const target of [
      'f',
      ':1',
      '*',
      'src/lib.js:f',
      './src/lib:f',
      '/p/src/lib.js:f',
      'src/*.js:*',
      '**:f',
    ])
      assert.equal(named(target), 1, target);
    for (const target of ['g', 'src/other.js:f', 'node:fs:readFileSync'])
      assert.equal(named(target), 0, target);
    assert.equal(named('lib.js:f', { cwd: '/p/src' }), 1);
    assert.equal(named('f', { filename: 'file:///p/src/lib.js' }), 1);
    assert.equal(instrument(source, { filename, targets: ['*', '!f'] }), null);
  });

  it('needs nothing but its arguments: no file is looked for', (context) => {
    const source = 'export function f(){}\n//# source' + 'MappingURL=lib.js.map';
    const run = (file: string, target: string) =>
      instrument(source, { filename: file, cwd: '/p', targets: [target] })?.functions.length ?? 0;
    run(filename, '**:f'); // loads the parser and the globs
    const asked: string[] = [];
    for (const [name, value] of Object.entries(fs))
      if (typeof value === 'function' && /^(?:stat|lstat|access|exists|read|realpath|open)/.test(name))
        context.mock.method(fs, name as 'statSync', () => {
          asked.push(name);
          throw new Error(`fs.${name} was called`);
        });
    syncBuiltinESMExports();
    try {
      assert.equal(run(filename, 'src/lib:f'), 1);
      assert.equal(run('/p/src/lib/index.ts', './src/lib:f'), 1);
      assert.equal(run('/p/src/[id].js', './src/[id].js:f'), 1, 'a name that looks like a glob');
      assert.equal(run('/p/src/i.js', 'src/[id].js:f'), 1, 'a glob');
      assert.equal(run('/p/node_modules/dep/lib/a.js', 'dep:f'), 1);
      assert.equal(run('/p/node_modules/dep/lib/a.js', 'dep/lib/a:f'), 1);
      assert.equal(run('/p/node_modules/.pnpm/@s+dep@1/node_modules/@s/dep/a.js', '@s/dep:f'), 1);
      assert.equal(run('/p/node_modules/dep/node_modules/other/a.js', 'dep:f'), 0);
      assert.equal(run('/p/node_modules/dep/a.js', 'dep/**:f'), 1);
      assert.equal(run('/p/node_modules/dep/a.js', '**:f'), 0);
      assert.deepEqual(asked, []);
    } finally {
      context.mock.restoreAll();
      syncBuiltinESMExports();
    }
  });

  it('tells the format from the name, then from the syntax', () => {
    const formatOf = (name: string, source: string) =>
      instrument(source, { filename: name, targets: ['f'] }) !== null;
    assert.ok(formatOf('/p/a.ts', 'const f = <T>(x: T): T => x'));
    assert.ok(formatOf('/p/a.tsx', 'const f = () => <a/>'));
    assert.ok(formatOf('/p/a.mjs', 'await 0; const f = () => {}'));
    assert.ok(formatOf('/p/a.cjs', 'return; function f(){}'));
    assert.ok(formatOf('/p/a.js', 'with (a) {} function f(){}'));
    assert.ok(formatOf('/p/a.js', 'import a from "a"; function f(){}'));
  });

  it("goes through the source's own inline map, also for targets that name the original", () => {
    const map = {
      version: 3,
      sources: ['lib.ts'],
      sourcesContent: ['\n\n  function f(){}'],
      names: [],
      mappings: 'AAEE',
    };
    const comment = `//# source${'Mapping'}URL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`;
    const result = instrument(`function f(){}\n${comment}`, {
      filename,
      cwd: '/p',
      targets: ['src/lib.ts:f'],
    })!;
    assert.deepEqual(result.functions, [{ name: 'f', line: 3, column: 3, kind: 'sync' }]);
    assert.deepEqual(result.map!.sources, ['file:///p/src/lib.ts']);
    assert.equal(
      instrument(`function f(){}\n${comment}`, { filename, targets: ['f'], sourceMap: false })!.map,
      null,
    );
  });

  it('gives null where nothing matched, and where the code is rewritten already', () => {
    assert.equal(instrument('function f(){}', { filename, targets: ['g'] }), null);
    const { code } = instrument('function f(){}', { filename, targets: ['f'] })!;
    assert.equal(instrument(code, { filename, targets: ['f'] }), null);
  });

  it('throws a TtprofError where source or target are wrong', () => {
    assert.throws(() => instrument('function f( {', { filename, targets: ['f'] }), {
      name: 'TtprofError',
      message: /^cannot parse \/p\/src\/lib\.js: .*\(line 1\)$/,
    });
    assert.throws(() => instrument('', { filename, targets: ['src/lib.js:'] }), { name: 'TtprofError' });
  });

  const wrong: [what: string, args: unknown[], message: RegExp][] = [
    ['no options', ['f()'], /`filename` must be the path/],
    ['a source in bytes', [Buffer.from('f()'), { filename, targets: ['f'] }], /the source must be a text/],
    ['a URL object', ['f()', { filename: new URL('file:///a.js'), targets: [] }], /`filename` must be/],
    ['one target', ['f()', { filename, targets: 'f' }], /`targets` must be a list of texts/],
    [
      'an unknown format',
      ['f()', { filename, targets: ['f'], format: 'esm' }],
      /`format` must be one of module,/,
    ],
  ];
  for (const [what, args, message] of wrong)
    it(`throws a TtprofError for ${what}`, () => {
      assert.throws(() => instrument(...(args as Parameters<typeof instrument>)), {
        name: 'TtprofError',
        message,
      });
    });
});
