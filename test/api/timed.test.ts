import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import type TypeScript from 'typescript-5.9';
import { makeProgram, PRELOAD_URL } from './programs.js';

const ts = createRequire(import.meta.url)('typescript-5.9') as typeof TypeScript;

/** Decorators run nowhere without being compiled. */
function compile(source: string, experimentalDecorators = false): string {
  const { ES2022, ESNext } = { ES2022: ts.ScriptTarget.ES2022, ESNext: ts.ModuleKind.ESNext };
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ES2022, module: ESNext, experimentalDecorators },
  });
  return outputText;
}

const STORE = `
  import { tprof } from 'ttprof';
  export class Store {
    @tprof.timed() find(id) { return id; }
    @tprof.timed() async load(id) { await null; if (id < 0) throw new Error('no'); return id; }
    @tprof.timed() static open() { return new Store(); }
    @tprof.timed() get size() { return 3; }
    @tprof.timed() *items() { yield 1; yield 2; }
    plain() { return this.find(1); }
  }
  export class Derived extends Store {}
`;
const USE = `
  import { Store, Derived } from './store.mjs';
  const store = Store.open();
  const results = [store.find('a'), store.plain(), new Derived().find('b'), store.size, [...store.items()].join()];
  results.push(await store.load(1), await store.load(-1).catch((error) => error.message), store.find.name, store.find.length);
  console.log(JSON.stringify(results));
`;
const RESULTS = ['a', 1, 'b', 3, '1,2', 1, 'no', 'find', 1];

function callsIn(stderr: string): Record<string, number> {
  const rows = [...stderr.matchAll(/store\.mjs:(\S+)\(\)(?: \((get|set)\))? +(\d+) /g)];
  return Object.fromEntries(rows.map(([, name, , calls]) => [name!, Number(calls)]));
}

describe('@tprof.timed()', () => {
  for (const legacy of [false, true]) {
    it(`times ${legacy ? 'methods decorated in the older way' : 'decorated methods'}, and reports them at the end`, () => {
      const program = makeProgram({ 'store.mjs': compile(STORE, legacy), 'app.mjs': USE });
      const { stdout, stderr, status } = program.node('app.mjs');
      assert.equal(status, 0);
      assert.deepEqual(JSON.parse(stdout), RESULTS);
      const calls = callsIn(stderr);
      assert.equal(calls['Store.find'], 3);
      assert.equal(calls['Store.load'], 2);
      assert.equal(calls['Store.open'], 1);
      assert.equal(calls['Store.items'], 1);
      assert.match(stderr, /1 call threw or rejected: Store\.load/);
      assert.match(stderr, /Store\.size \(get\) +1 /);
    });
  }

  it('adds rows to the report of the preload', () => {
    const program = makeProgram({ 'store.mjs': compile(STORE), 'app.mjs': USE });
    const { stdout, stderr } = program.node(
      '--import',
      PRELOAD_URL,
      'app.mjs',
      '--ttprof=store.mjs:Store.plain',
    );
    assert.deepEqual(JSON.parse(stdout), RESULTS);
    assert.equal(stderr.match(/ttprof results/g)?.length, 1);
    const calls = callsIn(stderr);
    assert.equal(calls['Store.plain'], 1);
    assert.equal(calls['Store.find'], 3);
  });

  it('times fields that hold functions, private methods and names that are symbols', () => {
    const program = makeProgram({
      'store.mjs': compile(`
        import { tprof } from 'ttprof';
        export class Store {
          @tprof.timed() field = (a) => a;
          @tprof.timed() accessor auto = (a) => a;
          @tprof.timed() #hidden(a) { return a; }
          @tprof.timed() [Symbol.iterator]() { return [][Symbol.iterator](); }
          reach(a) { return this.#hidden(a); }
        }
      `),
      'app.mjs': `
        import { Store } from './store.mjs';
        const [a, b] = [new Store(), new Store()];
        console.log(a.field(1) + b.field(2) + a.reach(3) + a.auto(4), [...a].length);
      `,
    });
    const { stdout, stderr } = program.node('app.mjs');
    assert.equal(stdout, '10 0\n');
    assert.deepEqual(callsIn(stderr), {
      'Store.field': 2,
      'Store.auto': 1,
      'Store.#hidden': 1,
      'Store.[Symbol.iterator]': 1,
    });
  });

  it('refuses classes, fields without functions and what is not called', () => {
    const program = makeProgram({
      'store.mjs': compile(`
        import { tprof } from 'ttprof';
        try { @tprof.timed() class Whole {} } catch (error) { console.log(error.message); }
        try { new (class { @tprof.timed() field = 3; })(); } catch (error) { console.log(error.message); }
        try { class Bare { @tprof.timed method() {} } } catch (error) { console.log(error.message); }
      `),
      'legacy.mjs': compile(
        `
        import { tprof } from 'ttprof';
        try { @tprof.timed() class Whole {} } catch (error) { console.log(error.message); }
        try { class Fields { @tprof.timed() field = () => 3; } } catch (error) { console.log(error.message); }
        try { class Bare { @tprof.timed method() {} } } catch (error) { console.log(error.message); }
      `,
        true,
      ),
    });
    const { stdout, stderr } = program.node('store.mjs');
    assert.equal(stderr, '');
    assert.match(stdout, /`Whole` is a class: decorate methods/);
    assert.match(stdout, /`field` is a field that holds no function/);
    assert.match(stdout, /@tprof\.timed is written with parentheses/);
    const legacy = program.node('legacy.mjs').stdout;
    assert.match(legacy, /`Whole` is a class/);
    assert.match(legacy, /`field` is no method or accessor, and `experimentalDecorators` see nothing else/);
    assert.match(legacy, /@tprof\.timed is written with parentheses/);
  });
});
