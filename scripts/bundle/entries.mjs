// Which files the package consists of: those that others import by name, and those that are loaded later.
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const PLUGINS = [
  ...['vite', 'rollup', 'rolldown', 'webpack', 'rspack', 'esbuild', 'farm'],
  ...['jest', 'jest-node', 'vitest-bench'],
];
export const PUBLIC_ENTRIES = [
  ...['register.js', 'index.js', 'instrument.js', 'cli.js'],
  ...PLUGINS.map((name) => `${name}.js`),
];
const NAMED_FILE = /(?:import|new URL)\(\s*['"](\.\.?\/[^'"]+\.js)['"]/g;

/** The public entries, and every file that is loaded by its name from a file that is reachable from them. */
export function findEntries(dist, sources) {
  const entries = new Set(PUBLIC_ENTRIES.map((name) => join(dist, name)));
  const queue = [...sources];
  const seen = new Set(queue);
  while (queue.length > 0) {
    const path = queue.pop();
    const text = readFileSync(path, 'utf8');
    const named = [...text.matchAll(NAMED_FILE)].map(([, name]) => resolve(dirname(path), name));
    for (const file of named) entries.add(file);
    const imported = [...text.matchAll(/from ['"](\.\.?\/[^'"]+)['"]/g)].map(([, name]) =>
      resolve(dirname(path), name),
    );
    for (const file of [...named, ...imported]) {
      if (!seen.has(file)) queue.push(file);
      seen.add(file);
    }
  }
  return [...entries];
}

/** A module and all that it imports, directly or through others, but not dynamically. */
export function findStaticClosure(path, { inputs }) {
  const imports = new Map(Object.entries(inputs).map(([name, input]) => [resolve(name), input.imports]));
  const found = new Set([path]);
  for (const module of found) {
    for (const { path: imported, kind, external } of imports.get(module)) {
      if (kind === 'import-statement' && !external) found.add(resolve(imported));
    }
  }
  return [...found];
}

/** The declarations of the public entries, and those that they refer to. */
export function findDeclarations(dist) {
  const found = new Set(PUBLIC_ENTRIES.map((name) => join(dist, name.replace(/\.js$/, '.d.ts'))));
  for (const path of found) {
    for (const [, name] of readFileSync(path, 'utf8').matchAll(
      /(?:from|import\()\s*['"](\.\.?\/[^'"]+)\.js['"]/g,
    )) {
      found.add(resolve(dirname(path), `${name}.d.ts`));
    }
  }
  return found;
}
