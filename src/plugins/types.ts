/*
 * What the plugins are to the types of their bundlers, of which none needs to be installed.
 */

/** A plugin of Rollup, Rolldown or Vite. */
export interface RollupPlugin {
  name: string;
}

/** A plugin of webpack or Rspack. */
export type CompilerPlugin = {
  // biome-ignore lint/suspicious/noExplicitAny: the bundler's own type, whatever its version
  apply(compiler: any): void;
};

/** A plugin of esbuild. */
export interface EsbuildPlugin {
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: the bundler's own type, whatever its version
  setup(build: any): void | Promise<void>;
}
