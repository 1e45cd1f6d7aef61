import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { takeCoverage } from 'node:v8';
import { NOT_COUNTED } from './continuations.js';
import { fileOfUrl } from './file-of-url.js';
import type { EditedSource } from './ledger.js';
import { findMapUrl } from './source-map.js';

/** What Node writes into the folder that NODE_V8_COVERAGE names, as far as it concerns us. */
export interface CoverageFile {
  result: ScriptCoverage[];
  'source-map-cache'?: Record<string, { lineLengths: number[]; data: unknown; url: string | null }>;
}
interface ScriptCoverage {
  readonly url: string;
  functions: FunctionCoverage[];
}
interface FunctionCoverage {
  readonly functionName: string;
  readonly isBlockCoverage: boolean;
  ranges: Range[];
}
interface Range {
  startOffset: number;
  endOffset: number;
  readonly count: number;
}

/** In the place of the time in the name of a file, milliseconds in 13 digits: later than all that Node writes. */
const LAST = 9999999999999;
/** The end of a line in the lengths that Node gives. */
const LINE = /[\n\u2028\u2029]/;

/**
 * Writes this thread's coverage now, in terms of the modules as they were before they were rewritten: tools that read
 * it know only those. For the end of a thread: V8 counts from 0 again, and what Node writes when it is gone holds next
 * to nothing of the program.
 * @param folder NODE_V8_COVERAGE
 * @param sources by absolute path, what was rewritten in this thread: of one file the compiled code may differ by how it is loaded
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
    renameSync(path, join(folder, name.replace(/-\d+(-\d+\.json)$/, `-${LAST}$1`)));
  }
}

/** Only this process's: others write into the same folder. */
function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.startsWith(`coverage-${process.pid}-`));
  } catch {
    return []; // it is made by the first that writes
  }
}

/** Changes the coverage of rewritten modules into that of their sources. */
export function translateCoverage(
  coverage: CoverageFile,
  sources: ReadonlyMap<string, readonly EditedSource[]>,
): void {
  const maps = coverage['source-map-cache'];
  for (const script of coverage.result) {
    const file = fileOfUrl(script.url) ?? script.url;
    const edited = sources.get(file)?.find((each) => isOurCode(script, each));
    if (edited === undefined) continue;
    const toOriginal = createTranslation(edited);
    const added = findAdded(edited, script.functions);
    script.functions = script.functions.flatMap((each) =>
      translateFunction(each, toOriginal, added.get(each) ?? []),
    );
    if (maps === undefined) continue;
    const own = readOwnMap(edited.source, file);
    // where we gave it a map, Node writes one at the end, too
    const data = own ?? (script.url in maps ? mapToItself(edited.source, script.url) : null);
    const lineLengths = edited.source.split(LINE).map(({ length }) => length);
    if (data !== null) maps[script.url] = { lineLengths, data, url: null };
  }
}

/** False where a compiler after us made other code of it, whose map leads through ours. */
function isOurCode({ url, functions }: ScriptCoverage, { rewrittenLength }: EditedSource): boolean {
  const length = functions[0]?.ranges[0]?.endOffset ?? 0;
  // Node names its TypeScript for debuggers
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
    // a map that was put into the code makes its end another one
    if (offset >= rewrittenLength) return source.length;
    const continuation = continuations.get(offset);
    if (continuation !== undefined) return continuation;
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    const last = low - 1; // the last insertion that begins before the offset
    if (last < 0) return offset;
    const [at, length, inside = at] = edits[last]!;
    const isInserted = offset < starts[last]! + length;
    return Math.min(isInserted ? inside : offset - insertedBefore[last]! - length, source.length);
  };
}

/** None where the function was inserted itself. */
function translateFunction(
  { ranges, ...rest }: FunctionCoverage,
  toOriginal: Translation,
  added: readonly Range[],
): FunctionCoverage[] {
  const [whole] = ranges;
  const limit = toOriginal(whole!.endOffset);
  if (limit <= toOriginal(whole!.startOffset) && whole!.endOffset > whole!.startOffset) return [];
  /** What does not begin there does not end there either. */
  const ends = new Map<number, number>();
  for (const { startOffset, endOffset } of ranges)
    if (toOriginal(startOffset) === NOT_COUNTED) ends.set(startOffset, endOffset);
  const translated = ranges.flatMap(({ startOffset, endOffset, count }) => {
    const start = toOriginal(startOffset);
    const end = Math.min(toOriginal(ends.get(endOffset) ?? endOffset), limit);
    return start === NOT_COUNTED || start >= end ? [] : [{ startOffset: start, endOffset: end, count }];
  });
  return [{ ...rest, ranges: addRanges(translated, added) }];
}

