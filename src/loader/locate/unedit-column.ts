import type { Edit } from '../rewrite/insertions.js';

/**
 * Where a place of rewritten code stands in its source. Lines are the same in both; all numbers are 0-based.
 * @param source what was rewritten
 * @param edits what was inserted, in order
 */
export function createUneditColumn(
  source: string,
  edits: readonly Edit[],
): (line: number, column: number) => number {
  const byLine = new Map<number, { readonly column: number; readonly length: number }[]>();
  let line = 0;
  let start = 0;
  for (const [offset, length] of edits) {
    for (
      let end = source.indexOf('\n', start);
      end !== -1 && end < offset;
      end = source.indexOf('\n', start)
    ) {
      line++;
      start = end + 1;
    }
    const edit = { column: offset - start, length };
    const known = byLine.get(line);
    if (known === undefined) byLine.set(line, [edit]);
    else known.push(edit);
  }
  return (at, column) => {
    let inserted = 0;
    for (const edit of byLine.get(at) ?? []) {
      const begin = edit.column + inserted;
      if (begin > column) break;
      if (begin + edit.length > column) return edit.column;
      inserted += edit.length;
    }
    return column - inserted;
  };
}
