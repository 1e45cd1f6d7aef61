import type { CachedModule } from '../cache.js';
import { attachMap } from '../maps/map-comment.js';
import type { Rewriter } from '../rewriter.js';
import { toEdit } from './insertions.js';
import { rewrite } from './rewrite.js';

/** Rewrites a matched module for the hooks: its map, where one is wanted, stands in the code. */
export const rewriteMatched: Rewriter = (
  source,
  { file, format, matches, maps, exchange },
): CachedModule | null => {
  const result = rewrite(source, { file, format: format ?? undefined, matches, maps, exchange });
  if (result === null) return null;
  const matched: Record<string, number> = {};
  for (const { targets } of [...result.sites, ...result.unmeasured])
    for (const target of targets) matched[target] = (matched[target] ?? 0) + 1;
  const code = result.map === null ? result.code : attachMap(result.code, result.map);
  const functions = result.sites.map((site) => ({ file, ...site }));
  const edits = result.insertions.map(toEdit);
  return { code, matched, functions, edits, notes: result.notes };
};
