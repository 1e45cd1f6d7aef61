import { existsSync, readFileSync } from 'node:fs';
import type { SourceMapPayload } from 'node:module';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { listFoldersUp } from '../../shared/folders-up.js';
import { fileOfUrl } from '../file-of-url.js';
import { findMapUrl } from './map-comment.js';

const DATA_URL = /^data:application\/json[^,]*?(;base64)?,/;

/** A module's source map as it was written, nothing of it decoded. */
export interface MapFile {
  readonly payload: SourceMapPayload;
  /** Where relative sources start: the URL of the map's file, or of the module that carries it. */
  readonly base: URL;
  /** The absolute path of a source's URL; the URL itself where it is no file. */
  pathOf(url: string): string;
}

/**
 * Finds a source of a bundle of which the map gives only the path within the project.
 * @param path relative, `/`-separated
 * @param file absolute path of the bundle
 * @returns an absolute path; null where nobody knows
 */
export type LocateSource = (path: string, file: string) => string | null;

/**
 * The map that a module's last comment points to, inline or in a file.
 * @param file absolute path of the module
 * @returns null where there is none, or none that can be read: source maps are a courtesy
 */
export function readMapFile(
  source: string,
  file: string,
  locate: LocateSource = locateOnDisk(),
): MapFile | null {
  const url = findMapUrl(source);
  if (url === null) return null;
  try {
    const data = DATA_URL.exec(url);
    if (data) {
      const text = decodeData(url.slice(data[0].length), data[1] !== undefined);
      return openMap(JSON.parse(text), file, locate);
    }
    const path = resolve(dirname(file), decodeURIComponent(url.replace(/[?#].*$/, '')));
    return openMap(JSON.parse(readFileSync(path, 'utf8')), path, locate);
  } catch {
    return null;
  }
}

/**
 * A map that is at hand.
 * @param path of its file, or of the module that carries it; absolute
 * @returns null where it is none
 */
export function openMap(
  payload: unknown,
  path: string,
  locate: LocateSource = locateOnDisk(),
): MapFile | null {
  if (!isMap(payload)) return null;
  const known = new Map<string, string>();
  return {
    payload,
    base: pathToFileURL(path),
    pathOf(url) {
      let place = known.get(url);
      if (place === undefined) {
        const inProject = pathInProject(url);
        place = (inProject === null ? null : locate(inProject, path)) ?? pathOfUrl(url);
        known.set(url, place);
      }
      return place;
    },
  };
}

/** Checked in full: Node believes the `length` of whatever stands in the place of a list, and loops as often. */
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

interface ListedSource {
  readonly url: string;
  readonly path: string;
  readonly content: string | null;
}

/** The sources of a map, or of the maps that an index map consists of: absolute paths, or URLs that are no files. */
export function listSources({ payload, base, pathOf }: MapFile): ListedSource[] {
  return partsOf(payload).flatMap((part) =>
    (part.sources ?? []).flatMap((source, index) => {
      if (typeof source !== 'string') return [];
      const url = resolveSource(source, part, base);
      return { url, path: pathOf(url), content: part.sourcesContent?.[index] ?? null };
    }),
  );
}

/** All names of a map, or of the maps that an index map consists of. */
export function listNames(payload: SourceMapPayload): string[] {
  return partsOf(payload)
    .flatMap(({ names }) => names ?? [])
    .filter((name) => typeof name === 'string');
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

/** `webpack://app/./src/a.ts?1f2e`, `turbopack:///[project]/src/a.ts`: what bundlers call a project's files. */
const BUNDLED =
  /^(?!file:|data:|https?:|node:)[a-z][a-z\d+.-]*:\/\/[^/]*\/+(?:\[[\w-]+\]\/|\([\w-]+\)\/)?(?:\.\/)?([^?#]+)/i;
/** The bundler's own code, and modules that it takes from outside the project. */
const NO_FILE = /^(?:webpack|rspack|turbopack)\/|^(?:external|ignored|consume|container)[ %]/;

function pathInProject(url: string): string | null {
  const [, path] = BUNDLED.exec(url) ?? [];
  return path === undefined || NO_FILE.test(path) ? null : path;
}

/**
 * Looks for a source in the folders around its bundle, first where an earlier one was found. A source that is in none of
 * them is taken to belong where the earlier one was, else below the nearest folder with a `package.json`.
 */
function locateOnDisk(): LocateSource {
  let root: string | null = null;
  return (path, file) => {
    const folders = listFoldersUp(dirname(file));
    const found = [...(root === null ? [] : [root]), ...folders].find((each) => existsSync(join(each, path)));
    if (found !== undefined) root ??= found;
    const folder = found ?? root ?? folders.find((each) => existsSync(join(each, 'package.json')));
    return folder === undefined ? null : join(folder, path);
  };
}

function partsOf(payload: SourceMapPayload): Partial<SourceMapPayload>[] {
  const { sections } = payload as { sections?: { map?: SourceMapPayload }[] };
  return Array.isArray(sections) ? sections.flatMap(({ map }) => (map ? partsOf(map) : [])) : [payload];
}

function decodeData(data: string, isBase64: boolean): string {
  return isBase64 ? Buffer.from(data, 'base64').toString('utf8') : decodeURIComponent(data);
}
