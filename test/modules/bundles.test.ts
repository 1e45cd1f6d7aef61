import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildSync } from 'esbuild';
import { makeFolder } from '../temporary-folder.js';
import { runProgram } from './run-program.js';

const SOURCE = `export function render(items: string[]): string {
  const escape = (text: string) => text.trim();
  return items.map(escape).join();
}
export class Page {
  draw(): string { return render(['a', 'b']); }
}
`;

/** A minified bundle with a map of which the sources are called as the given function has it. */
function bundle(rename: (source: string) => string, map: 'external' | 'inline'): string {
  const project = makeFolder({
    'package.json': '{"name":"app"}',
    'src/lib/page.ts': SOURCE,
    'src/main.ts': "import { Page } from './lib/page';\nconsole.log(new Page().draw());\n",
    'build/keep': '',
  });
  const out = join(project, 'build/main.cjs');
  buildSync({
    entryPoints: [join(project, 'src/main.ts')],
    outfile: out,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    sourcemap: 'external',
    logLevel: 'error',
  });
  const made = JSON.parse(readFileSync(`${out}.map`, 'utf8'));
  made.sources = made.sources.map((source: string) => rename(source.replace('../', '')));
  const text = JSON.stringify(made);
  writeFileSync(`${out}.map`, text);
  const url =
    map === 'external'
      ? 'main.cjs.map'
      : `data:application/json;base64,${Buffer.from(text).toString('base64')}`;
  writeFileSync(out, `${readFileSync(out, 'utf8')}\n//# ${'source'}MappingURL=${url}\n`);
  return project;
}

const counts = (project: string, ...targets: string[]) => {
  const seen = runProgram(project, ['build/main.cjs'], { targets });
  assert.equal(seen.stdout, 'a,b\n', seen.stderr);
  return seen.counts;
};

const NAMES: [bundler: string, rename: (source: string) => string][] = [
  ['webpack', (source) => `webpack://app/./${source}`],
  ['webpack without a name', (source) => `webpack:///./${source}?1f2e`],
  ['Next', (source) => `webpack://_N_E/(rsc)/./${source}`],
  ['Turbopack', (source) => `turbopack:///[project]/${source}`],
  ['files', (source) => `../${source}`],
];

for (const [bundler, rename] of NAMES)
  test(`functions of a minified bundle have their sources' names: ${bundler}`, () => {
    const project = bundle(rename, bundler.startsWith('webpack') ? 'external' : 'inline');
    assert.deepEqual(counts(project, 'src/lib/page.ts:*'), {
      'src/lib/page.ts:render': 1,
      'src/lib/page.ts:render.escape': 2,
      'src/lib/page.ts:Page.draw': 1,
    });
    assert.deepEqual(counts(project, 'src/lib/page:render'), { 'src/lib/page.ts:render': 1 });
    assert.deepEqual(counts(project, 'src/**/*.ts:escape'), { 'src/lib/page.ts:render.escape': 2 });
    assert.deepEqual(counts(project, 'build/main.cjs:render'), { 'src/lib/page.ts:render': 1 });
  });

test("functions of a minified bundle have their sources' names where the sources are missing, too", () => {
  const project = bundle(NAMES[0]![1], 'external');
  rmSync(join(project, 'src'), { recursive: true });
  assert.deepEqual(counts(project, 'src/lib/page:render'), { 'src/lib/page.ts:render': 1 });
});
