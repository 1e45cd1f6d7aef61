import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript-5.9';
import { cleanEnvironment } from '../clean-environment.js';
import { runToEnd } from '../run-to-end.js';
import { makeFolder } from '../temporary-folder.js';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const command = join(root, 'dist', 'cli.js');
const register = pathToFileURL(join(root, 'dist', 'register.js')).href;
const c8 = join(dirname(createRequire(import.meta.url).resolve('c8/package.json')), 'bin', 'c8.js');
const tsxFolder = join(dirname(createRequire(import.meta.url).resolve('tsx/package.json')), 'dist');
const tsx = pathToFileURL(join(tsxFolder, 'loader.mjs')).href;
const tsxCommand = join(tsxFolder, 'cli.mjs');
/** A function that was called, in the report. */
const MEASURED = /^ \S+:\S+\(\) +[1-9]/m;
const fixture = readFileSync(join(root, 'test', 'fixtures', 'forms', 'covered.ts'), 'utf8');
const folder = makeFolder();

interface FileCoverage {
  readonly path: string;
  readonly s: Record<string, number>;
  readonly b: Record<string, number[]>;
  readonly branchMap: Record<string, { loc: unknown }>;
  readonly f: Record<string, number>;
  readonly fnMap: Record<string, { name: string }>;
}
let runs = 0;

/**
 * What c8 counts in a program: lines, branches with their places, and functions, in order.
 * @param wrapper what runs c8, on this Node
 */
function cover(args: readonly string[], env: NodeJS.ProcessEnv, wrapper: readonly string[] = []) {
  const out = join(folder, `coverage-${runs++}`);
  const { status, stdout, stderr } = runToEnd(
    process.execPath,
    [
      ...wrapper,
      c8,
      '-r',
      'json',
      '-o',
      out,
      '--temp-directory',
      join(out, 'tmp'),
      process.execPath,
      ...args,
    ],
    {
      cwd: folder,
      env: {
        ...cleanEnvironment(),
        TTPROF_CACHE: '0',
        ...env,
      },
    },
  );
  assert.equal(status, 0, stderr);
  const report = JSON.parse(readFileSync(join(out, 'coverage-final.json'), 'utf8')) as Record<
    string,
    FileCoverage
  >;
  const [{ path, s, b, branchMap, f, fnMap }] = Object.values(report) as [FileCoverage];
  const functions = Object.entries(f).map(([key, count]) => `${fnMap[key]!.name} ${count}`);
  const branches = Object.entries(b).map(([key, [count]]) => ({ count, ...branchMap[key] }));
  return { seen: { path, lines: Object.values(s), branches, functions }, stdout, stderr };
}

/** @param file in the folder: how c8 sees it plain, and with all of its functions measured */
function coverTwice(file: string, flags: readonly string[] = []) {
  const plain = cover([...flags, file], {});
  const measured = cover([...flags, '--import', register, file], { TTPROF: `${file}:*` });
  assert.match(measured.stderr, MEASURED);
  assert.deepEqual(measured.seen, plain.seen);
  return { ...plain.seen, stdout: plain.stdout, measuredStdout: measured.stdout };
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
    const { branches, lines } = coverTwice('covered.mjs');
    assert.ok(
      branches.some(({ count }) => count === 0) && lines.includes(0),
      'the fixture leaves nothing uncovered',
    );
  });

  it('of compiled TypeScript, line by line of the original', () => {
    writeFileSync(join(folder, 'covered.ts'), fixture);
    writeFileSync(join(folder, 'compiled.mjs'), transpile({ inlineSourceMap: true, inlineSources: true }));
    const { path } = coverTwice('compiled.mjs');
    assert.match(path, /covered\.ts$/);
  });

  it('with source maps on, by which stack traces have the right columns', () => {
    const code =
      "const f = () => { if (globalThis.x) return ''; /**/ return new Error('e').stack.split('\\n')[1]; };\n";
    writeFileSync(join(folder, 'traced.mjs'), `${code}console.log(f());\n`);
    const { stdout, measuredStdout } = coverTwice('traced.mjs', ['--enable-source-maps']);
    assert.match(stdout, /traced\.mjs:1:\d+\)/);
    assert.equal(measuredStdout, stdout.replace(pathToFileURL(folder).href, folder));
  });
});

describe('c8 reports the same coverage of TypeScript that tsx compiles, registered after ttprof', () => {
  for (const type of ['module', 'commonjs']) {
    it(`as ${type}`, () => {
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ type }));
      writeFileSync(join(folder, 'covered.ts'), fixture);
      const plain = cover(['--import', tsx, 'covered.ts'], {});
      assert.match(plain.seen.path, /covered\.ts$/);
      const TTPROF = 'covered.ts:*';
      for (const measured of [
        cover(['--import', register, '--import', tsx, 'covered.ts'], { TTPROF }),
        cover(['--import', tsx, 'covered.ts'], { TTPROF, NODE_OPTIONS: `--import ${register}` }),
        cover([tsxCommand, 'covered.ts'], {}, [command, '-t', TTPROF, '--']),
      ]) {
        assert.match(measured.stderr, MEASURED);
        assert.deepEqual(measured.seen, plain.seen);
      }
    });
  }
});
