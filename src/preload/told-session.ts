/** What a process is told by its parent, and tells its children, about the session that they belong to. */
import { JOINED_VARIABLE, SESSION_VARIABLE } from '../config/environment.js';
import {
  extendNodeOptions,
  findSession,
  NODE_OPTIONS,
  replaceInExecArgv,
  replaceInNodeOptions,
  withoutSession,
} from '../config/pass-on.js';
import { shareNow } from '../runtime/memory/threads.js';
import { mendWorkers } from './mend-workers.js';

/** The session that this process is told to belong to. */
export interface ToldSession {
  readonly folder: string | undefined;
  /** Whether the program's own environment says so. If not, that environment is kept as it is. */
  readonly byEnvironment: boolean;
}

/** @param preloadUrl file URL of `register.js` */
export function findToldSession(preloadUrl: string): ToldSession {
  const { [SESSION_VARIABLE]: told, [NODE_OPTIONS]: nodeOptions = '', [JOINED_VARIABLE]: own } = process.env;
  const folder = told ?? findSession([nodeOptions], preloadUrl);
  const byEnvironment = folder !== undefined && own === undefined;
  return { folder: folder ?? findSession(process.execArgv, preloadUrl), byEnvironment };
}

/** Undoes the change of `join-child.ts`: the program sees the environment that its parent gave it. */
export function restoreEnvironment(): void {
  const { [JOINED_VARIABLE]: text } = process.env;
  if (text === undefined) return;
  delete process.env[JOINED_VARIABLE];
  const nodeOptions: string | null = JSON.parse(text);
  if (nodeOptions === null) delete process.env[NODE_OPTIONS];
  else process.env[NODE_OPTIONS] = nodeOptions;
}

/**
 * Changes the environment and the flags that children inherit so that they find the preload, also from another folder.
 * @param preloadUrl with its session, where there is one
 * @param isMeasured whether the environment is to have children measured; if not, only paths to the preload that are
 *   there already are made absolute
 */
export function passOn(preloadUrl: string, isMeasured: boolean): void {
  const cwd = process.cwd();
  const inherited = process.env[NODE_OPTIONS];
  const { execArgv } = process;
  if (isMeasured) process.env[NODE_OPTIONS] = extendNodeOptions(inherited, preloadUrl, cwd);
  else if (inherited !== undefined)
    process.env[NODE_OPTIONS] = replaceInNodeOptions(inherited, preloadUrl, cwd);
  process.execArgv = replaceInExecArgv(execArgv, preloadUrl, cwd);
  if (isNamedByFolder(inherited ?? '', execArgv, withoutSession(preloadUrl), cwd)) {
    mendWorkers();
    // without a measurement no hook of ours sees when the program loads `node:worker_threads`
    if (!isMeasured) shareNow();
  }
}

/** Is the preload named by a path that depends on the working directory? */
function isNamedByFolder(
  nodeOptions: string,
  execArgv: readonly string[],
  preloadUrl: string,
  cwd: string,
): boolean {
  const options = withoutSession(nodeOptions);
  const flags = execArgv.map(withoutSession);
  return (
    options !== replaceInNodeOptions(options, preloadUrl, cwd) ||
    flags.join() !== replaceInExecArgv(flags, preloadUrl, cwd).join()
  );
}
