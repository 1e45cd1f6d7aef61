import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeCoverage } from 'node:v8';
import { lowerBound } from '../../shared/lower-bound.js';
import { fileOfUrl } from '../file-of-url.js';
import type { EditedSource } from '../load-log.js';
import { NOT_COUNTED } from '../rewrite/continuations.js';
import { lineLengthsOf, mapToItself, readOwnMap } from './coverage-map.js';
import { addRanges, contains, innermost, lengthOf, type Range } from './coverage-ranges.js';

/** What Node writes into the folder that NODE_V8_COVERAGE names, as far as it concerns us. */
export interface CoverageFile {
  result: ScriptCoverage[];
  'source-map-cache'?: Record<string, { lineLengths: number[]; data: unknown; url: string | null }>;
}
interface ScriptCoverage {
  readonly scriptId?: string;
  readonly url: string;
  functions: FunctionCoverage[];
}
interface FunctionCoverage {
  readonly functionName: string;
  readonly isBlockCoverage: boolean;
  ranges: Range[];
}

/** A time for the name of a file, in milliseconds: as long as those that Node writes (13 digits), and later than all. */
const LAST_TIME_MS = 9999999999999;

/**
 * Writes this thread's coverage now, in terms of the modules as they were before they were rewritten: tools that read
 * it know only those. To be called at the end of a thread: V8 then counts from 0 again, so that what Node itself writes
 * when the thread has ended holds next to nothing of the program.
 * @param folder NODE_V8_COVERAGE
 * @param sources what was rewritten in this thread, by absolute path; several for a file that was loaded in several ways
 */
export function writeCoverage(folder: string, sources: ReadonlyMap<string, readonly EditedSource[]>): void {
  const before = new Set(listFiles(folder));
  takeCoverage();
  for (const name of listFiles(folder)) {
    if (before.has(name)) continue;
    const path = join(folder, name);
    const coverage = JSON.parse(readFileSync(path, 'utf8')) as CoverageFile;
    translateCoverage(coverage, sources);
    writeFileSync(path, JSON.stringify(coverage));
    // c8 takes the source maps of the file that it reads last, in the order of their names
    renameSync(path, join(folder, name.replace(/-\d+(-\d+\.json)$/, `-${LAST_TIME_MS}$1`)));
  }
}

/** Only this process's: others write into the same folder. */
function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.startsWith(`coverage-${process.pid}-`));
  } catch {
    return []; // the folder is made by the first process that writes
  }
}

/**
 * Changes the coverage of rewritten modules into that of their sources.
 * @param known the rewritten modules among this thread's scripts, by script id; what is found now is added
 */
export function translateCoverage(
  coverage: CoverageFile,
  sources: ReadonlyMap<string, readonly EditedSource[]>,
  known = new Map<unknown, EditedSource>(),
): void {
  const maps = coverage['source-map-cache'];
  recognize(coverage.result, sources, known);
  for (const script of coverage.result) {
    const file = fileOfUrl(script.url) ?? script.url;
    const edited = known.get(keyOf(script));
    if (edited === undefined) continue;
    const toOriginal = createTranslation(edited);
    const added = findAdded(edited, script.functions);
    script.functions = script.functions.flatMap((each) =>
      translateFunction(each, toOriginal, added.get(each) ?? []),
    );
    if (maps === undefined) continue;
    const own = readOwnMap(edited.source, file);
    // where we gave it a map, Node writes that one at the end as well
    const data = own ?? (script.url in maps ? mapToItself(edited.source, script.url) : null);
    if (data !== null) maps[script.url] = { lineLengths: lineLengthsOf(edited.source), data, url: null };
  }
}

/**
 * Finds the rewritten modules among the scripts. V8 lists a script once for each context that it runs in, and only one of
 * these entries has the function that spans the whole script, so they are remembered by script id.
 */
function recognize(
  scripts: readonly ScriptCoverage[],
  sources: ReadonlyMap<string, readonly EditedSource[]>,
  known: Map<unknown, EditedSource>,
): void {
  for (const script of scripts) {
    const file = fileOfUrl(script.url) ?? script.url;
    const edited = sources.get(file)?.find((each) => isOurCode(script, each));
    if (edited !== undefined) known.set(keyOf(script), edited);
  }
}

