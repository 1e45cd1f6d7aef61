import { lowerBound } from '../../shared/lower-bound.js';

/** The next offset at which neither white space nor a comment stands; sloppy scripts have those of HTML as well. */
export function skipBlanks(source: string, from: number): number {
  const blanks = /(?:\s|\/\/.*|\/\*[\s\S]*?\*\/|<!--.*|-->.*)*/y;
  blanks.lastIndex = from;
  blanks.exec(source);
  return blanks.lastIndex;
}

/** Line and column of an offset, both 1-based, as JavaScript counts lines. */
export function locator(source: string): (offset: number) => { line: number; column: number } {
  const starts = [0];
  const breaks = /\r\n|[\n\r\u2028\u2029]/g;
  while (breaks.exec(source) !== null) starts.push(breaks.lastIndex);
  return (offset) => {
    const line = lowerBound(starts, offset + 1);
    return { line, column: offset - starts[line - 1]! + 1 };
  };
}
