import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript-5.9';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const register = pathToFileURL(join(root, 'dist', 'register.js')).href;
const c8 = join(dirname(createRequire(import.meta.url).resolve('c8/package.json')), 'bin', 'c8.js');
const fixture = readFileSync(join(root, 'test', 'fixtures', 'forms', 'covered.ts'), 'utf8');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ttprof-coverage-')));
after(() => rmSync(folder, { recursive: true, force: true }));

interface FileCoverage {
  readonly path: string;
  readonly s: Record<string, number>;
  readonly b: Record<string, number[]>;
  readonly f: Record<string, number>;
  readonly fnMap: Record<string, { name: string }>;
}

/** What c8 counts in a program: lines, branches and functions in order. */
function cover(file: string, flags: readonly string[], env: NodeJS.ProcessEnv) {
  const out = join(folder, `coverage-${file}-${flags.length}`);
  const args = [
    c8,
    '-r',
    'json',
    '-o',
    out,
    '--temp-directory',
    join(out, 'tmp'),
    process.execPath,
    ...flags,
    file,
  ];
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      NODE_V8_COVERAGE: undefined,
      NODE_TEST_CONTEXT: undefined,
      ...env,
    },
  });
  assert.equal(status, 0, stderr);
  const report = JSON.parse(readFileSync(join(out, 'coverage-final.json'), 'utf8')) as Record<
    string,
    FileCoverage
  >;
  const [{ path, s, b, f, fnMap }] = Object.values(report) as [FileCoverage];
  const functions = Object.entries(f).map(([key, count]) => `${fnMap[key]!.name} ${count}`);
  return { path, lines: Object.values(s), branches: Object.values(b).flat().sort(), functions };
}

/** @param file in the folder: how c8 sees it plain, and with all of its functions measured */
function coverTwice(file: string) {
  const measuring = { TTPROF: `${file}:*`, TTPROF_QUIET: '1', TTPROF_CACHE: '0' };
  return { plain: cover(file, [], {}), measured: cover(file, ['--import', register], measuring) };
}

function transpile(options: ts.CompilerOptions): string {
  return ts.transpileModule(fixture, {
    fileName: 'covered.ts',
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, ...options },
  }).outputText;
}

describe('c8 reports the same coverage', () => {
  it('of an ES module', () => {
    writeFileSync(join(folder, 'covered.mjs'), transpile({}));
    const { plain, measured } = coverTwice('covered.mjs');
    assert.deepEqual(measured, plain);
    assert.ok(plain.branches.includes(0) && plain.lines.includes(0), 'the fixture leaves nothing uncovered');
  });

  it('of compiled TypeScript, line by line of the original', () => {
    writeFileSync(join(folder, 'covered.ts'), fixture);
    writeFileSync(join(folder, 'compiled.mjs'), transpile({ inlineSourceMap: true, inlineSources: true }));
    const { plain, measured } = coverTwice('compiled.mjs');
    assert.match(plain.path, /covered\.ts$/);
    assert.deepEqual(measured, plain);
  });
});
