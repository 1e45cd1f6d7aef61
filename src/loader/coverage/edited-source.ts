import type { EditedSource } from '../load-log.js';
import type { Edit } from '../rewrite/insertions.js';

/** What stands around a module in the text that is compiled. */
export interface Wrapper {
  readonly before: string;
  readonly after: string;
}

/** What coverage has to know of a module that was rewritten, as part of the text that is compiled. */
export function describeEdits(
  source: string,
  { code, edits }: { readonly code: string; readonly edits: readonly Edit[] },
  { before, after }: Wrapper = { before: '', after: '' },
): EditedSource {
  return {
    source: before + source + after,
    edits: before === '' ? edits : edits.map((edit) => shiftEdit(edit, before.length)),
    rewrittenLength: before.length + code.length + after.length,
  };
}

function shiftEdit([offset, length, continuation, next]: Edit, by: number): Edit {
  if (continuation === undefined) return [offset + by, length];
  // below 0: nothing is counted there
  const begin = continuation < 0 ? continuation : continuation + by;
  return next === undefined ? [offset + by, length, begin] : [offset + by, length, begin, next + by];
}
