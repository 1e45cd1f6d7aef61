import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { type ListedFunction, runList } from '../../../dist/commands/list/list.js';
import { instrument } from '../../../dist/instrument.js';
import { TtprofError } from '../../../dist/shared/errors.js';
import { runToEnd } from '../../run-to-end.js';
import { makeFolder } from '../../temporary-folder.js';

const source = `#!/usr/bin/env node
export class Shape {
  get area() { return 0 }
  static async load() {}
  #secret() {}
  ['a b']() {}
}
export const each = (xs) => xs.map((x) => x).filter((x) => x);
function* numbers() { yield 1 }
export { numbers as default };
setTimeout(() => {
  function inner() {}
  inner();
});
`;
const cwd = makeFolder({
  'lib.js': `\uFEFF${source}`,
  'data.js': 'export const data = 1;\n',
  'broken.js': 'function (\n',
});

function list(...args: string[]) {
  const written = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      written[name] += text;
      return true;
    },
  });
  const streams = { stdout: stream('stdout'), stderr: stream('stderr') };
  const exitCode = runList(args, streams as unknown as NodeJS.Process, cwd);
  return { exitCode, ...written };
}

test('the table names every function with its line and kind', () => {
  const { exitCode, stdout, stderr } = list('lib.js');
  assert.deepEqual({ exitCode, stderr }, { exitCode: 0, stderr: '' });
  assert.equal(
    stdout,
    ` target                 line  kind
 lib.js:Shape.area#get     3  sync
 lib.js:Shape.load         4  async
 lib.js:Shape.#secret      5  sync
 lib.js:Shape["a b"]       6  sync
 lib.js:each               8  sync
 lib.js:8:36               8  sync       each.<anonymous>
 lib.js:8:53               8  sync       each.<anonymous>#2
 lib.js:numbers            9  generator
 lib.js:11                11  sync       <anonymous>
 lib.js:12                12  sync       <anonymous>.inner
`,
  );
});

test('each listed target measures that function and no other', () => {
  const functions = JSON.parse(list('--json', 'lib.js').stdout) as ListedFunction[];
  assert.equal(functions.length, 10);
  for (const { target, name, line, column, kind, file } of functions) {
    assert.equal(file, 'lib.js');
    const result = instrument(source, { filename: resolve(cwd, 'lib.js'), targets: [target], cwd });
    assert.deepEqual(result?.functions, [{ name, line, column, kind }], target);
  }
});

test('a file without functions is an empty list and a word on stderr', () => {
  assert.deepEqual(list('data.js', '--json'), {
    exitCode: 0,
    stdout: '[]\n',
    stderr: 'ttprof: no function with a body in data.js\n',
  });
});

test('wrong usage is said in one line', () => {
  for (const [args, message] of [
    [[], /^nothing to list: name source files/],
    [['nope.js'], /^list: nope\.js cannot be read \(ENOENT\)$/],
    [['.'], /^list: \. is a folder/],
    [['broken.js'], /broken\.js/],
  ] as const) {
    assert.throws(
      () => list(...args),
      (error) => error instanceof TtprofError && message.test(error.message) && !error.message.includes('\n'),
    );
  }
});

test('the command lists to standard output', () => {
  const cli = resolve('dist/cli.js');
  const { status, stdout } = runToEnd(process.execPath, [cli, 'list', '--json', 'lib.js'], {
    cwd,
  });
  assert.equal(status, 0);
  assert.equal((JSON.parse(stdout) as unknown[]).length, 10);
  assert.equal(runToEnd(process.execPath, [cli, 'list'], { cwd }).status, 2);
  assert.ok(readFileSync(cli, 'utf8').startsWith('#!'));
});
