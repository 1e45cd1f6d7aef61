import type { RunInfo } from '../model.js';

/**
 * Whether a file's run is another root process of our own run: both have one parent, and either it ended while we
 * ran, or the parent is a `node --test`, whose children may follow each other. Programs that a shell starts one after
 * the other have one parent too, and are runs of their own.
 * @param written what the file says
 * @param env of this process: `node --test` marks its children
 */
export function isSameRunRoot(
  written: RunInfo,
  own: RunInfo,
  env: { readonly NODE_TEST_CONTEXT?: string | undefined },
): boolean {
  if (written.parentPid === undefined || written.parentPid !== own.parentPid || written.pid === own.pid) {
    return false;
  }
  const writtenEndMs = Date.parse(written.startedAt) + written.durationNs / 1e6;
  return env.NODE_TEST_CONTEXT !== undefined || writtenEndMs >= Date.parse(own.startedAt);
}
