import { realpathSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { JOINED_VARIABLE, SESSION_VARIABLE } from '../config/environment.js';
import { extendNodeOptions, NODE_OPTIONS, requirePreload, urlInSession } from '../config/pass-on.js';
import { isNode } from '../session/unmeasured.js';
import { findExecutable } from '../shared/executables/find-executable.js';
import { isSingleExecutable } from '../shared/executables/single-executable.js';
import type { Spawning } from './see-spawns.js';

/** How a child of this process becomes part of the session, or why not. */
export type Joining =
  /** With this environment, which also says how to restore the child's own. */
  | { readonly envPairs: readonly string[] }
  /** Not at all: it is a Node process that runs unmeasured. */
  | 'apart'
  /** Nothing is to be done: it is not Node, joins by itself, or belongs to another session. */
  | 'left';

/** Under Node's permission model it may not read our files: with the preload it would not start. */
const PERMISSION = /--(?:experimental-)?permission(?![-\w])/;

/**
 * Some programs start Node processes with an environment of their own (tinypool, programs that clear NODE_OPTIONS), in
 * which nothing leads to the session. This adds what does.
 * @param preloadUrl file URL of `register.js`
 */
export function joinChild(child: Spawning, preloadUrl: string, sessionFolder: string): Joining {
  const isSingle = !isNode(child.file) && isAbsolute(child.file) && isSingleExecutable(child.file);
  if (!isSingle && !isNode(child.file)) return 'left';
  const own = readPair(child.envPairs, NODE_OPTIONS);
  const flags = [own ?? '', ...(isSingle ? [] : child.args)];
  // a child that the program itself starts with the preload measures as it is told
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
  // a relative path starts from the working directory of the child, which may be another
  if (file.includes('/') && !isAbsolute(file)) return false;
  return findExecutable(file, readPair(envPairs, 'PATH'), '/') === realpathSync(process.execPath);
}
