import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Project } from './project.js';

/** The bundler among the development dependencies; scripts/bundlers.mjs tries the others. */
const ESBUILD = pathToFileURL(createRequire(import.meta.url).resolve('esbuild')).href;

let project: Project;
before(async () => {
  project = await Project.create({
    'package.json': '{ "type": "module" }',
    'src/lib.ts': `export enum Size { Small = 1 }

export function twice(n: number): number {
  return n * 2;
}
export const never = (): void => {};
`,
    'src/main.ts': `import { never, twice } from './lib';
for (let i = 0; i < 5; i++) twice(i);
if (globalThis.process.argv.length > 9) never();
`,
    'build.mjs': `import esbuild from ${JSON.stringify(ESBUILD)};
import ttprof from 'ttprof/esbuild';
const options = { entryPoints: ['src/main.ts'], bundle: true, format: 'esm', sourcemap: true, write: false };
const textOf = ({ outputFiles }) => outputFiles.map(({ text }) => text).join('\\0');
const plugins = [ttprof()];
if (process.argv[2] === 'compare') {
  const [plain, plugged] = [await esbuild.build({ ...options, outdir: 'dist' }), await esbuild.build({ ...options, outdir: 'dist', plugins })];
  console.log(textOf(plain) === textOf(plugged) ? 'same' : 'different');
} else await esbuild.build({ ...options, outfile: 'dist/main.js', plugins, write: true });
`,
  });
});
after(() => project.remove());

test('without targets what is built is byte for byte the same', async () => {
  const { stdout, stderr } = await project.node(['build.mjs', 'compare']);
  assert.deepEqual([stdout, stderr], ['same\n', '']);
});

test('a bundle is measured where it is run by ttprof, with rows that are named after the sources', async () => {
  const target = ['-t', 'src/lib.ts:twice'];
  const built = await project.node(['build.mjs'], { env: { TTPROF: 'src/lib.ts:twice' } });
  assert.match(built.stderr, /^ttprof: 1 function can be measured in what is built; start it by [^\n]*\n$/);
  const ran = await project.ttprof([...target, '--quiet', '--json', 'r.json', '--', 'node', 'dist/main.js']);
  assert.deepEqual([ran.code, ran.stdout], [0, '']);
  assert.deepEqual(project.readCalls('r.json'), { 'src/lib.ts:twice': 5 });
  const plain = await project.node(['dist/main.js']);
  assert.deepEqual([plain.code, plain.stderr], [0, '']);
});

test('functions that are bundled and never called, and targets that name none, are known', async () => {
  const args = ['-t', 'src/lib.ts:never', '-t', 'src/lib.ts:twic', '--json', 'never.json', '--quiet'];
  await project.ttprof([...args, '--', 'node', '-e', "import('./build.mjs')"]);
  const { functions, targets } = project.readReport('never.json');
  assert.deepEqual(
    functions.map(({ name, calls }) => [name, calls]),
    [['src/lib.ts:never', 0]],
  );
  assert.match(targets[1]!.reason!, /^no such function in src\/lib\.ts/);
});
