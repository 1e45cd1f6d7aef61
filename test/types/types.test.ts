import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runToEnd } from '../run-to-end.js';
import { makeFolder } from '../temporary-folder.js';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('../../', import.meta.url));
const COMPILERS = ['typescript-5.4', 'typescript-5.9', 'typescript'];

/** The least that a strict project sets: no types of Node, and every declaration file checked. */
const OPTIONS = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  target: 'ES2022',
  lib: ['ES2022'],
  types: [],
  skipLibCheck: false,
};

describe('the types', () => {
  let folder = '';

  before(() => {
    folder = makeFolder();
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules', 'ttprof'), 'junction');
    cpSync(join(root, 'test', 'types', 'snippets'), folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    const write = (name: string, files: string[], further: object) =>
      writeFileSync(
        join(folder, `tsconfig.${name}.json`),
        JSON.stringify({ files, compilerOptions: { ...OPTIONS, ...further } }),
      );
    write('standard', ['functions.ts', 'using.ts', 'decorators.ts'], {});
    write('legacy', ['legacy-decorators.ts'], { experimentalDecorators: true });
    write('loose', ['using.ts'], { strict: false, exactOptionalPropertyTypes: false, target: 'ES2020' });
  });

  it('import no package: where each finds its own dependencies alone, there would be none', () => {
    const files = readdirSync(join(root, 'lib'), { recursive: true }).map(String);
    const declarations = files.filter((file) => file.endsWith('.d.ts'));
    assert.ok(declarations.length > 5);
    for (const file of declarations) {
      const text = readFileSync(join(root, 'lib', file), 'utf8');
      assert.doesNotMatch(text, /(?:from|import\() *['"](?!\.\.?\/)/, file);
    }
  });

  for (const compiler of COMPILERS) {
    const manifest = require.resolve(`${compiler}/package.json`);
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    const tsc = join(dirname(manifest), 'bin', 'tsc');

    // each takes seconds: the older language features once with the oldest and once with the latest compiler
    const names = compiler === 'typescript-5.9' ? ['standard'] : ['standard', 'legacy', 'loose'];
    for (const name of names) {
      it(`compile with TypeScript ${version}: ${name}`, () => {
        const args = [tsc, '-p', `tsconfig.${name}.json`, '--preserveSymlinks'];
        const { stdout, status } = runToEnd(process.execPath, args, { cwd: folder });
        assert.equal(stdout, '');
        assert.equal(status, 0);
      });
    }
  }
});
