import type { PluginOptions, RollupPlugin } from './plugins/types.js';
import { plugins } from './plugins/unplugin.js';

export type { PluginOptions, RollupPlugin };

/** The functions that targets name are measured in what passes this plugin; without targets it does nothing. */
export default function ttprof(options?: PluginOptions): RollupPlugin[] {
  return [plugins.rolldown(options)].flat() as RollupPlugin[];
}
