import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { SOURCE_EXTENSIONS } from './path-text.js';

const SPECIFIER = /(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*(['"])(\.{1,2}\/[^'"\n]+|\.{1,2})\1/g;
/** How many files are read at the most: a suggestion is not worth reading a whole program. */
const MAX_FILES = 30;

/**
 * The files that a file imports or requires by relative paths, and those that they import, nearest first. Read from the
 * text, so without packages and computed names: it finds where a function that is exported again was written.
 */
export function followImports(file: string): string[] {
  const found = new Set<string>([file]);
  for (const importer of found) {
    for (const imported of importsOf(importer)) if (found.size <= MAX_FILES) found.add(imported);
  }
  found.delete(file);
  return [...found];
}

function importsOf(file: string): string[] {
  let source: string;
  try {
    source = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  return [...source.matchAll(SPECIFIER)].flatMap(([, , specifier]) => {
    const imported = findFile(resolve(dirname(file), specifier!));
    return imported === null ? [] : [imported];
  });
}

/** As compilers and CommonJS find it: with an extension, with another one, or an index. */
function findFile(path: string): string | null {
  const bare = path.replace(/\.[cm]?jsx?$/, '');
  const candidates = [
    path,
    ...SOURCE_EXTENSIONS.map((extension) => path + extension),
    ...SOURCE_EXTENSIONS.map((extension) => bare + extension),
    ...SOURCE_EXTENSIONS.map((extension) => `${path}/index${extension}`),
  ];
  return candidates.find((one) => statSync(one, { throwIfNoEntry: false })?.isFile()) ?? null;
}
