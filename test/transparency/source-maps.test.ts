import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript-5.9';
import { cleanEnvironment } from '../clean-environment.js';
import { runToEnd } from '../run-to-end.js';
import { makeFolder } from '../temporary-folder.js';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const register = pathToFileURL(join(root, 'dist', 'register.js')).href;
const source = join(root, 'test', 'fixtures', 'forms', 'throws.ts');
const scratch = makeFolder();

/** Compiles the fixture into a folder of its own; returns the compiled file. */
function compile(name: string, options: ts.CompilerOptions): string {
  const folder = join(scratch, name);
  mkdirSync(join(folder, 'src'), { recursive: true });
  mkdirSync(join(folder, 'out'));
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ type: options.module === ts.ModuleKind.CommonJS ? 'commonjs' : 'module' }),
  );
  writeFileSync(join(folder, 'src', 'throws.ts'), readFileSync(source));
  const { outputText, sourceMapText } = ts.transpileModule(readFileSync(source, 'utf8'), {
    fileName: '../src/throws.ts',
    compilerOptions: { target: ts.ScriptTarget.ES2022, ...options },
  });
  const file = join(folder, 'out', 'throws.js');
  writeFileSync(file, outputText);
  // as tsc would have written it: the source relative to the map
  if (sourceMapText) writeFileSync(`${file}.map`, sourceMapText.replace('"throws.ts"', '"../src/throws.ts"'));
  return file;
}

function run(file: string, flags: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = runToEnd(process.execPath, [...flags, file], {
    cwd: scratch,
    env: {
      ...cleanEnvironment(),
      ...env,
    },
  });
  // `--import` runs a CommonJS entry in another turn of the event loop: Node's own frames are others
  return { status, stdout, stderr: stderr.replace(/^\s+at .*\((?:node:|.*\/dist\/).*\n/gm, '') };
}

const measuring = { TTPROF: '**/out/*:*', TTPROF_QUIET: '1', TTPROF_CACHE: '0' };

describe('stack traces of compiled and rewritten code', () => {
  const compiled = {
    'an inline map': { module: ts.ModuleKind.ESNext, inlineSourceMap: true, inlineSources: true },
    'a map in a file': { module: ts.ModuleKind.ESNext, sourceMap: true },
    CommonJS: { module: ts.ModuleKind.CommonJS, sourceMap: true, inlineSources: true },
  };
  for (const [name, options] of Object.entries(compiled)) {
    it(`lead to the same file, line and column with --enable-source-maps: ${name}`, () => {
      const file = compile(name.replaceAll(' ', '-'), options);
      const plain = run(file, ['--enable-source-maps']);
      const rewritten = run(file, ['--enable-source-maps', '--import', register], measuring);
      assert.match(plain.stdout, /(?:src|out)\/throws\.ts:8:125/, 'the fixture shows nothing');
      assert.deepEqual(rewritten, plain);
    });
  }

  it('name the same generated lines without the flag', () => {
    const file = compile('plain', { module: ts.ModuleKind.ESNext, inlineSourceMap: true });
    const withoutColumns = (text: string) => text.replace(/(throws\.js:\d+):\d+/g, '$1');
    const plain = run(file, []);
    const rewritten = run(file, ['--import', register], measuring);
    assert.match(plain.stdout, /out\/throws\.js:\d+:\d+/);
    assert.equal(withoutColumns(rewritten.stdout), withoutColumns(plain.stdout));
  });

  it('have the right columns where the module has no map', () => {
    const file = join(scratch, 'unmapped.mjs');
    writeFileSync(
      file,
      'const f = () => { const g = (x) => x.y.z; return [1].map((x) => g(x)); };\n/* \u2028 */ try { f() } catch (e) { console.log(e.stack.split("node:")[0]) }\n',
    );
    // where there is a map, Node writes paths instead of URLs, and names what has no name
    const places = (text: string) => text.replace(/file:\/\/|<anonymous>|[()]/g, '').replace(/ +/g, ' ');
    const plain = run(file, ['--enable-source-maps']);
    const rewritten = run(file, ['--enable-source-maps', '--import', register], {
      ...measuring,
      TTPROF: 'unmapped:*',
    });
    assert.match(plain.stdout, /unmapped\.mjs:1:40/);
    assert.equal(places(rewritten.stdout), places(plain.stdout));
  });

  it('are those of the code as it was where its map is broken', () => {
    const file = join(scratch, 'broken.mjs');
    const map = Buffer.from('{"version":3,"sources":').toString('base64');
    writeFileSync(
      file,
      `const f = () => null.x;\ntry { f() } catch (e) { console.log(e.message) }\n//# source${'Mapping'}URL=data:application/json;base64,${map}\n`,
    );
    const plain = run(file, []);
    const rewritten = run(file, ['--import', register], { ...measuring, TTPROF: 'broken:*' });
    assert.deepEqual(rewritten, plain);
  });
});
