import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { cleanEnvironment } from '../clean-environment.js';
import { runToEnd } from '../run-to-end.js';
import { makeFolder } from '../temporary-folder.js';
import { REPOSITORY, stripsTypes } from './run-program.js';

const project = makeFolder({
  'package.json': '{ "type": "module" }',
  'lib.js': `#!/usr/bin/env node
export function used(x) {
  if (x > 1) {
    return 'big';
  }
  return x ? 'one' : 'none'; // after it nothing goes on
}
export const arrow = (x) => (x ? x * 2 : never());
function never() {
  return 0;
}
export async function later() {
  await null;
  try {
    throw new Error('x');
  } catch {
    return 1;
  } finally {
    arrow(1);
  }
}
export function* numbers() { yield 1; yield 2; }
export class C {
  m() { return 1 }
  unused() { return 2 }
}
`,
  'lib.cjs': `'use strict';
exports.twice = (xs) => xs.map((x) => { if (x) return x * 2; throw x; });
exports.unused = function () {
  return 1;
};
`,
  'app.js': `import { used, arrow, later, numbers, C } from './lib.js';
import cjs from './lib.cjs';
used(1); used(2); arrow(3); await later(); new C().m(); cjs.twice([1, 2]);
for (const x of numbers()) if (x) break;
`,
  'typed.ts': `interface Shape { readonly a: number }
export function typed(shape: Shape): number {
  if (shape.a > 3) {
    return 1 as number;
  }
  return shape.a satisfies number;
}
export const unused = (x: string): string => {
  return x;
};
`,
  'app.ts': "import { typed } from './typed.ts';\ntyped({ a: 1 });\n",
});
const c8 = join(REPOSITORY, 'node_modules/c8/bin/c8.js');
const register = pathToFileURL(join(REPOSITORY, 'dist/register.js')).href;
const tsx = pathToFileURL(join(REPOSITORY, 'node_modules/tsx/dist/loader.mjs')).href;

/** What c8 reports of a program, by file. */
function cover(script: string, flags: readonly string[], targets: string | null) {
  const folder = join(project, 'coverage');
  rmSync(folder, { recursive: true, force: true });
  const own = targets === null ? [] : ['--import', register];
  const { status, stderr } = runToEnd(
    process.execPath,
    [c8, '--reporter=json', '-o', folder, process.execPath, '--no-warnings', ...flags, ...own, script],
    {
      cwd: project,
      env: { ...cleanEnvironment(), ...(targets && { TTPROF: targets, TTPROF_CACHE: '0' }) },
    },
  );
  assert.equal(status, 0, stderr);
  return { files: JSON.parse(readFileSync(join(folder, 'coverage-final.json'), 'utf8')), stderr };
}

for (const { name, script, flags = [], skip = false } of [
  { name: 'ES modules and CommonJS', script: 'app.js' },
  { name: 'TypeScript that tsx compiles', script: 'app.ts', flags: ['--import', tsx] },
  { name: 'TypeScript that Node strips', script: 'app.ts', skip: !stripsTypes },
]) {
  test(`c8 reports the same with all functions measured: ${name}`, {
    skip: skip && 'not on this Node',
  }, () => {
    const plain = cover(script, flags, null);
    const measured = cover(script, flags, './**/*:*');
    assert.match(measured.stderr, /ttprof results/);
    assert.equal(plain.stderr, '');
    assert.ok(Object.keys(plain.files).length >= 2);
    assert.deepEqual(measured.files, plain.files);
  });
}
