import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

// in two parts: written as one, it confuses tools that look for the comment in this file
const MARK = `sourceMapping${'URL='}`;
const DATA_URL = /^data:application\/json[^,]*?(;base64)?,/;

/** Does a module's source point to a source map? A look at the bytes, before anything is decoded. */
export function hasSourceMap(source: string | Uint8Array): boolean {
  if (typeof source === 'string') return source.includes(MARK);
  return Buffer.from(source.buffer, source.byteOffset, source.byteLength).includes(MARK);
}

/** Does a module carry its source map in itself, as what a compiling loader returns does? */
export function hasInlineMap(source: string): boolean {
  const at = source.lastIndexOf(MARK);
  return at !== -1 && source.startsWith('data:', at + MARK.length);
}

/**
 * The original files of a compiled module (absolute paths), from the source map that its last comment points to,
 * inline or in a file. Empty where there is none, or none that can be read: source maps are a courtesy.
 * @param file absolute path of the module
 */
export function readOriginals(file: string, source: string): string[] {
  const at = source.lastIndexOf(MARK);
  if (at === -1) return [];
  const url = /^[^\s'"*]+/.exec(source.slice(at + MARK.length))?.[0];
  if (url === undefined) return [];
  try {
    return originalsOf(file, url);
  } catch {
    return [];
  }
}

function originalsOf(file: string, url: string): string[] {
  const data = DATA_URL.exec(url);
  const mapFile = data ? file : resolve(dirname(file), decodeURIComponent(stripQuery(url)));
  const text = data
    ? decodeData(url.slice(data[0].length), data[1] !== undefined)
    : readFileSync(mapFile, 'utf8');
  const map = JSON.parse(text) as { sources?: unknown; sourceRoot?: unknown; sections?: unknown };
  const root = typeof map.sourceRoot === 'string' && map.sourceRoot !== '' ? `${map.sourceRoot}/` : '';
  const base = pathToFileURL(mapFile);
  return listSources(map).flatMap((source) => {
    if (root === '' && /^[A-Za-z]:[\\/]/.test(source)) return [source];
    const original = new URL(root + source, base);
    return original.protocol === 'file:' ? [fileURLToPath(original)] : [];
  });
}

/** The sources of a map, or of the maps that an index map consists of. */
function listSources(map: { sources?: unknown; sections?: unknown }): string[] {
  if (Array.isArray(map.sections))
    return map.sections.flatMap((section: { map?: { sources?: unknown } }) => listSources(section.map ?? {}));
  return Array.isArray(map.sources)
    ? map.sources.filter((one): one is string => typeof one === 'string')
    : [];
}

function stripQuery(url: string): string {
  return url.replace(/[?#].*$/, '');
}

function decodeData(data: string, isBase64: boolean): string {
  return isBase64 ? Buffer.from(data, 'base64').toString('utf8') : decodeURIComponent(data);
}
