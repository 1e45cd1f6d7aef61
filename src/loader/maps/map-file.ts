import { readFileSync } from 'node:fs';
import type { SourceMapPayload } from 'node:module';
import { dirname, isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fileOfUrl } from '../file-of-url.js';
import { findMapUrl } from './map-comment.js';

const DATA_URL = /^data:application\/json[^,]*?(;base64)?,/;

/** A module's source map as it was written, nothing of it decoded. */
export interface MapFile {
  readonly payload: SourceMapPayload;
  /** Where relative sources start: the URL of the map's file, or of the module that carries it. */
  readonly base: URL;
}

/**
 * The map that a module's last comment points to, inline or in a file.
 * @param file absolute path of the module
 * @returns null where there is none, or none that can be read: source maps are a courtesy
 */
export function readMapFile(source: string, file: string): MapFile | null {
  const url = findMapUrl(source);
  if (url === null) return null;
  try {
    const data = DATA_URL.exec(url);
    if (data) {
      const text = decodeData(url.slice(data[0].length), data[1] !== undefined);
      return toMapFile(JSON.parse(text), file);
    }
    const path = resolve(dirname(file), decodeURIComponent(url.replace(/[?#].*$/, '')));
    return toMapFile(JSON.parse(readFileSync(path, 'utf8')), path);
  } catch {
    return null;
  }
}

function toMapFile(payload: unknown, path: string): MapFile | null {
  return isMap(payload) ? { payload, base: pathToFileURL(path) } : null;
}

/** Node takes any length of what is no list for true, and loops as often. */
function isMap(value: unknown): value is SourceMapPayload {
  if (typeof value !== 'object' || value === null) return false;
  const { sections, sources, sourcesContent, names, mappings } = value as Record<string, unknown>;
  if (sections !== undefined)
    return Array.isArray(sections) && sections.every((section) => isMap(section?.map));
  return typeof mappings === 'string' && [sources, sourcesContent ?? [], names ?? []].every(Array.isArray);
}

/** The original files of a compiled module: absolute paths. Empty where no map can be read. */
export function readOriginals(source: string, file: string): string[] {
  const map = readMapFile(source, file);
  try {
    return map === null
      ? []
      : listSources(map)
          .map(({ path }) => path)
          .filter(isAbsolute);
  } catch {
    return []; // damaged
  }
}

/** The sources of a map, or of the maps that an index map consists of: absolute paths, or URLs that are no files. */
export function listSources({ payload, base }: MapFile): { path: string; content: string | null }[] {
  return partsOf(payload).flatMap((part) =>
    (part.sources ?? []).flatMap((source, index) => {
      if (typeof source !== 'string') return [];
      const path = pathOfUrl(resolveSource(source, part, base));
      return { path, content: part.sourcesContent?.[index] ?? null };
    }),
  );
}

/**
 * The absolute URL of a source.
 * @param part the map that names it
 */
export function resolveSource(source: string, { sourceRoot }: Partial<SourceMapPayload>, base: URL): string {
  const rooted = sourceRoot ? `${sourceRoot.replace(/\/$/, '')}/${source}` : source;
  return /^[A-Za-z]:[\\/]/.test(rooted) ? pathToFileURL(rooted).href : new URL(rooted, base).href;
}

/** The absolute path of a URL; itself where it is no file. */
export function pathOfUrl(url: string): string {
  return fileOfUrl(url) ?? url;
}

function partsOf(payload: SourceMapPayload): Partial<SourceMapPayload>[] {
  const { sections } = payload as { sections?: { map?: SourceMapPayload }[] };
  return Array.isArray(sections) ? sections.flatMap(({ map }) => (map ? partsOf(map) : [])) : [payload];
}

function decodeData(data: string, isBase64: boolean): string {
  return isBase64 ? Buffer.from(data, 'base64').toString('utf8') : decodeURIComponent(data);
}
