/** The next offset at which neither white space nor a comment stands. */
export function skipBlanks(source: string, from: number): number {
  const blanks = /(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)*/y;
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
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - starts[low]! + 1 };
  };
}
