import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createMappingTable } from '../../../dist/loader/maps/mapping-table.js';

const PACKAGES = ['marked/lib', '@jridgewell/trace-mapping/dist', 'magic-string/dist'];

const map = (mappings: string, more: Partial<SourceMapPayload> = {}): SourceMapPayload => ({
  version: 3,
  file: 'a.js',
  sources: ['a.ts', 'b.ts'],
  sourcesContent: [],
  names: ['first', 'second'],
  // without this Node takes the last mapping for one with a name
  mappings: `${mappings};`,
  sourceRoot: '',
  ...more,
});
const index = (...sections: [line: number, column: number, map: SourceMapPayload][]) =>
  ({
    version: 3,
    sections: sections.map(([line, column, part]) => ({ offset: { line, column }, map: part })),
  }) as unknown as SourceMapPayload;

/** What Node finds; of a line before which nothing begins, the end of an earlier one. */
function findByNode(known: SourceMap, line: number, column: number) {
  const entry = known.findEntry(line, column);
  if (!('generatedLine' in entry) || entry.generatedLine !== line) return null;
  const { generatedColumn, originalSource, originalLine, originalColumn } = entry;
  if (originalSource === undefined) return { column: generatedColumn, source: null };
  return {
    column: generatedColumn,
    source: originalSource,
    sourceLine: originalLine,
    sourceColumn: originalColumn,
    name: 'name' in entry ? entry.name : undefined,
  };
}

function assertLikeNode(payload: SourceMapPayload, lines: number, columns: (line: number) => number[]) {
  const known = new SourceMap(payload);
  const table = createMappingTable(payload);
  for (let line = 0; line < lines; line++) {
    for (const column of columns(line)) {
      const found = table.find(line, column);
      const expected = findByNode(known, line, column);
      const like = found?.source === null ? { column: found.column, source: null } : found;
      assert.deepEqual(like, expected, `line ${line}, column ${column}`);
    }
  }
}

test('finds in the maps of real packages what Node does', () => {
  const root = fileURLToPath(new URL('../../../node_modules', import.meta.url));
  let maps = 0;
  for (const folder of PACKAGES) {
    for (const name of readdirSync(join(root, folder))) {
      if (!/\.m?js\.map$/.test(name)) continue;
      const payload = JSON.parse(readFileSync(join(root, folder, name), 'utf8')) as SourceMapPayload;
      const lines = payload.mappings.split(';').length;
      assertLikeNode({ ...payload, mappings: `${payload.mappings};` }, lines + 1, (line) => [
        0,
        1,
        7,
        30,
        100 + (line % 50),
        1000,
        2 ** 31,
      ]);
      maps++;
    }
  }
  assert.ok(maps >= PACKAGES.length);
});

const everyColumn = () => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 20];

test('knows places without an original, names, large numbers, and mappings in any order', () => {
  for (const mappings of [
    '',
    ';;',
    'A',
    'AAAA,CAAAA,EACCC;A,EADFD',
    'AAAA;;;;AACA',
    // 7, then 3, then 3 again
    'OAAA,JACA,AACA;AACA',
    'A+/////BAA',
  ]) {
    assertLikeNode(map(mappings), 6, everyColumn);
  }
});

test('knows maps that consist of maps', () => {
  const one = map('AAAA,EACA;AACA,CAAAA');
  const two = map('AACA,CCAAC;AACA', { sources: ['c.ts', 'd.ts'], names: ['third', 'fourth'] });
  assertLikeNode(index([0, 0, one], [1, 4, two]), 5, everyColumn);
  assertLikeNode(index([0, 0, one], [3, 2, two]), 7, everyColumn);
  assertLikeNode(index([2, 0, two]), 7, everyColumn);
  assertLikeNode(index([0, 0, map('AAAA;;;;')], [1, 0, two]), 7, everyColumn);
});
