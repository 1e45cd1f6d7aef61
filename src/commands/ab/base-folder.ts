import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { TtprofError } from '../../shared/errors.js';
import { say } from '../../shared/say.js';
import { findCommit, git, tryGit } from './git.js';
import { openPublished, parsePublished } from './published-base.js';
import { removeFolder, removeLinks } from './remove-folder.js';
import type { Sides } from './sides.js';

/** A path for certain: no git revision begins like this. */
const CERTAIN_PATH = /^(?:\.{1,2}(?:[\\/]|$)|[\\/]|[A-Za-z]:[\\/])/;

const FETCH_MORE =
  'this clone is shallow: fetch more of the history (git fetch --unshallow, or fetch-depth: 0 of actions/checkout)';

/**
 * Finds or makes the base: a folder is taken as it is, a git revision is checked out into a temporary worktree. The
 * user's own files, index and stash are not touched.
 * @param base the value of `--base`
 * @param cwd absolute path of the folder in which the program runs
 * @throws {TtprofError} where it is neither
 */
export function openSides(base: string, cwd: string): Sides {
  const published = parsePublished(base);
  if (published !== null) return openPublished(published, cwd);
  const head = realpathSync(cwd);
  let hint = '';
  if (!CERTAIN_PATH.test(base)) {
    const top = tryGit(head, 'rev-parse', '--show-toplevel');
    const commit = top.ok ? findCommit(head, base) : null;
    if (commit !== null) return checkOut(base, commit, resolve(top.stdout), head);
    if (!top.ok) hint = `; git says: ${top.reason}`;
    else if (isShallow(head)) hint = `; ${FETCH_MORE}`;
  }
  const folder = resolve(cwd, base);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) {
    const path = realpathSync(folder);
    if (path === head)
      throw new TtprofError(`--base ${JSON.stringify(base)} is the folder that it is compared with`);
    const side = { root: path, cwd: path };
    return { head: { root: head, cwd: head }, base: side, source: base, isCheckout: false, remove: () => {} };
  }
  throw new TtprofError(
    `--base ${JSON.stringify(base)} is neither a git revision of ${head} nor a folder${hint}`,
  );
}

/** CI systems check out a single commit, without its history, unless they are told otherwise. */
function isShallow(folder: string): boolean {
  return tryGit(folder, 'rev-parse', '--is-shallow-repository').stdout === 'true';
}

function checkOut(revision: string, commit: string, top: string, cwd: string): Sides {
  const prefix = git(cwd, 'rev-parse', '--show-prefix');
  const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'ttprof-ab-')));
  const root = join(temporary, basename(top));
  const remove = () => {
    // with Node, which knows a junction from a folder: Git for Windows empties what a junction leads to
    removeLinks(root);
    const { ok } = tryGit(top, 'worktree', 'remove', '--force', '--force', root);
    removeFolder(temporary);
    if (!ok) removeRecord(top, root);
  };
  try {
    git(top, 'worktree', 'add', '--detach', '--quiet', root, commit);
    if (existsSync(join(root, '.gitmodules'))) {
      say(
        `the submodules of ${revision} are not checked out: where they are needed, name a folder with --base`,
      );
    }
    const baseCwd = join(root, prefix);
    if (statSync(baseCwd, { throwIfNoEntry: false })?.isDirectory() !== true) {
      throw new TtprofError(`--base ${JSON.stringify(revision)} has no folder ${prefix}`);
    }
    const base = { root, cwd: resolve(baseCwd) };
    return { head: { root: realpathSync(top), cwd }, base, source: revision, isCheckout: true, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/**
 * Removes git's record of a worktree whose folder is gone. `git worktree prune` would remove the records of all such
 * worktrees, also of the user's own on a disk that is not connected now.
 */
function removeRecord(top: string, root: string): void {
  const records = join(resolve(top, git(top, 'rev-parse', '--git-common-dir')), 'worktrees');
  for (const name of listFolder(records)) {
    const place = join(records, name, 'gitdir');
    if (existsSync(place) && readFileSync(place, 'utf8').trim() === join(root, '.git')) {
      rmSync(join(records, name), { recursive: true, force: true });
    }
  }
}

function listFolder(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
