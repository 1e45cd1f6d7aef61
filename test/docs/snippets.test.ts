import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type TypeScript from 'typescript-5.9';
import { runToEnd } from '../run-to-end.js';
import { makeFolder } from '../temporary-folder.js';

const require = createRequire(import.meta.url);
const ts = require('typescript-5.9') as typeof TypeScript;
const root = fileURLToPath(new URL('../../', import.meta.url));
const DOCUMENTS = ['README.md', 'docs/module-api.md'];

interface Snippet {
  readonly line: number;
  readonly language: string;
  readonly code: string;
  /** Of a snippet that begins with `// name.js`: others import it. */
  readonly file: string | null;
}

/** The blocks of code of a document that are programs. */
function readSnippets(document: string): Snippet[] {
  const text = readFileSync(join(root, document), 'utf8');
  return [...text.matchAll(/^```(ts|js)\n([\s\S]*?)^```$/gm)].map((match) => ({
    line: text.slice(0, match.index).split('\n').length,
    language: match[1]!,
    code: match[2]!,
    file: /^\/\/ ([\w./-]+\.js)\n/.exec(match[2]!)?.[1] ?? null,
  }));
}

/** For Nodes that know neither `using` nor decorators. */
function compile(code: string): string {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  return ts.transpileModule(code, { compilerOptions }).outputText;
}

for (const document of DOCUMENTS)
  describe(`the snippets of ${document}`, () => {
    const snippets = readSnippets(document);
    const programs = snippets.filter(({ file }) => file === null);
    let folder = '';

    before(() => {
      folder = makeFolder();
      const link = (target: string, name: string) => {
        mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true });
        symlinkSync(target, join(folder, 'node_modules', name), 'junction');
      };
      link(root, 'ttprof');
      for (const name of ['acorn', '@types/node', 'undici-types'])
        link(join(root, 'node_modules', name), name);
      writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
      for (const { file, code } of snippets) if (file !== null) writeFileSync(join(folder, file), code);
      for (const { line, language, code } of programs)
        writeFileSync(join(folder, `snippet-${line}.${language}`), code);
    });

    it('are found', () => {
      assert.ok(programs.length >= 1);
    });

    it('compile as they stand', () => {
      const compilerOptions = {
        strict: true,
        noEmit: true,
        allowJs: true,
        module: 'NodeNext',
        moduleResolution: 'NodeNext',
        target: 'ES2022',
        lib: ['ES2023'],
        types: ['node'],
        skipLibCheck: false,
      };
      writeFileSync(
        join(folder, 'tsconfig.json'),
        JSON.stringify({ include: ['snippet-*'], compilerOptions }),
      );
      const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
      const { stdout } = runToEnd(process.execPath, [tsc, '-p', folder]);
      assert.equal(stdout, '');
    });

    for (const { line, code } of programs) {
      it(`the one on line ${line} runs`, () => {
        const file = join(folder, `run-${line}.js`);
        writeFileSync(file, compile(code));
        const { stderr, status } = runToEnd(process.execPath, [file], { cwd: folder });
        assert.equal(status, 0, stderr);
        assert.doesNotMatch(stderr, /Error|matched nothing/);
        if (/\btprof\(/.test(code) && !/quiet: true/.test(code)) assert.match(stderr, /ttprof results/);
      });
    }
  });
