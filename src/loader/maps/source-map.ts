import { SourceMap, type SourceMapPayload } from 'node:module';
import { pathToFileURL } from 'node:url';
import { listSources, type MapFile, pathOfUrl, readMapFile, resolveSource } from './map-file.js';

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

/**
 * The map that a module's last comment points to, inline or in a file.
 * @param file absolute path or file URL of the module
 * @returns null where there is none, or none that can be read: source maps are a courtesy
 */
export function readSourceMap(source: string, file: string): OriginalMap | null {
  const map = readMapFile(source, pathOfUrl(file));
  try {
    return map && createOriginalMap(map);
  } catch {
    return null; // damaged
  }
}

/** A map that is at hand already. @param file absolute path of the compiled module */
export function readOriginalMap(payload: SourceMapPayload, file: string): OriginalMap {
  return createOriginalMap({ payload, base: pathToFileURL(file) });
}

function createOriginalMap({ payload, base }: MapFile): OriginalMap {
  const map = new SourceMap(payload);
  const listed = listSources({ payload, base });
  const contents = new Map(
    listed.flatMap(({ path, content }) => (content === null ? [] : [[path, content] as const])),
  );
  const urls = new Map<string, string>();
  const urlOf = (source: string): string => {
    let url = urls.get(source);
    if (url === undefined) urls.set(source, (url = resolveSource(source, payload, base)));
    return url;
  };
  const find = (line: number, column: number): MapEntry | null => {
    const entry = map.findEntry(line, column) as Partial<NodeMapEntry>;
    // the last mapping of an earlier line says nothing about this one
    if (entry.generatedLine !== line) return null;
    const { originalSource, originalLine = 0, originalColumn = 0, name } = entry;
    const source = originalSource ? urlOf(originalSource) : null;
    return { source, line: originalLine, column: originalColumn, name };
  };
  return {
    sources: listed.map(({ path }) => path),
    find,
    originalPosition(line, column) {
      const entry = find(line - 1, column - 1);
      if (entry === null || entry.source === null) return null;
      return { file: pathOfUrl(entry.source), line: entry.line + 1, column: entry.column + 1 };
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
