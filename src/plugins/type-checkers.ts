/**
 * Type checkers that get the text of a module from the bundler: what they are given has to be the program's own, or they
 * would find faults in what was written into it, and infer other types for those who import it. Such modules are
 * rewritten when JavaScript has been made of them.
 */
import type { SourceMapV3 } from '../loader/maps/source-map-v3.js';

/** What webpack and Rspack tell of a module on its way, and of the map of what it has become. */
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

/** A loader's map, whose sources are called by how they are asked for: `LOADER!FILE`. */
export function withPlainSources(map: SourceMapV3): SourceMapV3 {
  return {
    ...map,
    sources: map.sources.map((source) => source.slice(source.lastIndexOf('!') + 1)),
  };
}
