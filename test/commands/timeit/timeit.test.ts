import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { compileProgram } from '../../../dist/commands/timeit/compile-program.js';
import { cleanEnvironment } from '../../clean-environment.js';
import { runToEnd } from '../../run-to-end.js';
import { makeFolder } from '../../temporary-folder.js';

const CLI = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));
const folder = makeFolder({
  'twice.cjs': 'module.exports = (n) => 2 * n;\n',
  'fib.mjs': 'export const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2));\n',
});

function timeit(...args: readonly string[]) {
  const { status, stdout, stderr } = runToEnd(process.execPath, [CLI, 'timeit', ...args], {
    cwd: folder,
    env: cleanEnvironment(),
  });
  return { status, stdout, stderr };
}

describe('ttprof timeit', () => {
  test('one expression is one line, with a setup that it sees', () => {
    const { status, stdout, stderr } = timeit(
      '-r',
      '5',
      '-s',
      'import { fib } from "./fib.mjs"',
      '-s',
      'const n = 10',
      'fib(n)',
    );
    assert.equal(status, 0, stderr);
    assert.match(
      stdout,
      /^[\d,]+ loops, best of 5: [\d.]+(?:ns|μs) per loop \(median [\d.]+(?:ns|μs) ± [\d.]+(?:ns|μs)\)\n$/,
    );
  });

  test('several are a table, each compared with the first', () => {
    const many = ['-n', '50', '-r', '10', '-s', 'import { fib } from "./fib.mjs"'];
    const { status, stdout, stderr } = timeit(...many, 'fib(9)', 'fib(16)');
    assert.equal(status, 0, stderr);
    const [header, first, second] = stdout.split('\n');
    assert.match(header!, /^ expression +loops median ± σ +best delta$/);
    assert.match(first!, /^ fib\(9\) +50 .* -$/);
    assert.match(second!, /^ fib\(16\) +50 .* \+[\d.,]+% \[\+[\d.,]+, \+[\d.,]+\] slower$/);
  });

  test('statements and what waits are timed, and what an expression prints is its own', () => {
    const json = join(folder, 'timings.json');
    const { status, stdout, stderr } = timeit(
      ...['-n', '3', '-r', '2', '--json', json],
      'let x = 1; for (let i = 0; i < 9; i++) x += i',
      'await new Promise((resolve) => setTimeout(resolve, 2))',
      'console.log("said")',
    );
    assert.equal(status, 0, stderr);
    assert.equal(stdout.match(/^said$/gm)!.length, 3 * 2);
    const { functions } = JSON.parse(readFileSync(json, 'utf8'));
    assert.deepEqual(
      functions.map(({ calls, loops, rounds }: Record<string, number>) => [calls, loops, rounds]),
      [
        [6, 3, 2],
        [6, 3, 2],
        [6, 3, 2],
      ],
    );
    // a timer may fire a millisecond early
    assert.ok(functions[1].min_ns >= 0.5e6, 'each loop waits for its promise');
  });

  test('nothing to do gets a note', () => {
    assert.match(timeit('').stdout, / note: \(nothing\): its time is that of an empty loop;/);
    assert.match(timeit('1 + 1').stdout, / note: 1 \+ 1: its time is that of an empty loop;/);
    const busy = timeit('-r', '5', '-s', 'const list = [3, 1, 2]', 'list.map(String).join()').stdout;
    assert.doesNotMatch(busy, /empty loop/);
  });

  test('an expression that throws ends with 1 and its error', () => {
    const { status, stdout, stderr } = timeit('JSON.parse("{")');
    assert.equal(status, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /SyntaxError: /);
    // Node shows the line of the error: the one that was typed, not the loop around it
    assert.match(timeit('null.length + 1').stderr, /:\d+\nnull\.length \+ 1\n/);
  });

  test('CommonJS packages can be required, and a setup may declare `require` itself', () => {
    const { status, stderr } = timeit('-n', '2', '-r', '2', 'require("./twice.cjs")(2)');
    assert.equal(status, 0, stderr);
    const own = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url)';
    const declared = timeit('-n', '2', '-r', '2', '-s', own, 'require("node:fs").existsSync("x")');
    assert.equal(declared.status, 0, declared.stderr);
  });

  test('what too few rounds cannot tell needs rounds', () => {
    const { stdout } = timeit('-n', '2', '-r', '3', '[1].map(String)', '[2].map(String)');
    assert.match(stdout, /3 rounds are too few to tell a change from noise \(at least 6\)$/m);
  });

  test('--runs judges by processes', () => {
    const { status, stdout, stderr } = timeit(
      '--runs',
      '6',
      '-n',
      '20',
      '-r',
      '3',
      '-s',
      'import { fib } from "./fib.mjs"',
      'fib(8)',
      'fib(18)',
    );
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^ fib\(18\) .* slower$/m);
  });

  test('wrong usage is one line', () => {
    for (const [args, message] of [
      [[], /^ttprof: nothing to time: /],
      [['a b'], /^ttprof: EXPR "a b": column 2: /],
      [['1', '2 +'], /^ttprof: EXPR 2 "2 \+": column 4: /],
      [['-s', 'const', '1'], /^ttprof: -s "const": column 6: /],
      [['-n', '0', '1'], /^ttprof: -n: expected a whole number of at least 1, got "0"/],
      [['-t', 'f', '1'], /^ttprof: -t is an option of /],
    ] as const) {
      const { status, stderr } = timeit(...args);
      assert.equal(status, 2, stderr);
      assert.match(stderr, message);
      assert.equal(stderr.split('\n').length, 2);
    }
  });
});

