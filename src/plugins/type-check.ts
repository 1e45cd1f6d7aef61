import type { SourceMapV3 } from '../loader/maps/source-map-v3.js';

interface Rewritten {
  readonly code: string;
  readonly map: SourceMapV3 | null;
}

/**
 * Keeps a type checker that gets the text of a module from the bundler (ts-loader) from checking what was written into
 * it. TypeScript reads this from a line of its own; the map knows of it.
 */
export function withoutTypeCheck({ code, map }: Rewritten, file: string): Rewritten {
  if (!/\.[cm]?tsx?$/.test(file) || code.startsWith('#!')) return { code, map };
  return { code: `// @ts-nocheck\n${code}`, map: map && { ...map, mappings: `;${map.mappings}` } };
}
