import { readFileSync } from 'node:fs';
import { findSourceMap, type SourceMapPayload } from 'node:module';
import type { SourcePlace } from '../../runtime/contract.js';
import { fileOfUrl } from '../file-of-url.js';
import type { EditedSource } from '../load-log.js';
import { type OriginalMap, readOriginalMap, readSourceMap } from '../maps/source-map.js';
import { createUneditColumn } from './unedit-column.js';

/** A function of running code, as V8 names its place; both numbers are 0-based. */
export interface RunningFunction {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

export interface LocatedFunction extends SourcePlace {
  readonly runningName: string;
  /** In that source, 1-based. */
  readonly column: number;
  /** The line in that source of one in the running code, both 1-based; null where nobody knows. */
  readonly sourceLine: (line: number) => number | null;
  readonly isOwn: boolean;
}

interface LocatedModule {
  /** Null where the module was not compiled. */
  readonly map: OriginalMap | null;
  /** The lines before the module was rewritten; null where only the map is known, or where they are not needed. */
  readonly lines: readonly string[] | null;
  readonly lineCount: number;
  /** From the running code to those lines. */
  readonly uneditColumn: (line: number, column: number) => number;
}

/** A function's name, and what stands between it and where V8 says that the function begins. */
const NAME_BEFORE = /([\w$]+)\s*(?:[=:]\s*(?:async\s*)?(?:function\b\s*\*?\s*)?)?$/;

/** In characters: names further before a function are not looked for, since lines of minified code can be very long. */
const MAX_NAME_DISTANCE = 200;

/** How many functions are remembered: evaluated code may have a new name each time, so at this size all are forgotten. */
const MAX_REMEMBERED = 10_000;

/**
 * Finds functions of running code in the sources from which it was compiled. Reads each module's map once.
 * @param ownFolders URL and path of ttprof's own code
 * @param sourceOf what a module was before it was rewritten; null where it was not
 */
export function createFunctionLocator(
  ownFolders: readonly string[],
  sourceOf: (file: string) => EditedSource | null,
): (found: RunningFunction) => LocatedFunction {
  const modules = new Map<string, LocatedModule | null>();
  const located = new Map<string, LocatedFunction>();
  const moduleOf = (file: string): LocatedModule | null => {
    let module = modules.get(file);
    if (module === undefined) modules.set(file, (module = openModule(file, sourceOf(file))));
    return module;
  };
  const locate = (found: RunningFunction): LocatedFunction => {
    const { functionName: name, url, lineNumber, columnNumber } = found;
    // the function that finds a rewritten module's probe
    const isWritten = name.startsWith('$ttprof_');
    const isOwn = isWritten || ownFolders.some((folder) => url.startsWith(folder));
    const file = fileOfUrl(url) ?? url;
    const place = { file, line: lineNumber + 1, column: columnNumber + 1 };
    const shown = isWritten ? '(ttprof)' : name;
    const running = { name: shown, runningName: name, ...place, sourceLine: sameLine, isOwn };
    if (file === '') return { ...running, line: 0 };
    const module = file.startsWith('node:') || isOwn ? null : moduleOf(file);
    return module === null ? running : { ...running, ...findOriginal(module, found) };
  };
  return (found) => {
    const key = `${found.url}\0${found.lineNumber}\0${found.columnNumber}\0${found.functionName}`;
    let place = located.get(key);
    if (place !== undefined) return place;
    if (located.size >= MAX_REMEMBERED) {
      located.clear();
      modules.clear();
    }
    place = locate(found);
    located.set(key, place);
    return place;
  };
}

const sameLine = (line: number) => line;

/**
 * A rewritten module is looked up in the map that its compiler gave it; any other in the map that Node has where source
 * maps are on, else in the one that its file names.
 */
function openModule(file: string, edited: EditedSource | null): LocatedModule | null {
  try {
    const known = edited === null ? findSourceMap(file) : undefined;
    if (known !== undefined) {
      const map = readOriginalMap(known.payload as SourceMapPayload, file);
      return { map, lines: null, lineCount: 0, uneditColumn: (_, column) => column };
    }
    const source = edited?.source ?? readFileSync(file, 'utf8');
    const map = readSourceMap(source, file);
    const lines = source.split('\n');
    const uneditColumn = createUneditColumn(source, edited?.edits ?? []);
    // these stay in memory as long as the program runs, so only the texts that are needed
    return { map, lines: map === null ? null : lines, lineCount: lines.length, uneditColumn };
  } catch {
    return null; // no file, or one that is gone
  }
}

function findOriginal(
  { map, lines, lineCount, uneditColumn }: LocatedModule,
  { functionName, lineNumber, columnNumber }: RunningFunction,
): Partial<LocatedFunction> {
  if (map === null) {
    // of inlined code V8 tells the line, but not that it may be a line of another file
    const isThere = (line: number) => line > lineNumber && line <= lineCount;
    const column = uneditColumn(lineNumber, columnNumber) + 1;
    return { column, sourceLine: (line) => (isThere(line) ? line : null) };
  }
  const column = uneditColumn(lineNumber, columnNumber);
  const entry = map.find(lineNumber, column);
  if (entry === null || entry.source === null) return {};
  const place = {
    file: map.pathOf(entry.source),
    line: entry.line + 1,
    column: entry.column + 1,
    sourceLine(line: number): number | null {
      // a line that was made of several source lines leads to none of them
      const begun = map.find(line - 1, Math.max(0, lines?.[line - 1]?.search(/\S/) ?? 0));
      const first = begun ?? (line === lineNumber + 1 ? entry : null);
      const last = map.find(line - 1, Number.MAX_SAFE_INTEGER);
      if (last?.source !== entry.source || last.line < entry.line) return null;
      return first === null || (first.source === last.source && first.line === last.line)
        ? last.line + 1
        : null;
    },
  };
  const before = NAME_BEFORE.exec(
    lines?.[lineNumber]?.slice(Math.max(0, column - MAX_NAME_DISTANCE), column) ?? '',
  );
  if (functionName === '' || before?.[1] !== functionName) return place;
  const named = map.find(lineNumber, column - before[0].length);
  return { ...place, ...(named?.name !== undefined && named.name !== '' && { name: named.name }) };
}