function keyOf(script: ScriptCoverage): unknown {
  return script.scriptId ?? script;
}

/** False where a compiler has compiled the rewritten code further: the map of that code leads through ours. */
function isOurCode({ url, functions }: ScriptCoverage, { rewrittenLength }: EditedSource): boolean {
  const length = functions[0]?.ranges[0]?.endOffset ?? 0;
  // to TypeScript that it strips, Node appends its name for debuggers
  return length === rewrittenLength || length === rewrittenLength + `\n\n//# sourceURL=${url}`.length;
}

/** Where an offset in the rewritten code comes from; {@link NOT_COUNTED} where V8 counts nothing in the source. */
type Translation = (offset: number) => number;

function createTranslation({ source, edits, rewrittenLength }: EditedSource): Translation {
  // of each insertion: where it begins in the rewritten code
  const starts: number[] = [];
  const continuations = new Map<number, number>();
  let inserted = 0;
  const insertedBefore = edits.map(([offset, length, continuation]) => {
    starts.push(offset + inserted);
    inserted += length;
    if (continuation !== undefined) continuations.set(offset + inserted, continuation);
    return inserted - length;
  });
  return (offset) => {
    // an inline map that was appended has moved the end
    if (offset >= rewrittenLength) return source.length;
    const continuation = continuations.get(offset);
    if (continuation !== undefined) return continuation;
    // the last insertion that begins before the offset
    const last = lowerBound(starts, offset) - 1;
    if (last < 0) return offset;
    const [at, length, inside = at] = edits[last]!;
    const isInserted = offset < starts[last]! + length;
    return Math.min(isInserted ? inside : offset - insertedBefore[last]! - length, source.length);
  };
}

/** Empty where the function itself was inserted. */
function translateFunction(
  function_: FunctionCoverage,
  toOriginal: Translation,
  added: readonly Range[],
): FunctionCoverage[] {
  const { ranges } = function_;
  const [whole] = ranges;
  const limit = toOriginal(whole!.endOffset);
  if (limit <= toOriginal(whole!.startOffset) && whole!.endOffset > whole!.startOffset) return [];
  /** Ends of the ranges that are left out, by their starts: a range that ends at such a start goes on to that end. */
  const ends = new Map<number, number>();
  for (const { startOffset, endOffset } of ranges)
    if (toOriginal(startOffset) === NOT_COUNTED) ends.set(startOffset, endOffset);
  const translated = ranges.flatMap(({ startOffset, endOffset, count }) => {
    const start = toOriginal(startOffset);
    const end = Math.min(toOriginal(ends.get(endOffset) ?? endOffset), limit);
    return start === NOT_COUNTED || start >= end ? [] : [{ startOffset: start, endOffset: end, count }];
  });
  return [{ ...function_, ranges: addRanges(translated, added) }];
}

/**
 * The ranges that V8 would count in the source behind an operand whose last part is an `await` or `yield`, by function.
 * In the rewritten code more follows within that operand, so that V8 counts there instead.
 */
function findAdded(
  { edits }: EditedSource,
  functions: readonly FunctionCoverage[],
): Map<FunctionCoverage, Range[]> {
  const added = new Map<FunctionCoverage, Range[]>();
  let inserted = 0;
  for (const [offset, length, startOffset, endOffset] of edits) {
    inserted += length;
    if (startOffset === undefined || endOffset === undefined) continue;
    const place = offset + inserted;
    const [function_] = functions
      .filter(({ ranges: [whole] }) => contains(whole!, place))
      .sort((a, b) => lengthOf(a.ranges[0]!) - lengthOf(b.ranges[0]!));
    if (!function_?.isBlockCoverage) continue;
    const { count } = innermost(function_.ranges, place);
    added.set(function_, [...(added.get(function_) ?? []), { startOffset, endOffset, count }]);
  }
  return added;
}
