import type { UnmeasuredProcess } from '../runtime/contract.js';
import { findNodeScript } from '../session/unmeasured.js';
import { joinChild } from './join-child.js';
import { seeSpawns } from './see-spawns.js';

/** How many unmeasured processes are listed at most: a note counts them and names a few. */
const MAX_CHILDREN = 1_000;

/**
 * Makes the Node processes that this thread starts join the session.
 * @param preloadUrl file URL of `register.js`
 * @returns lists those that could not
 */
export function watchChildren(preloadUrl: string, sessionFolder: string): () => UnmeasuredProcess[] {
  const apart: UnmeasuredProcess[] = [];
  seeSpawns((child) => {
    const joining = joinChild(child, preloadUrl, sessionFolder);
    if (joining === 'left') return null;
    if (joining !== 'apart') return joining;
    const script = findNodeScript([child.file, ...child.args.slice(1)]);
    if (script === null || apart.length === MAX_CHILDREN) return null;
    return { onStart: (pid) => apart.push({ pid, script }) };
  });
  return () => apart;
}
