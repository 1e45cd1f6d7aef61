import type { SourceMapPayload } from 'node:module';
import { currentLoader } from '../loader/install.js';
import { isolated, requireIsolated } from '../loader/isolation.js';
import { readOriginalMap } from '../loader/maps/source-map.js';
import type { SourceMapV3 } from '../loader/maps/source-map-v3.js';
import { isInstrumented } from '../loader/rewrite/prologue.js';
import type * as Rewrite from '../loader/rewrite/rewrite.js';
import { createFilesOnDisk } from '../loader/targets/files-on-disk.js';
import { createModuleMatcher } from '../loader/targets/match-module.js';
import { reasonOf } from '../shared/errors.js';
import type { TargetsInForce } from './targets-in-force.js';

/** A module on its way through a bundler. */
export interface BundledModule {
  /** Absolute path. */
  readonly file: string;
  readonly code: string;
  /** Leads from the code to the file on the disk, where the two differ. */
  readonly map?: SourceMapV3 | null;
}

export interface ModuleRewriter {
  /** Could a target mean this file? */
  mayConcern(file: string): boolean;
  /**
   * @returns the rewritten code, with a map that leads to the code that was given; null where nothing of it is measured
   */
  rewrite(module: BundledModule): { code: string; map: SourceMapV3 | null } | null;
  /** How many functions have been made ready to be measured. */
  readonly functions: number;
}

/**
 * Rewrites the modules of a bundler in which targets name functions. What cannot be rewritten stays as it is.
 * @param warn takes one line
 */
export function createBundleRewriter(
  { targets, cwd }: TargetsInForce,
  warn: (line: string) => void,
): ModuleRewriter {
  const matcher = createModuleMatcher(targets, { cwd, entry: null, files: createFilesOnDisk() });
  const counted = new Map<string, number>();
  return {
    get functions() {
      return [...counted.values()].reduce((sum, count) => sum + count, 0);
    },
    mayConcern: (file) => matcher.match(file).length > 0,
    rewrite({ file, code, map = null }) {
      const matches = matcher.match(file);
      if (matches.length === 0 || isInstrumented(code)) return null;
      const searched = matches.filter(({ target }) => !target.exclude).map(({ target }) => target.text);
      const tell = (
        functions: Rewrite.RewriteResult['sites'],
        notes: readonly string[],
        warning: string | null,
      ) => {
        counted.set(file, functions.length);
        if (warning !== null) warn(warning);
        const matched: Record<string, number> = {};
        for (const { targets: texts } of functions)
          for (const text of texts) matched[text] = (matched[text] ?? 0) + 1;
        const described = functions.map((site) => ({ file, ...site }));
        currentLoader()?.tell({
          file,
          searched,
          matched,
          functions: described,
          notes,
          warning,
          edited: null,
        });
      };
      try {
        const { rewrite } = requireIsolated<typeof Rewrite>(
          new URL('../loader/rewrite/rewrite.js', import.meta.url),
        );
        const originalMap = map && readOriginalMap(map as SourceMapPayload, file);
        const result = isolated(() => rewrite(code, { file, matches, maps: 'module', originalMap }));
        tell(result?.sites ?? [], result?.notes ?? [], null);
        return result === null || result.sites.length === 0 ? null : { code: result.code, map: result.map };
      } catch (error) {
        tell([], [], `${file} is bundled as it is, unmeasured: ${reasonOf(error)}`);
        return null;
      }
    },
  };
}
