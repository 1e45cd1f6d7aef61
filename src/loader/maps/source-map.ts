import type { SourceMapPayload } from 'node:module';
import {
  type LocateSource,
  listNames,
  listSources,
  type MapFile,
  openMap,
  pathOfUrl,
  readMapFile,
  resolveSource,
} from './map-file.js';
import { createMappingTable } from './mapping-table.js';

/** A place in an original source; line and column are 1-based. */
export interface OriginalPosition {
  /** Absolute path. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
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
  /** What the identifier at a place, 1-based, was called where it comes from; undefined where the map does not say. */
  nameAt(line: number, column: number): string | undefined;
  /** All names that the map knows. */
  readonly names: readonly string[];
  /** The absolute path of a source's URL; the URL itself where it is no file. */
  pathOf(url: string): string;
  /** The texts that the map carries, by the URLs of their sources. */
  readonly contents: ReadonlyMap<string, string>;
}

export interface MapEntry {
  /** An absolute URL; null for a place that has no original. */
  readonly source: string | null;
  readonly line: number;
  readonly column: number;
  readonly name: string | undefined;
}

/**
 * The map that a module's last comment points to, inline or in a file.
 * @param file absolute path or file URL of the module
 * @returns null where there is none, or none that can be read: source maps are a courtesy
 */
export function readSourceMap(source: string, file: string, locate?: LocateSource): OriginalMap | null {
  const map = readMapFile(source, pathOfUrl(file), locate);
  try {
    return map && createOriginalMap(map);
  } catch {
    return null; // damaged
  }
}

/**
 * A map that is at hand already.
 * @param file absolute path of the compiled module
 * @returns null where it is not a map
 */
export function readOriginalMap(payload: SourceMapPayload, file: string): OriginalMap | null {
  const map = openMap(payload, file);
  return map && createOriginalMap(map);
}

function createOriginalMap(file: MapFile): OriginalMap {
  const { payload, base, pathOf } = file;
  const table = createMappingTable(payload);
  const listed = listSources(file);
  const contents = new Map(
    listed.flatMap(({ url, content }) => (content === null ? [] : [[url, content] as const])),
  );
  const urls = new Map<string, string>();
  const urlOf = (source: string): string => {
    let url = urls.get(source);
    if (url === undefined) urls.set(source, (url = resolveSource(source, payload, base)));
    return url;
  };
  const find = (line: number, column: number): MapEntry | null => {
    const found = table.find(line, column);
    if (found === null) return null;
    const source = found.source ? urlOf(found.source) : null;
    return { source, line: found.sourceLine, column: found.sourceColumn, name: found.name };
  };
  return {
    sources: listed.map(({ path }) => path),
    find,
    originalPosition(line, column) {
      const entry = find(line - 1, column - 1);
      if (entry === null || entry.source === null) return null;
      return { file: pathOf(entry.source), line: entry.line + 1, column: entry.column + 1 };
    },
    nameAt(line, column) {
      const found = table.find(line - 1, column - 1);
      if (found?.column !== column - 1) return undefined;
      return typeof found.name === 'string' && found.name !== '' ? found.name : undefined;
    },
    names: listNames(payload),
    pathOf,
    contents,
  };
}
