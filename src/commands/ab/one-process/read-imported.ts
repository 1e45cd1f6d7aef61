import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { ReadImported } from '../../../loader/state/refusal.js';

const CODE = /\.[cm]?[jt]sx?$/;

/** Reads modules of the same package: what a package's name stands for is another's. */
export const readImported: ReadImported = (specifier, fromFile) => {
  if (!/^(?:\.{1,2}(?:\/|$)|\/|file:)/.test(specifier)) return null;
  const file = resolveFile(specifier, fromFile);
  if (file === null) return 'missing';
  return CODE.test(file) ? { file, source: readFileSync(file, 'utf8') } : null;
};

function resolveFile(specifier: string, fromFile: string): string | null {
  const path = specifier.startsWith('file:') ? fileURLToPath(specifier) : specifier;
  const require = createRequire(fromFile);
  // TypeScript's sources may name the file that they are compiled to
  for (const each of [path, path.replace(/\.([cm]?)js$/, '.$1ts'), `${path}.ts`]) {
    try {
      return require.resolve(each);
    } catch {
      // the next one
    }
  }
  return null;
}
