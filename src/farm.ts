import type { FarmPlugin, PluginOptions } from './plugins/types.js';
import { plugins } from './plugins/unplugin.js';

export type { FarmPlugin, PluginOptions };

/** The functions that targets name are measured in what passes this plugin; without targets it does nothing. */
export default function ttprof(options?: PluginOptions): FarmPlugin {
  return plugins.farm(options) as FarmPlugin;
}
