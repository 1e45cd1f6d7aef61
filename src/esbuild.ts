import type { EsbuildPlugin, PluginOptions } from './plugins/types.js';
import { plugins } from './plugins/unplugin.js';

export type { EsbuildPlugin, PluginOptions };

/** The functions that targets name are measured in what passes this plugin; without targets it does nothing. */
export default function ttprof(options?: PluginOptions): EsbuildPlugin {
  return plugins.esbuild(options) as EsbuildPlugin;
}
