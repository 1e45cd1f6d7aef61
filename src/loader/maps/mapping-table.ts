import type { SourceMapPayload } from 'node:module';

/*
 * Node's `SourceMap` makes an array for each mapping: a cold program spent 20 ms on a map of 10,000, twice as long as
 * on all else that --drill does at its end. Here all mappings are in one typed array.
 */

/** Of a mapping: column, number of its source, line and column there, number of its name; all 0-based. */
const NUMBERS = 5;
/** There is no source, or no name. */
const NONE = -1;

const COMMA = 0x2c;
const SEMICOLON = 0x3b;
const BITS_OF_DIGIT = 5;
const CONTINUES = 1 << BITS_OF_DIGIT;
/** The digits of base 64, as the VLQ numbers of source maps use them (ECMA-426). */
export const BASE64_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The mapping that a place belongs to. */
export interface Mapping {
  /** Where it begins in the compiled code; lines and columns are 0-based. */
  readonly column: number;
  /** As the map calls it; null for what has no original. */
  readonly source: string | null;
  readonly sourceLine: number;
  readonly sourceColumn: number;
  readonly name: string | undefined;
}

/** What a map says of places in the compiled code. */
export interface MappingTable {
  /** @returns the last mapping of a line that begins at a column or before it; null where there is none */
  find(line: number, column: number): Mapping | null;
}

/** @throws where the map is damaged */
export function createMappingTable(payload: SourceMapPayload): MappingTable {
  const { numbers, lines, sources, names } = decodePayload(payload);
  return {
    find(line, column) {
      let first = lines[line] ?? 0;
      let after = lines[line + 1] ?? first;
      while (first < after) {
        const middle = (first + after) >>> 1;
        if (numbers[middle * NUMBERS]! > column) after = middle;
        else first = middle + 1;
      }
      if (first === (lines[line] ?? 0)) return null;
      const at = (first - 1) * NUMBERS;
      return {
        column: numbers[at]!,
        source: sources[numbers[at + 1]!] ?? null,
        sourceLine: numbers[at + 2]!,
        sourceColumn: numbers[at + 3]!,
        name: names[numbers[at + 4]!],
      };
    },
  };
}

interface Decoded {
  /** {@link NUMBERS} for each mapping. */
  numbers: Int32Array;
  /** The first mapping of each line, and of one beyond the last. */
  readonly lines: number[];
  readonly sources: string[];
  readonly names: string[];
}

interface Section {
  readonly offset: { readonly line: number; readonly column: number };
  readonly map: SourceMapPayload;
}

function decodePayload(payload: SourceMapPayload): Decoded {
  const decoded: Decoded = { numbers: new Int32Array(2 ** 12), lines: [0], sources: [], names: [] };
  const { sections } = payload as { readonly sections?: readonly Section[] };
  if (sections === undefined) decodeMap(payload, 0, 0, decoded);
  else for (const { map, offset } of sections) decodeMap(map, offset.line, offset.column, decoded);
  return decoded;
}

/** Adds a map's mappings, whose first line and column are given. */
function decodeMap(map: SourceMapPayload, firstLine: number, firstColumn: number, decoded: Decoded): void {
  const { lines, sources, names } = decoded;
  let { numbers } = decoded;
  let at = lines.pop()! * NUMBERS;
  while (lines.length <= firstLine) lines.push(at / NUMBERS);
  // a section may begin within the line that the one before it ends in
  lines.length = firstLine + 1;
  let [column, source, line, sourceColumn, name] = [firstColumn, sources.length, 0, 0, names.length];
  sources.push(...map.sources);
  names.push(...(map.names ?? []));
  let field = 0;
  let value = 0;
  let shift = 0;
  let isSorted = true;
  const { mappings } = map;
  const { length } = mappings;
  for (let i = 0; i <= length; i++) {
    const code = i === length ? SEMICOLON : mappings.charCodeAt(i);
    if (code !== COMMA && code !== SEMICOLON) {
      const digit = DIGIT_OF[code] ?? 0;
      value += (digit & (CONTINUES - 1)) << shift;
      shift += BITS_OF_DIGIT;
      if (digit >= CONTINUES) continue;
      const change = (value & 1) === 0 ? value >>> 1 : -(value >>> 1);
      if (field === 0) column += change;
      else if (field === 1) source += change;
      else if (field === 2) line += change;
      else if (field === 3) sourceColumn += change;
      else name += change;
      field++;
      value = shift = 0;
      continue;
    }
    if (field > 0) {
      if (at + NUMBERS > numbers.length) {
        const larger = new Int32Array(2 * numbers.length);
        larger.set(numbers);
        numbers = larger;
      }
      if (at > lines[lines.length - 1]! * NUMBERS && numbers[at - NUMBERS]! > column) isSorted = false;
      numbers[at] = column;
      numbers[at + 1] = field > 1 ? source : NONE;
      numbers[at + 2] = line;
      numbers[at + 3] = sourceColumn;
      numbers[at + 4] = field > 4 ? name : NONE;
      at += NUMBERS;
      field = 0;
    }
    if (code === SEMICOLON) {
      if (!isSorted) sortLine(numbers, lines[lines.length - 1]! * NUMBERS, at);
      isSorted = true;
      lines.push(at / NUMBERS);
      column = 0;
    }
  }
  decoded.numbers = numbers;
}

/** A compiler may list the mappings of a line in any order; equal ones stay as they are. */
function sortLine(numbers: Int32Array, from: number, to: number): void {
  const mappings: Int32Array[] = [];
  for (let at = from; at < to; at += NUMBERS) mappings.push(numbers.slice(at, at + NUMBERS));
  mappings.sort((a, b) => a[0]! - b[0]!);
  for (const [i, mapping] of mappings.entries()) numbers.set(mapping, from + i * NUMBERS);
}

const DIGIT_OF = new Uint8Array(128);
for (const [digit, character] of [...BASE64_DIGITS].entries()) DIGIT_OF[character.charCodeAt(0)] = digit;
