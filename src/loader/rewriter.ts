import type { CachedModule } from './cache.js';
import type { FileExchange } from './rewrite/exchange-functions.js';
import type { SourceFormat } from './source-format.js';
import type { FileMatch } from './targets/match-module.js';

/** The formats of Node's hooks whose sources can be rewritten. */
export type RewriteFormat = Exclude<SourceFormat, 'script'>;

/** Rewrites the source of a matched module; null where no function matched. Throws where it cannot be parsed. */
export type Rewriter = (
  source: string,
  options: {
    readonly file: string;
    readonly format: RewriteFormat | null;
    readonly matches: readonly FileMatch[];
    readonly maps: 'none' | 'compose';
    readonly exchange: FileExchange | null;
  },
) => CachedModule | null;

const FORMATS: readonly string[] = ['module', 'commonjs', 'module-typescript', 'commonjs-typescript'];

/** A format as Node gives it, or null where it is none of ours (an older Node passes a boolean there). */
export function formatOf(value: unknown): RewriteFormat | null {
  return typeof value === 'string' && FORMATS.includes(value) ? (value as RewriteFormat) : null;
}

/** Formats whose sources a `load` hook may replace. CommonJS is not among them: see `commonjs.ts`. */
export function isHookedFormat(format: unknown): format is RewriteFormat {
  return formatOf(format) !== null && format !== 'commonjs';
}
