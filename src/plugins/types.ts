/*
 * What the plugins are to the types of their bundlers, of which none needs to be installed.
 */

/** What the plugins take. */
export interface PluginOptions {
  /** As on the command line. By default those of the `ttprof` command around it, or of the environment (`TTPROF`). */
  readonly targets?: readonly string[];
  /** What relative targets are relative to; by default the working directory of the process that measures. */
  readonly cwd?: string;
}

/** A plugin of Rollup, Rolldown or Vite. */
export interface RollupPlugin {
  name: string;
}

/** A plugin of webpack or Rspack. */
export type CompilerPlugin = {
  // biome-ignore lint/suspicious/noExplicitAny: the bundler's own type, whatever its version
  apply(compiler: any): void;
};

/** A plugin of Farm. */
export interface FarmPlugin {
  name: string;
}

/** A plugin of esbuild. */
export interface EsbuildPlugin {
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: the bundler's own type, whatever its version
  setup(build: any): void | Promise<void>;
}
