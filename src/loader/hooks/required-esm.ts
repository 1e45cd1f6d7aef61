import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { captureFrames } from '../../shared/capture-frames.js';
import { uniqueName } from '../../shared/unique-name.js';
import { loadRewriter } from '../load-rewriter.js';
import type { ModuleRewriter } from '../module-rewriter.js';
import { REQUIRED_ESM_READER } from './node-features.js';

type Open = (this: unknown, path: unknown, ...rest: unknown[]) => number;

// Captured: a program may replace them.
const { closeSync, openSync, readFileSync, rmSync, writeFileSync } = fs;
let depth = 0;

/**
 * Node 20 loads what a required ES module imports past all hooks: mocha loads tests in this way. It reads it with
 * `readFileSync`, of which only the `fs.openSync` inside can be reached. While such a module is loaded, a stand-in takes
 * its place, which opens the rewritten source for that one caller, and passes everything else through.
 * @param compile compiles and runs a required ES module, with all that it imports
 */
export function withRequiredEsm<T>(rewriter: ModuleRewriter, isBusy: () => boolean, compile: () => T): T {
  const holder = fs as unknown as { openSync: Open };
  const original = holder.openSync;
  const standIn: Open = function openSync(path, ...rest) {
    if (depth > 0 && path instanceof URL && path.protocol === 'file:' && !isBusy() && isReader(standIn)) {
      const code = rewrite(rewriter, fileURLToPath(path));
      if (code !== null) return openText(code);
    }
    return Reflect.apply(original, this, [path, ...rest]);
  };
  holder.openSync = standIn;
  depth++;
  try {
    return compile();
  } finally {
    depth--;
    // the program may have put its own in place meanwhile
    if (holder.openSync === standIn) holder.openSync = original;
  }
}

function rewrite(rewriter: ModuleRewriter, file: string): string | null {
  try {
    const begun = rewriter.begin({ file, source: readFileSync(file), format: null });
    return typeof begun === 'function' ? begun(loadRewriter) : begun;
  } catch {
    return null; // Node will say what is wrong with the file
  }
}

/** A file descriptor from which a text can be read; the file behind it has no name any more. */
function openText(text: string): number {
  const file = join(tmpdir(), `ttprof-${uniqueName()}`);
  const written = openSync(file, 'wx', 0o600);
  try {
    writeFileSync(written, text);
    return openSync(file, 'r');
  } finally {
    closeSync(written);
    rmSync(file, { force: true });
  }
}

/** Is it Node's reader of modules that calls, by way of `readFileSync`? */
function isReader(callee: Open): boolean {
  const [first, second] = captureFrames(callee, 2);
  return first?.getFileName() === 'node:fs' && second?.getFileName() === REQUIRED_ESM_READER.module;
}
