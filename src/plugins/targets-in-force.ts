import { resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { NO_SESSION, readEnvironment, SESSION_VARIABLE } from '../config/environment.js';
import { hashText } from '../loader/hash.js';
import { type Breakdown, findBreakdown } from '../loader/targets/breakdown.js';
import { isOfNode, parseTarget, type Target } from '../loader/targets/target.js';
import { openSession } from '../session/session.js';
import type { PluginOptions } from './types.js';

/** What is to be measured in the modules of a bundler. */
export interface TargetsInForce {
  readonly targets: readonly Target[];
  readonly cwd: string;
  /** A hash of all that rewritten modules depend on, for the caches of bundlers. */
  readonly key: string;
}

/**
 * The targets that a plugin serves.
 * @returns null where nothing is to be measured
 * @throws {TtprofError} where a target cannot be parsed
 */
export function readTargetsInForce(options: PluginOptions, env: NodeJS.ProcessEnv): TargetsInForce | null {
  const { texts, cwd, by } = findTexts(options, env);
  const targets = texts
    .map((text) => ({ ...parseTarget(text, { cwd }), by: findBreakdown(by, text) }))
    // a bundler does not know which module will be the entry script of a process
    .filter(({ module }) => !isOfNode(module) && module.kind !== 'entry');
  if (!targets.some(({ exclude }) => !exclude)) return null;
  return { targets, cwd, key: hashText(JSON.stringify([targets, cwd])).slice(0, 12) };
}

function findTexts(
  options: PluginOptions,
  env: NodeJS.ProcessEnv,
): { texts: readonly string[]; cwd: string; by: readonly Breakdown[] } {
  const cwd = resolve(options.cwd ?? '.');
  if (options.targets !== undefined) return { texts: options.targets, cwd, by: [] };
  const folder = env[SESSION_VARIABLE];
  if (folder !== undefined && folder !== '' && folder !== NO_SESSION) {
    try {
      const session = openSession(folder);
      const { targets, by } = session.config as Config;
      return { texts: targets, cwd: resolve(session.cwd, options.cwd ?? '.'), by };
    } catch {
      // it has ended: the targets in the environment are those of the program that runs now
    }
  }
  const { layer } = readEnvironment(env);
  return { texts: layer.targets ?? [], cwd, by: [] };
}
