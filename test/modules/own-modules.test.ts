import assert from 'node:assert/strict';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeFolder } from '../temporary-folder.js';
import { REPOSITORY, type RunOptions, runProgram, type Seen } from './run-program.js';

const project = makeFolder({
  'app.mjs': 'export function main() {}\nmain();\n',
  'app.cjs': 'function main() {}\nmain();\n',
  'uses-parser.mjs':
    "import { parse } from '@babel/parser';\nfunction main() { parse('1') }\nmain();\nmain();\n",
  'uses-parser.cjs':
    "const { parse } = require('@babel/parser');\nfunction main() { parse('1') }\nmain();\nmain();\n",
  // notes what CommonJS reads, in this thread and in that of the hooks: `--require` runs in both
  'trace.cjs': `const fs = require('node:fs');
const { appendFileSync, readFileSync } = fs;
fs.readFileSync = function (file, ...rest) {
  appendFileSync(${JSON.stringify('opened.log')}, file + '\\n');
  return readFileSync.call(this, file, ...rest);
};
`,
  'uses-magic-string.mjs': "import MagicString from 'magic-string';\nnew MagicString('a').toString();\n",
  'node_modules/none/package.json': '{}',
});
for (const name of ['@babel', 'magic-string', 'picomatch'])
  symlinkSync(join(REPOSITORY, 'node_modules', name), join(project, 'node_modules', name), 'junction');

interface Traced extends Seen {
  /** Names of the packages that ttprof is built on and that were loaded, in whichever thread. */
  readonly builtOn: readonly string[];
}

function trace(entry: string, options: RunOptions): Traced {
  const log = join(project, 'opened.log');
  writeFileSync(log, '');
  const seen = runProgram(project, [entry], { ...options, flags: ['--require', './trace.cjs', 'PRELOAD'] });
  const opened = readFileSync(log, 'utf8').split('\n');
  const own = ['@babel/parser', '@babel/traverse', 'magic-string', 'source-map', 'picomatch'];
  const builtOn = own.filter((name) =>
    [...opened, ...seen.scripts].some(
      (file) => file.includes(`/node_modules/${name}/`) && !file.endsWith('.json'),
    ),
  );
  return { ...seen, builtOn };
}

for (const entry of ['app.mjs', 'app.cjs']) {
  test(`nothing that the loader is built on is loaded where no module matches (${entry})`, () => {
    const seen = trace(entry, { targets: ['./lib.js:f', 'dep:g', ':7'], entry: null });
    assert.deepEqual(seen.counts, {});
    assert.deepEqual(seen.builtOn, []);
  });

  test(`on a warm run neither the parser nor magic-string is loaded (${entry})`, () => {
    const cold = trace(entry, { targets: ['main'], cache: true });
    assert.ok(cold.builtOn.includes('@babel/parser'), String(cold.builtOn));
    const warm = trace(entry, { targets: ['main'], cache: true });
    assert.deepEqual(warm.builtOn, []);
    assert.deepEqual(warm.counts, { [`${entry}:main`]: 1 });
    assert.deepEqual(warm.counts, cold.counts);
  });

  test(`nothing of ours is left in the program's require.cache (${entry})`, () => {
    const seen = runProgram(project, [entry], { targets: ['main', '**/*.none:*'] });
    assert.deepEqual(seen.counts, { [`${entry}:main`]: 1 });
    assert.deepEqual(seen.required, entry === 'app.cjs' ? [join(project, entry)] : []);
  });
}

test('a program that uses the parser itself has an instance of its own, which is measured alone', () => {
  for (const entry of ['uses-parser.mjs', 'uses-parser.cjs']) {
    const seen = runProgram(project, [entry], { targets: ['main', '@babel/parser:parse'] });
    const calls = Object.entries(seen.counts).map(([name, count]) => [name.replace(/^.*[/:]/, ''), count]);
    assert.deepEqual(Object.fromEntries(calls), { main: 2, parse: 2 }, JSON.stringify(seen.counts));
  }
});

test('an ES module that ttprof itself is built on is measured where the program uses it', () => {
  for (const hooks of [undefined, 'async'] as const) {
    const seen = runProgram(project, ['uses-magic-string.mjs'], {
      targets: ['magic-string:MagicString.toString'],
      ...(hooks && { hooks }),
    });
    assert.equal(seen.status, 0, seen.stderr);
    assert.deepEqual(Object.values(seen.counts), [1], JSON.stringify(seen.counts));
  }
});
