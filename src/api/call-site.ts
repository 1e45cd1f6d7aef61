import { findSourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';
import { fileOfUrl } from '../loader/file-of-url.js';
import { captureFrames } from '../shared/capture-frames.js';

/** A place in a source file; line and column count from 1. */
export interface CallSite {
  /** Absolute path, or the URL where it is no file; `[eval]` and the like as Node calls them. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Finds the place that called a function which is running now.
 * @param callee that function: its frame and all inside it are left out
 */
export function findCallSite(callee: (...args: never[]) => unknown): CallSite {
  const [frame] = captureFrames(callee, 1);
  const name = frame?.getFileName() ?? frame?.getEvalOrigin?.() ?? null;
  if (frame === undefined || name === null) return { file: '<anonymous>', line: 1, column: 1 };
  const at = {
    file: fileOfUrl(name) ?? name,
    line: frame.getLineNumber() ?? 1,
    column: frame.getColumnNumber() ?? 1,
  };
  return originalOf(name, at);
}

/** With `--enable-source-maps`, the place in the source that was compiled. */
function originalOf(name: string, at: CallSite): CallSite {
  const entry = findSourceMap(name)?.findEntry(at.line - 1, at.column - 1);
  if (entry === undefined || !('originalSource' in entry) || !entry.originalSource.startsWith('file:'))
    return at;
  return {
    file: fileURLToPath(entry.originalSource),
    line: entry.originalLine + 1,
    column: entry.originalColumn + 1,
  };
}
