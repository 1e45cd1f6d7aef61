import { readFileSync } from 'node:fs';
import { findSourceMap, type SourceMapPayload } from 'node:module';
import type { SourcePlace } from '../../runtime/contract.js';
import { fileOfUrl } from '../file-of-url.js';
import { type OriginalMap, readOriginalMap, readSourceMap } from './source-map.js';

/** A function of running code, as V8 names its place; both numbers are 0-based. */
export interface RunningFunction {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

export interface LocatedFunction extends SourcePlace {
  /** Are lines of the running code lines of that source? */
  readonly holdsLines: boolean;
  readonly isOwn: boolean;
}

/**
 * Finds functions of running code in the sources from which it was compiled. Reads each module's map once: Node's own
 * where source maps are on, which is that of the rewritten code, else the one that the file names.
 * @param ownFolders URL and path of ttprof's own code
 */
export function createFunctionLocator(
  ownFolders: readonly string[],
): (found: RunningFunction) => LocatedFunction {
  const maps = new Map<string, OriginalMap | null>();
  const located = new Map<string, LocatedFunction>();
  const mapOf = (file: string): OriginalMap | null => {
    let map = maps.get(file);
    if (map === undefined) maps.set(file, (map = openMap(file)));
    return map;
  };
  const locate = ({
    functionName: name,
    url,
    lineNumber,
    columnNumber,
  }: RunningFunction): LocatedFunction => {
    const isOwn = ownFolders.some((folder) => url.startsWith(folder));
    const file = fileOfUrl(url) ?? url;
    const running = { name, file, line: lineNumber + 1, holdsLines: true, isOwn };
    if (file === '' || file.startsWith('node:') || isOwn)
      return { ...running, line: file === '' ? 0 : running.line };
    const map = mapOf(file);
    if (map === null) return running;
    const place = map.originalPosition(lineNumber + 1, columnNumber + 1);
    return place === null ? running : { ...running, file: place.file, line: place.line, holdsLines: false };
  };
  return (found) => {
    const key = `${found.url}\0${found.lineNumber}\0${found.columnNumber}\0${found.functionName}`;
    let place = located.get(key);
    if (place === undefined) located.set(key, (place = locate(found)));
    return place;
  };
}

function openMap(file: string): OriginalMap | null {
  try {
    const known = findSourceMap(file);
    if (known !== undefined) return readOriginalMap(known.payload as SourceMapPayload, file);
    return readSourceMap(readFileSync(file, 'utf8'), file);
  } catch {
    return null; // no file, or one that is gone
  }
}
