import { JOINED_VARIABLE, SESSION_VARIABLE } from '../../config/environment.js';
import { extendNodeOptions, NODE_OPTIONS, requirePreload, urlInSession } from '../../config/pass-on.js';
import { findExecutable } from '../../shared/executables/find-executable.js';
import { isSingleExecutable } from '../../shared/executables/single-executable.js';
import type { Program } from './resolve-program.js';

const PRELOAD_URL = new URL('../../register.js', import.meta.url).href;

/**
 * The environment by which a program, and all Node processes below it, belong to a session.
 * @param cwd where the program runs
 * @param furtherFlags of Node, for all of them
 */
export function sessionEnvironment(
  program: Program,
  inherited: NodeJS.ProcessEnv,
  cwd: string,
  sessionFolder: string,
  furtherFlags: string | null,
): NodeJS.ProcessEnv {
  const url = urlInSession(PRELOAD_URL, sessionFolder);
  const extended = extendNodeOptions(inherited[NODE_OPTIONS], url, process.cwd());
  const nodeOptions = furtherFlags === null ? extended : `${extended} ${furtherFlags}`;
  const { PATH = null } = inherited;
  const file = findExecutable(program.command, PATH, cwd);
  const isSingle = file !== null && isSingleExecutable(file);
  return {
    ...inherited,
    [SESSION_VARIABLE]: sessionFolder,
    [NODE_OPTIONS]: isSingle ? requirePreload(nodeOptions, PRELOAD_URL) : nodeOptions,
    // what it starts itself is no such application
    [JOINED_VARIABLE]: isSingle ? JSON.stringify(nodeOptions) : undefined,
  };
}
