/**
 * Some type checkers read the text of a module from the bundler. In rewritten code they would find errors, and they would
 * infer other types for the modules that import it. So what they read is rewritten only after they have made JavaScript
 * of it.
 */
import type { SourceMapV3 } from '../loader/maps/source-map-v3.js';

/** What webpack and Rspack tell about the module that passes through, and the map of what it has become so far. */
export interface NativeContext {
  readonly loaderContext?: {
    readonly loaders?: readonly { readonly path: string; readonly options?: unknown }[];
    readonly _module?: { readonly type?: string };
  };
  readonly inputSourceMap?: SourceMapV3 | null;
}

const LOADER = /[\\/]ts-loader[\\/]/;
/** rollup-plugin-typescript2. (@rollup/plugin-typescript reads files itself and gives JavaScript.) */
const ROLLUP_PLUGIN = 'rpt2';

/** Does a loader of webpack's or Rspack's check the module? */
export function isCheckedByLoader({ loaderContext }: NativeContext): boolean {
  return (loaderContext?.loaders ?? []).some(({ path, options }) => {
    const { transpileOnly = false } = (options ?? {}) as { transpileOnly?: boolean };
    return LOADER.test(path) && !transpileOnly;
  });
}

/** Is there a plugin of Rollup's or Vite's that checks modules? */
export function hasCheckingPlugin(plugins: readonly ({ readonly name: string } | null)[]): boolean {
  return plugins.some((plugin) => plugin?.name === ROLLUP_PLUGIN);
}

/** The map of a loader, in which the source is named by its request: `LOADER!FILE` becomes `FILE`. */
export function withPlainSources(map: SourceMapV3): SourceMapV3 {
  return {
    ...map,
    sources: map.sources.map((source) => source.slice(source.lastIndexOf('!') + 1)),
  };
}
