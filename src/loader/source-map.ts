import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { OriginalPosition } from './match-function.js';

/** A source map, version 3, as JSON has it. */
export interface SourceMapV3 {
  readonly version: number;
  readonly file?: string;
  readonly sourceRoot?: string;
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly (string | null)[];
  readonly names: readonly string[];
  readonly mappings: string;
}

/** The map that a compiled module came with. */
export interface OriginalMap {
  /** Absolute paths of the original files; URLs where they are no files. */
  readonly sources: readonly string[];
  /**
   * Where a place in the compiled source comes from; both 1-based.
   * @returns null where the map does not know
   */
  originalPosition(line: number, column: number): OriginalPosition | null;
  /** The map's own entry for a place, both 0-based as in maps; null where none begins on that line before it. */
  find(line: number, column: number): MapEntry | null;
  /** The text of one of `sources`, where the map carries it. */
  contentOf(source: string): string | null;
}

export interface MapEntry {
  /** An absolute URL; null for a place that has no original. */
  readonly source: string | null;
  readonly line: number;
  readonly column: number;
  readonly name: string | undefined;
}

// in two parts: written as one, it confuses tools that look for the comment in this file
const MARK = `sourceMapping${'URL='}`;
const COMMENT = new RegExp(`(?://[#@]|/\\*[#@])[ \\t]${MARK}([^\\s'"*]+)(?:[ \\t]*\\*/)?[ \\t]*$`, 'gm');
const DATA_URL = /^data:application\/json[^,]*?(;base64)?,/;

/**
 * The map that a module's last comment points to, inline or in a file.
 * @param file absolute path or file URL of the module
 * @returns null where there is none, or none that can be read: source maps are a courtesy
 */
export function readSourceMap(source: string, file: string): OriginalMap | null {
  const url = findMapUrl(source);
  if (url === null) return null;
  try {
    const path = file.startsWith('file:') ? fileURLToPath(file) : file;
    const data = DATA_URL.exec(url);
    const mapFile = data ? path : resolve(dirname(path), decodeURIComponent(url.replace(/[?#].*$/, '')));
    const text = data
      ? decodeData(url.slice(data[0].length), data[1] !== undefined)
      : readFileSync(mapFile, 'utf8');
    return createOriginalMap(JSON.parse(text) as SourceMapPayload, mapFile);
  } catch {
    return null;
  }
}

/** The URL of the last `sourceMappingURL` comment, or null. */
export function findMapUrl(source: string): string | null {
  return lastComment(source)?.url ?? null;
}

/**
 * Puts a map into its code as a data URL, in the place of the comment that is there, else behind the last line.
 */
export function attachMap(code: string, map: SourceMapV3): string {
  const json = Buffer.from(JSON.stringify(map)).toString('base64');
  const comment = `//# ${MARK}data:application/json;base64,${json}`;
  const present = lastComment(code);
  if (present === null) return `${code}\n${comment}`;
  return code.slice(0, present.start) + comment + code.slice(present.end);
}

function createOriginalMap(payload: SourceMapPayload, mapFile: string): OriginalMap {
  const map = new SourceMap(payload);
  const base = pathToFileURL(mapFile);
  const contents = new Map<string, string>();
  const sources: string[] = [];
  const urls = new Map<string, string>();
  const resolveSource = (source: string): string => {
    let url = urls.get(source);
    if (url === undefined) {
      url = /^[A-Za-z]:[\\/]/.test(source) ? pathToFileURL(source).href : new URL(source, base).href;
      urls.set(source, url);
    }
    return url;
  };
  for (const part of partsOf(payload)) {
    const root = rootOf(part);
    part.sources?.forEach((source, index) => {
      const path = pathOf(resolveSource(root + source));
      sources.push(path);
      const content = part.sourcesContent?.[index];
      if (typeof content === 'string') contents.set(path, content);
    });
  }
  const root = rootOf(payload);
  const find = (line: number, column: number): MapEntry | null => {
    const entry = map.findEntry(line, column) as Partial<NodeMapEntry>;
    // the last mapping of an earlier line says nothing about this one
    if (entry.generatedLine !== line) return null;
    const { originalSource, originalLine = 0, originalColumn = 0, name } = entry;
    const source = originalSource ? resolveSource(root + originalSource) : null;
    return { source, line: originalLine, column: originalColumn, name };
  };
  return {
    sources,
    find,
    originalPosition(line, column) {
      const entry = find(line - 1, column - 1);
      if (entry === null || entry.source === null) return null;
      return { file: pathOf(entry.source), line: entry.line + 1, column: entry.column + 1 };
    },
    contentOf: (source) => contents.get(source) ?? null,
  };
}

/** What Node's `SourceMap` finds; it leaves `sourceRoot` to its caller. */
interface NodeMapEntry {
  generatedLine: number;
  originalSource: string | undefined;
  originalLine: number;
  originalColumn: number;
  name: string | undefined;
}

function rootOf({ sourceRoot }: Partial<SourceMapPayload>): string {
  return sourceRoot ? `${sourceRoot.replace(/\/$/, '')}/` : '';
}

/** A map, or the maps that an index map consists of. */
function partsOf(payload: SourceMapPayload): Partial<SourceMapPayload>[] {
  const { sections } = payload as { sections?: { map?: SourceMapPayload }[] };
  return Array.isArray(sections) ? sections.flatMap(({ map }) => (map ? partsOf(map) : [])) : [payload];
}

function pathOf(url: string): string {
  return url.startsWith('file:') ? fileURLToPath(url) : url;
}

function lastComment(source: string): { start: number; end: number; url: string } | null {
  // most files have none, and looking for it takes no time
  const at = source.lastIndexOf(MARK);
  if (at === -1) return null;
  COMMENT.lastIndex = source.lastIndexOf('\n', at) + 1;
  let last: RegExpExecArray | null = null;
  for (let found = COMMENT.exec(source); found !== null; found = COMMENT.exec(source)) last = found;
  return last && { start: last.index, end: last.index + last[0].length, url: last[1]! };
}

function decodeData(data: string, isBase64: boolean): string {
  return isBase64 ? Buffer.from(data, 'base64').toString('utf8') : decodeURIComponent(data);
}
