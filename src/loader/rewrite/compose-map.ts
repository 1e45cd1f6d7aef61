import { pathToFileURL } from 'node:url';
import type MagicString from 'magic-string';
import { requireIsolated } from '../isolation.js';
import type { OriginalMap } from '../maps/source-map.js';
import type { SourceMapV3 } from '../maps/source-map-v3.js';
import type { Insertion } from './insertions.js';

/** Line ends of JavaScript that magic-string does not count. */
const RARE_LINE_ENDS = /\r(?!\n)|[\u2028\u2029]/;
/** Where a stack trace or a coverage range can point to: the start of a word, any other character but white space. */
const PLACES = /(\r\n|[\n\r\u2028\u2029])|[\w$\u0080-\uffff]+|[^\s]/g;

/**
 * The map of rewritten code: to the module itself, or through the module's own map to its original files.
 * @param edited the source with everything inserted
 * @param insertions the same as a list, in order
 * @param file what the map calls the module where it has no map of its own
 */
export function composeMap(
  edited: MagicString,
  insertions: readonly Insertion[],
  file: string,
  own: OriginalMap | null,
): SourceMapV3 {
  const source = edited.original;
  const name = sourceName(file);
  if (own === null && !RARE_LINE_ENDS.test(source)) {
    const map = edited.generateMap({ hires: 'boundary', source: name, includeContent: true });
    return JSON.parse(map.toString()) as SourceMapV3;
  }
  const { SourceMapGenerator } = requireIsolated<typeof import('source-map')>('source-map');
  const generator = new SourceMapGenerator({ skipValidation: true });
  let last = '';
  forEachPlace(source, insertions, (line, column, generatedColumn) => {
    const entry = own === null ? { source: name, line, column, name: undefined } : own.find(line, column);
    if (entry === null) return;
    const key = `${line}:${entry.source}:${entry.line}:${entry.column}`;
    if (key === last) return;
    last = key;
    const generated = { line: line + 1, column: generatedColumn };
    if (entry.source === null)
      generator.addMapping({ generated } as Parameters<typeof generator.addMapping>[0]);
    else
      generator.addMapping({
        generated,
        original: { line: entry.line + 1, column: entry.column },
        source: entry.source,
        ...(entry.name === undefined ? {} : { name: entry.name }),
      });
  });
  if (own === null) generator.setSourceContent(name, source);
  else for (const [url, content] of own.contents) generator.setSourceContent(url, content);
  return JSON.parse(generator.toString()) as SourceMapV3;
}

/** All 0-based. Insertions hold no line ends, so lines stay, and columns move by what is inserted before them. */
function forEachPlace(
  source: string,
  insertions: readonly Insertion[],
  visit: (line: number, column: number, generatedColumn: number) => void,
): void {
  let line = 0;
  let lineStart = 0;
  let shift = 0;
  let next = 0;
  for (const place of source.matchAll(PLACES)) {
    for (; next < insertions.length && insertions[next]!.offset <= place.index; next++)
      shift += insertions[next]!.text.length;
    if (place[1] === undefined) {
      const column = place.index - lineStart;
      visit(line, column, column + shift);
    } else {
      line++;
      lineStart = place.index + place[0].length;
      shift = 0;
    }
  }
}

function sourceName(file: string): string {
  return /^[a-z][a-z\d+.-]+:/i.test(file) ? file : pathToFileURL(file).href;
}