test('only an await of the expression itself makes a loop wait', () => {
  const loopsOf = (text: string) => compileProgram([], [text], { loops: 1, rounds: 1 }, 'file:///engine.js');
  assert.match(loopsOf('await f()'), /loop: async function/);
  assert.match(loopsOf('for await (const x of xs);'), /loop: async function/);
  assert.match(loopsOf('(async () => { await f() })()'), /loop: function/);
});

test('imports and exports in an expression, and names that two setups declare, are syntax errors', () => {
  const refuse = (setup: readonly string[], expressions: readonly string[], message: string) =>
    assert.throws(() => compileProgram(setup, expressions, { loops: 1, rounds: 1 }, 'file:///x'), {
      name: 'TtprofError',
      message,
    });
  const belong = 'imports and exports stand in the setup (-s)';
  refuse([], ['1; import x from "x"'], `EXPR "1; import x from \\"x\\"": column 4: ${belong}`);
  refuse([], ['0', 'export const a = 1'], `EXPR 2 "export const a = 1": column 1: ${belong}`);
  const declared = "Identifier 'a' has already been declared";
  refuse(['const a = 1\n;', 'let b, a'], ['a'], `-s 2 "let b, a": column 8: ${declared}`);
});

test('what ends the program is told, and so is a file that cannot be written', () => {
  const once = ['-n', '1', '-r', '1'];
  const exits = timeit(...once, 'process.exit(0)');
  assert.deepEqual(exits, {
    status: 1,
    stdout: '',
    stderr: 'ttprof: the program ended before it was timed (exit code 0)\n',
  });
  const waits = timeit(...once, 'await new Promise(() => {})');
  assert.equal(waits.status, 13);
  assert.match(
    waits.stderr,
    /ttprof: the program ended before it was timed \(what it waits for can never settle\)/,
  );
  const rejects = timeit(...once, 'Promise.reject(new Error("unheard"))');
  assert.equal(rejects.status, 1);
  assert.equal(rejects.stdout, '');
  assert.match(rejects.stderr, /Error: unheard/);
  const unwritable = timeit(...once, '--json', 'no/folder.json', '1');
  assert.equal(unwritable.status, 1);
  assert.equal(unwritable.stderr, 'ttprof: cannot write --json no/folder.json: its folder does not exist\n');
});
