import type { CompilerPlugin, PluginOptions } from './plugins/types.js';
import { plugins } from './plugins/unplugin.js';

export type { CompilerPlugin, PluginOptions };

/** The functions that targets name are measured in what passes this plugin; without targets it does nothing. */
export default function ttprof(options?: PluginOptions): CompilerPlugin {
  return plugins.rspack(options);
}
