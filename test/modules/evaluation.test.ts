import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeFolder } from '../temporary-folder.js';
import { runProgram } from './run-program.js';

/** What runners write around the modules that they evaluate. */
const WRAPPERS = {
  vitest: (code: string) => `'use strict';async (__vite_ssr_exports__,require)=>{{${code}\n}}`,
  jest: (code: string) => `({"Object.<anonymous>":function(module,exports,require){${code}\n}});`,
  node: (code: string) => `(function (exports, require, module, __filename, __dirname) { ${code}\n});`,
};
const LIB = 'function f(x) {\n  if (x > 1) return x;\n  return 0;\n}\nfor (let i = 0; i < 3; i++) f(i);';

/** @param evaluate text that evaluates `code` under the name `file` */
function run(evaluate: string, code = WRAPPERS.node(LIB), flags: string[] = []) {
  const project = makeFolder({
    'app.cjs': `const vm = require('node:vm');
const { pathToFileURL } = require('node:url');
const file = require('node:path').join(__dirname, 'lib.js');
const code = ${JSON.stringify(code)};
const LIB = ${JSON.stringify(LIB)};
(async () => { ${evaluate} })();`,
  });
  const seen = runProgram(project, ['app.cjs'], {
    targets: ['./lib.js:f'],
    flags: ['PRELOAD', ...flags],
  });
  assert.deepEqual([seen.stderr, seen.status], ['', 0]);
  return seen;
}

const CASES: Record<string, string> = {
  'this context': 'vm.runInThisContext(code, file)()',
  'this context under a URL': 'vm.runInThisContext(code, { filename: pathToFileURL(file).href })()',
  'another context': 'vm.runInContext(code, vm.createContext({}), { filename: file })()',
  'a new context': 'vm.runInNewContext(code, {}, file)()',
  'a script': 'new vm.Script(code, { filename: file }).runInThisContext()()',
  'a script in another context': 'new vm.Script(code, file).runInContext(vm.createContext({}))()',
  'a compiled function': 'vm.compileFunction(LIB, [], { filename: file })()',
  'a compiled function of another context':
    'vm.compileFunction(LIB, [], { filename: file, parsingContext: vm.createContext({}) })()',
};
for (const [what, evaluate] of Object.entries(CASES))
  test(`a module that is evaluated in ${what} is measured`, () => {
    assert.deepEqual(run(evaluate).counts, { 'lib.js:f': 3 });
  });

test('a module of `node:vm` is measured', () => {
  const evaluate = `const module = new vm.SourceTextModule(code, { identifier: file, context: vm.createContext({}) });
await module.link(() => {}); await module.evaluate();`;
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  assert.deepEqual(run(evaluate, `export {};${LIB}`, flags).counts, { 'lib.js:f': 3 });
});

for (const [runner, wrap] of Object.entries(WRAPPERS))
  test(`functions have the same names in what ${runner} writes around a module`, () => {
    const call = runner === 'jest' ? `result['Object.<anonymous>']()` : 'result()';
    const seen = run(`const result = vm.runInThisContext(code, file); await ${call};`, wrap(LIB));
    assert.deepEqual(seen.counts, { 'lib.js:f': 3 });
    assert.deepEqual(
      seen.facts[0]!.functions?.map(({ line, column }) => [line, column]),
      [[1, 1]],
    );
  });

test('each evaluation counts, also where one script runs in several contexts', () => {
  const evaluate = `const script = new vm.Script(code, file);
for (let i = 0; i < 4; i++) script.runInContext(vm.createContext({}))();`;
  assert.deepEqual(run(evaluate).counts, { 'lib.js:f': 12 });
});

test('the program sees the functions and classes of `node:vm` as they were', () => {
  const { stdout } = run(
    `vm.runInThisContext(code, file)();
const { Script } = await import('node:vm');
const script = new vm.Script('1', 'x.js');
class Own extends vm.Script {}
const own = new Own('2');
console.log(vm.Script === Script, script instanceof Script, script.runInThisContext(), own instanceof Own,
  own.runInThisContext(), Object.getPrototypeOf(script) === Script.prototype, script.constructor === Script,
  vm.Script.name, vm.runInContext.name, vm.runInContext.length, Script.prototype.runInContext.name,
  vm.isContext(vm.createContext()), Object.keys(vm.createContext({ a: 1 })).join());
try { vm.Script('1') } catch (error) { console.log(error.constructor.name) }`,
  );
  assert.equal(stdout, 'true true 1 true 2 true true Script runInContext 3 runInContext true a\nTypeError\n');
});

test('contexts show nothing of ours among their keys, and scripts stay as they are', () => {
  const { stdout } = run(
    `const context = vm.createContext({ a: 1 });
vm.runInContext(code, context, file)();
vm.runInContext(LIB, context, file);
console.log(Object.keys(context).sort().join(), vm.runInContext('Object.keys(globalThis).sort().join()', context));`,
  );
  assert.equal(stdout, 'a,f a,f\n');
});

test('coverage that is asked for is that of the code as it was written', () => {
  const take = (target: string) => {
    const project = makeFolder({
      'app.cjs': `const vm = require('node:vm');
const { Session } = require('node:inspector');
const promises = require('node:inspector/promises');
const file = require('node:path').join(__dirname, 'lib.js');
const code = ${JSON.stringify(WRAPPERS.vitest(LIB))};
(async () => {
  const session = process.argv[2] === 'promises' ? new promises.Session() : new Session();
  session.connect();
  const post = (...args) => process.argv[2] === 'promises' ? session.post(...args) : new Promise((resolve) => session.post(...args, (_, answer) => resolve(answer)));
  await post('Profiler.enable');
  await post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const take = async () => {
    const { result } = await post('Profiler.takePreciseCoverage');
    const scripts = result.filter(({ url }) => url.endsWith('/lib.js'));
    console.log(JSON.stringify(scripts.map(({ functions }) => functions)));
  };
  const script = new vm.Script(code, file);
  await script.runInContext(vm.createContext({}))();
  await take();
  await script.runInContext(vm.createContext({}))();
  await take();
})();`,
    });
    return ['callbacks', 'promises'].map((way) => {
      const { stdout, stderr } = runProgram(project, ['app.cjs', way], { targets: [target] });
      assert.equal(stderr, '');
      assert.match(stdout, /"functionName":"f"/);
      return stdout;
    });
  };
  assert.deepEqual(take('./lib.js:f'), take('./other.js:f'));
});
