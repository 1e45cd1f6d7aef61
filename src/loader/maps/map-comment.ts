// in two parts: written as one, it confuses tools that look for the comment in this file
const MARK = `sourceMapping${'URL='}`;
const COMMENT = new RegExp(`(?://[#@]|/\\*[#@])[ \\t]${MARK}([^\\s'"*]+)(?:[ \\t]*\\*/)?[ \\t]*$`, 'gm');

/** Does a module's source point to a source map? A look at the bytes, before anything is decoded. */
export function hasSourceMap(source: string | Uint8Array): boolean {
  if (typeof source === 'string') return source.includes(MARK);
  return Buffer.from(source.buffer, source.byteOffset, source.byteLength).includes(MARK);
}

/** Does a module carry its source map in itself, as what a compiling loader returns does? */
export function hasInlineMap(source: string): boolean {
  const at = source.lastIndexOf(MARK);
  return at !== -1 && source.startsWith('data:', at + MARK.length);
}

/** The URL of the last `sourceMappingURL` comment, or null. */
export function findMapUrl(source: string): string | null {
  return lastComment(source)?.url ?? null;
}

/**
 * Puts a map into its code as a data URL, in the place of the comment that is there, else after the last line.
 * @param map a source map as JSON has it
 */
export function attachMap(code: string, map: object): string {
  const json = Buffer.from(JSON.stringify(map)).toString('base64');
  const comment = `//# ${MARK}data:application/json;base64,${json}`;
  const present = lastComment(code);
  if (present === null) return `${code}\n${comment}`;
  return code.slice(0, present.start) + comment + code.slice(present.end);
}

function lastComment(source: string): { start: number; end: number; url: string } | null {
  // most files have none, and looking for it takes no time
  const at = source.lastIndexOf(MARK);
  if (at === -1) return null;
  COMMENT.lastIndex = source.lastIndexOf('\n', at) + 1;
  let last: RegExpExecArray | null = null;
  for (let found = COMMENT.exec(source); found !== null; found = COMMENT.exec(source)) last = found;
  return last && { start: last.index, end: last.index + last[0].length, url: last[1]! };
}
