import { realpathSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { JOINED_VARIABLE, SESSION_VARIABLE } from '../config/environment.js';
import { extendNodeOptions, NODE_OPTIONS, requirePreload, urlInSession } from '../config/pass-on.js';
import { isNode } from '../session/unmeasured.js';
import { findExecutable } from '../shared/executables/find-executable.js';
import { isSingleExecutable } from '../shared/executables/single-executable.js';
import type { Spawning } from './see-spawns.js';

/** What becomes of a child of this process. */
export type Joining =
  /** The environment by which it becomes part of the session, and in which it then finds its own. */
  | { readonly envPairs: readonly string[] }
  /** It runs without the preload, */
  | 'apart'
  /** or is not Node, or finds all that it needs, or was told something else. */
  | 'left';

/** Node's permission model lets it read no file of ours: it would not start. */
const PERMISSION = /--(?:experimental-)?permission(?![-\w])/;

/**
 * Some programs give the Node processes that they start an environment of their own (tinypool, whoever clears
 * NODE_OPTIONS): nothing of the session would reach these. They join it all the same.
 * @param preloadUrl file URL of `register.js`
 */
export function joinChild(child: Spawning, preloadUrl: string, sessionFolder: string): Joining {
  const isSingle = !isNode(child.file) && isAbsolute(child.file) && isSingleExecutable(child.file);
  if (!isSingle && !isNode(child.file)) return 'left';
  const own = readPair(child.envPairs, NODE_OPTIONS);
  const flags = [own ?? '', ...(isSingle ? [] : child.args)];
  // with a preload of the program's own choice it is a root
  const preloads = isSingle ? [requirePreload('', preloadUrl)] : [preloadUrl, 'ttprof/register'];
  const isTold = flags.some((flag) => preloads.some((preload) => flag.includes(preload)));
  const session = readPair(child.envPairs, SESSION_VARIABLE) ?? sessionFolder;
  if (isTold || session !== sessionFolder) return 'left';
  const isForbidden = child.isOtherUser || flags.some((flag) => PERMISSION.test(flag));
  // another version may know no --import
  if (isForbidden || !(isSingle || isThisNode(child))) return 'apart';
  const extended = extendNodeOptions(own ?? undefined, urlInSession(preloadUrl, sessionFolder), '/');
  const nodeOptions = isSingle ? requirePreload(extended, preloadUrl) : extended;
  return {
    envPairs: [
      ...child.envPairs.filter((pair) => !isPairOf(pair, NODE_OPTIONS)),
      `${NODE_OPTIONS}=${nodeOptions}`,
      `${JOINED_VARIABLE}=${JSON.stringify(own)}`,
    ],
  };
}

function readPair(envPairs: readonly string[], name: string): string | null {
  const pair = envPairs.findLast((each) => isPairOf(each, name));
  return pair === undefined ? null : pair.slice(name.length + 1);
}

function isPairOf(pair: string, name: string): boolean {
  const found = pair.slice(0, name.length + 1);
  return (process.platform === 'win32' ? found.toUpperCase() : found) === `${name}=`;
}

function isThisNode({ file, envPairs }: Spawning): boolean {
  if (file === process.execPath) return true;
  if (process.platform === 'win32') return false;
  // a path is the child's to follow, from a folder of its own
  if (file.includes('/') && !isAbsolute(file)) return false;
  return findExecutable(file, readPair(envPairs, 'PATH'), '/') === realpathSync(process.execPath);
}
