import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import ts from 'typescript-5.9';
import { attachMap, findMapUrl } from '../../../dist/loader/maps/map-comment.js';
import { readSourceMap } from '../../../dist/loader/maps/source-map.js';
import { type RewriteResult, rewrite } from '../../../dist/loader/rewrite/rewrite.js';
import { parseTarget } from '../../../dist/loader/targets/target.js';
import { makeFolder } from '../../temporary-folder.js';

const folder = makeFolder();
const file = join(folder, 'a.js');

const MARK = `source${'MappingURL'}`;
const inline = (map: unknown) =>
  `data:application/json;base64,${Buffer.from(typeof map === 'string' ? map : JSON.stringify(map)).toString('base64')}`;
const minimal = { version: 3, sources: ['a.ts'], names: [], mappings: 'AACA' };

function rewriteAll(source: string, maps: 'none' | 'compose' = 'compose'): RewriteResult {
  const target = parseTarget('a.js:*', { cwd: folder });
  return rewrite(source, { file, format: 'module', matches: [{ target, originals: null }], maps })!;
}

describe('the comment', () => {
  it('is the last one that is one', () => {
    assert.equal(findMapUrl('a'), null);
    assert.equal(findMapUrl(`a\n//# ${MARK}=a.js.map`), 'a.js.map');
    assert.equal(findMapUrl(`a\n//@ ${MARK}=a.js.map\n\n`), 'a.js.map');
    assert.equal(findMapUrl(`a /*# ${MARK}=a.js.map */`), 'a.js.map');
    assert.equal(findMapUrl(`//# ${MARK}=1\n//# ${MARK}=2\nlast`), '2');
    assert.equal(findMapUrl(`const s = "//# ${MARK}=";`), null);
  });

  it('is replaced where it stands, or put after the last line', () => {
    const map = { version: 3, sources: [], names: [], mappings: '' };
    assert.match(
      attachMap(`a\n//# ${MARK}=a.js.map\n// b`, map),
      /^a\n\/\/# sourceMappingURL=data:\S+\n\/\/ b$/,
    );
    assert.match(attachMap('a // b', map), /^a \/\/ b\n\/\/# sourceMappingURL=data:\S+$/);
  });
});

describe('reading a map', () => {
  it('takes inline ones, in base64 or not, and files', () => {
    writeFileSync(join(folder, 'a b.js.map'), JSON.stringify(minimal));
    for (const url of [
      inline(minimal),
      `data:application/json,${encodeURIComponent(JSON.stringify(minimal))}`,
      'a%20b.js.map',
      'a%20b.js.map?v=1',
    ]) {
      const map = readSourceMap(`f()\n//# ${MARK}=${url}`, file);
      assert.deepEqual(map?.sources, [join(folder, 'a.ts')], url);
      assert.deepEqual(map?.originalPosition(1, 1), { file: join(folder, 'a.ts'), line: 2, column: 1 });
    }
    assert.deepEqual(readSourceMap(`//# ${MARK}=${inline(minimal)}`, pathToFileURL(file).href)?.sources, [
      join(folder, 'a.ts'),
    ]);
  });

  it('resolves sources with their root, keeps URLs', () => {
    const map = { ...minimal, sourceRoot: '../src', sources: ['a.ts', 'webpack://p/b.ts'] };
    assert.deepEqual(readSourceMap(`//# ${MARK}=${inline(map)}`, '/p/out/a.js')?.sources.slice(0, 1), [
      '/p/src/a.ts',
    ]);
    const rootless = { ...minimal, sources: ['webpack://p/b.ts'] };
    assert.deepEqual(readSourceMap(`//# ${MARK}=${inline(rootless)}`, '/p/out/a.js')?.sources, [
      'webpack://p/b.ts',
    ]);
  });

  it('takes maps in sections', () => {
    const sections = [0, 2].map((line) => ({
      offset: { line, column: 0 },
      map: { ...minimal, sources: [`${line}.ts`] },
    }));
    const map = readSourceMap(`//# ${MARK}=${inline({ version: 3, sections })}`, '/p/a.js');
    assert.deepEqual(map?.sources, ['/p/0.ts', '/p/2.ts']);
    assert.deepEqual(map?.originalPosition(3, 1), { file: '/p/2.ts', line: 2, column: 1 });
  });

  it('gives up quietly', () => {
    for (const url of [
      'missing.map',
      inline('{'),
      inline('null'),
      inline([]),
      inline({ version: 3 }),
      'http://localhost:1/a.map',
      '%',
      'data:text/plain,x',
    ])
      assert.equal(readSourceMap(`f()\n//# ${MARK}=${url}`, file)?.originalPosition(1, 1) ?? null, null, url);
  });
});

/** Where each word of a text stands: 0-based. */
function wordsOf(text: string): { word: string; line: number; column: number }[] {
  return text
    .split('\n')
    .flatMap((row, line) =>
      [...row.matchAll(/[\w$]+/g)].map((found) => ({ word: found[0], line, column: found.index })),
    );
}

describe('the map of rewritten code', () => {
  const source = `const f = (x) => [x].map((y) => y.a); async function g() {
  try { return await f(1) } finally { f(2) }
}
class C { m() { return 1 } *n() { yield f } }
`;

  it('leads every word back to where it was', () => {
    const { code, map } = rewriteAll(source);
    const lookup = new SourceMap(map as never);
    const own = wordsOf(code).filter(({ word }) => !word.includes('$ttprof'));
    let at = 0;
    for (const { word, line, column } of wordsOf(source)) {
      // what was injected holds other words; each of the source's is found in order
      while (at < own.length) {
        const candidate = own[at++]!;
        const entry = lookup.findEntry(candidate.line, candidate.column) as {
          originalLine: number;
          originalColumn: number;
        };
        if (candidate.word === word && entry.originalLine === line && entry.originalColumn === column) break;
        assert.ok(at < own.length, `${word} at ${line}:${column} is lost`);
      }
    }
    assert.deepEqual(map!.sources, [pathToFileURL(file).href]);
    assert.deepEqual(map!.sourcesContent, [source]);
  });

  it("goes through the module's own map", () => {
    const typescript =
      'interface A { a: number }\nexport const f = (x: A): number => [x].map((y: A) => y.a)[0]!;\nenum E { One }\nexport async function g(): Promise<number> { const { a } = await { a: 1 }; return f({ a }); }\n';
    const { outputText } = ts.transpileModule(typescript, {
      fileName: 'a.ts',
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.ESNext,
        inlineSourceMap: true,
        inlineSources: true,
      },
    });
    const { code, map, sites } = rewriteAll(outputText);
    assert.deepEqual(
      sites.map(({ name, line, column, file }) => [name, line, column, file]),
      [
        ['f', 2, 18, join(folder, 'a.ts')],
        ['f.<anonymous>', 2, 44, join(folder, 'a.ts')],
        ['<anonymous>', 3, 1, join(folder, 'a.ts')],
        ['g', 4, 8, join(folder, 'a.ts')],
      ],
    );
    // whole words: an injected name ends in what the file's name gives, which may be an f
    const CALL = /(?<![\w$])(?:f|map)\(/g;
    const before = readSourceMap(outputText, file)!;
    const after = new SourceMap(map as never);
    const lines = code.split('\n');
    outputText.split('\n').forEach((text, line) => {
      // every call is found again, and leads to where it led
      const moved = [...lines[line]!.matchAll(CALL)];
      for (const [at, found] of [...text.matchAll(CALL)].entries()) {
        const column = moved[at]!.index;
        const entry = after.findEntry(line, column) as {
          originalSource: string;
          originalLine: number;
          originalColumn: number;
        };
        const expected = before.find(line, found.index)!;
        assert.deepEqual(
          [entry.originalSource, entry.originalLine, entry.originalColumn],
          [expected.source, expected.line, expected.column],
        );
      }
    });
    assert.deepEqual(map!.sourcesContent, [typescript]);
  });

  it('counts lines as JavaScript does', () => {
    const { code, map } = rewriteAll('/* \u2028 */ const f = () => 1;\nf();\n');
    const lookup = new SourceMap(map as never);
    const entry = lookup.findEntry(2, 0) as { originalLine: number };
    assert.equal(entry.originalLine, 2);
    assert.equal(code.split(/\r\n|[\n\r\u2028\u2029]/).length, 4);
  });

  it('is made only where it is wanted', () => {
    assert.equal(rewriteAll(source, 'none').map, null);
  });

  it('is not harmed by a broken map', () => {
    const broken = `${source}//# ${MARK}=${inline('{"version":3,"sources":')}`;
    const { map, sites } = rewriteAll(broken);
    assert.deepEqual(map!.sources, [pathToFileURL(file).href]);
    assert.equal(sites[0]!.file, undefined);
  });

  it('takes no names that are no texts', () => {
    const named = { ...minimal, names: [true, 'original'], mappings: 'SAASA;SACAC' };
    for (const damaged of [
      named,
      { version: 3, sections: [{ offset: { line: 0, column: 0 }, map: named }] },
    ]) {
      const compiled = `function f() { return 1 }\nfunction g() { return 2 }\n//# ${MARK}=${inline(damaged)}`;
      assert.deepEqual(
        rewriteAll(compiled).sites.map(({ name }) => name),
        ['f', 'original'],
      );
    }
  });
});
