import { spawnSync } from 'node:child_process';
import { TtprofError } from '../../shared/errors.js';

/** Git sets these for hooks and aliases. They would make git use another repository than that of the folder. */
const REPOSITORY_VARIABLES = [
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_DIR',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_WORK_TREE',
];

export interface GitResult {
  readonly ok: boolean;
  readonly stdout: string;
  /** The last line of what git said of a failure. */
  readonly reason: string;
}

/**
 * Runs git without its hooks: a checkout must not start anything.
 * @throws {TtprofError} where there is no git
 */
export function tryGit(cwd: string, ...args: readonly string[]): GitResult {
  const env = { ...process.env };
  for (const name of REPOSITORY_VARIABLES) delete env[name];
  const noHooks = process.platform === 'win32' ? 'NUL' : '/dev/null';
  const { error, status, stdout, stderr } = spawnSync('git', ['-c', `core.hooksPath=${noHooks}`, ...args], {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    windowsHide: true,
  });
  if (error !== undefined) throw new TtprofError(`--base needs git for a revision: ${error.message}`);
  return { ok: status === 0, stdout: stdout.trimEnd(), reason: stderr.trim().split('\n').at(-1)!.trim() };
}

/**
 * @param revision as the user writes it: a branch, a tag, a hash
 * @returns the hash of its commit; null where there is no such revision
 */
export function findCommit(cwd: string, revision: string): string | null {
  const flags = ['--verify', '--quiet', '--end-of-options'];
  const { ok, stdout } = tryGit(cwd, 'rev-parse', ...flags, `${revision}^{commit}`);
  return ok ? stdout : null;
}

/** @throws {TtprofError} where git fails */
export function git(cwd: string, ...args: readonly string[]): string {
  const { ok, stdout, reason } = tryGit(cwd, ...args);
  if (!ok) throw new TtprofError(`git ${args.join(' ')} failed: ${reason}`);
  return stdout;
}
