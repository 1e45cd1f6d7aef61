import { readMapFile, resolveSource } from '../maps/map-file.js';
import { BASE64_DIGITS } from '../maps/mapping-table.js';

/** Where lines end for Node when it lists their lengths. */
const LINE = /[\n\u2028\u2029]/;

/** A module's own map as Node keeps it: with absolute sources. Null where there is none that can be read. */
export function readOwnMap(source: string, file: string): unknown {
  const map = readMapFile(source, file);
  if (map === null) return null;
  const { payload, base } = map;
  try {
    const sources = payload.sources.map((one) => resolveSource(one, payload, base));
    return { ...payload, sources, sourceRoot: '' };
  } catch {
    return null; // damaged, or an index map
  }
}

/** A map that leads from each character to itself. */
export function mapToItself(source: string, url: string): unknown {
  // in VLQ: one column on and the same place there; the first of a line begins again, one line further down
  const lengths = lineLengthsOf(source);
  const mappings = lengths.map((length, index) => {
    const first = index === 0 ? 'AAAA' : `AAC${encodeVlq(-lengths[index - 1]!)}`;
    return first + ',CAAC'.repeat(length);
  });
  return { version: 3, sources: [url], sourcesContent: [source], names: [], mappings: mappings.join(';') };
}

/** A number as source maps write it: base 64, five bits a digit, the sign in the lowest bit. */
function encodeVlq(value: number): string {
  let rest = value < 0 ? (-value << 1) | 1 : value << 1;
  let text = '';
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += BASE64_DIGITS[rest > 0 ? digit | 32 : digit];
  } while (rest > 0);
  return text;
}

/** The lengths of a source's lines, as Node gives them beside a map. */
export function lineLengthsOf(source: string): number[] {
  return source.split(LINE).map(({ length }) => length);
}
