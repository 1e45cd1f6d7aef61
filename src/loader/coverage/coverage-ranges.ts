/** A part of a function as V8 counts it: how often the code between two offsets ran. */
export interface Range {
  startOffset: number;
  endOffset: number;
  readonly count: number;
}

export function contains({ startOffset, endOffset }: Range, offset: number): boolean {
  return startOffset <= offset && offset < endOffset;
}

export function lengthOf({ startOffset, endOffset }: Range): number {
  return endOffset - startOffset;
}

/** @param ranges as V8 orders them: what encloses others first */
export function innermost(ranges: readonly Range[], offset: number): Range {
  return ranges.findLast((range) => contains(range, offset))!;
}

/** Adds to a function's ranges, and leaves out what says nothing new, as V8 does. */
export function addRanges(ranges: Range[], added: readonly Range[]): Range[] {
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

/** Of two neighbours with the same count, within the same outer range, the first becomes part of the second. */
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

/** Leaves out ranges that have the count of the range around them. */
function mergeNested(ranges: readonly Range[]): Range[] {
  const enclosing: Range[] = [];
  return ranges.filter((range) => {
    while (enclosing.length > 0 && enclosing.at(-1)!.endOffset <= range.startOffset) enclosing.pop();
    const isNew = enclosing.at(-1)?.count !== range.count;
    if (isNew) enclosing.push(range);
    return isNew;
  });
}