/**
 * What V8 would count in the source behind the operand that an `await` or `yield` ends, by function. In the rewritten
 * code something follows in the operand, so that V8 counts it there.
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

function contains({ startOffset, endOffset }: Range, offset: number): boolean {
  return startOffset <= offset && offset < endOffset;
}

function lengthOf({ startOffset, endOffset }: Range): number {
  return endOffset - startOffset;
}

/** @param ranges as V8 orders them: what encloses others first */
function innermost(ranges: readonly Range[], offset: number): Range {
  return ranges.findLast((range) => contains(range, offset))!;
}

/** Adds to a function's ranges, and leaves out what says nothing new, as V8 does. */
function addRanges(ranges: Range[], added: readonly Range[]): Range[] {
  if (added.length === 0) return ranges;
  const [whole] = ranges;
  const all = [...ranges];
  for (const { startOffset, endOffset, count } of added) {
    const outer = all.findLast((range) => contains(range, startOffset));
    // V8 leaves the last character of a function to the function
    const limit = outer === whole ? whole!.endOffset - 1 : outer?.endOffset;
    const range = { startOffset, endOffset: Math.min(endOffset, limit ?? 0), count };
    if (range.startOffset >= range.endOffset) continue;
    all.push(range);
    all.sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
  }
  const merged = mergeNested(mergeConsecutive(all));
  return mergeConsecutive(merged);
}

/** Of two in the same range that touch and say the same, the first becomes part of the second. */
function mergeConsecutive(ranges: readonly Range[]): Range[] {
  const left = ranges.map((range) => ({ ...range }));
  const enclosing: Range[] = [];
  return left.filter((range, index) => {
    while (enclosing.length > 0 && enclosing.at(-1)!.endOffset <= range.startOffset) enclosing.pop();
    const outer = enclosing.at(-1);
    const next = left[index + 1];
    const touches = next?.startOffset === range.endOffset && next.count === range.count;
    if (!touches || outer === undefined || next.startOffset >= outer.endOffset) {
      enclosing.push(range);
      return true;
    }
    next.startOffset = range.startOffset;
    return false;
  });
}

/** Leaves out what says the same as what encloses it. */
function mergeNested(ranges: readonly Range[]): Range[] {
  const enclosing: Range[] = [];
  return ranges.filter((range) => {
    while (enclosing.length > 0 && enclosing.at(-1)!.endOffset <= range.startOffset) enclosing.pop();
    const isNew = enclosing.at(-1)?.count !== range.count;
    if (isNew) enclosing.push(range);
    return isNew;
  });
}

/** A module's own map as Node keeps it: with absolute sources. Null where there is none that can be read. */
function readOwnMap(source: string, file: string): unknown {
  const url = findMapUrl(source);
  if (url === null) return null;
  try {
    const data = /^data:application\/json[^,]*?(;base64)?,/.exec(url);
    const base = data ? pathToFileURL(file) : pathToFileURL(resolve(dirname(file), decodeURIComponent(url)));
    const content = data ? url.slice(data[0].length) : readFileSync(fileURLToPath(base), 'utf8');
    const text = data
      ? data[1]
        ? Buffer.from(content, 'base64').toString()
        : decodeURIComponent(content)
      : content;
    const map = JSON.parse(text) as { sources: string[]; sourceRoot?: string };
    const root = map.sourceRoot ? `${map.sourceRoot.replace(/\/$/, '')}/` : '';
    return { ...map, sources: map.sources.map((one) => new URL(root + one, base).href), sourceRoot: '' };
  } catch {
    return null;
  }
}

/** A map that leads from each character to itself. */
function mapToItself(source: string, url: string): unknown {
  // in VLQ: one column on and the same place there; the first of a line begins again, one line further down
  const lines = source.split(LINE);
  const mappings = lines.map(({ length }, index) => {
    const first = index === 0 ? 'AAAA' : `AAC${encodeVlq(-lines[index - 1]!.length)}`;
    return first + ',CAAC'.repeat(length);
  });
  return { version: 3, sources: [url], sourcesContent: [source], names: [], mappings: mappings.join(';') };
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** A number as source maps write it: base 64, five bits a digit, the sign in the lowest bit. */
function encodeVlq(value: number): string {
  let rest = value < 0 ? (-value << 1) | 1 : value << 1;
  let text = '';
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += DIGITS[rest > 0 ? digit | 32 : digit];
  } while (rest > 0);
  return text;
}
