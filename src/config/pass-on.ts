/**
 * How the preload reaches workers, forks and children: as an absolute file URL, because `ttprof/register` is looked
 * up from the working directory, which children and `process.chdir` change. A URL is percent-encoded and so needs no
 * quotes in NODE_OPTIONS. Its query names the session, because some tools pass only well-known variables on to their
 * children (Turborepo): NODE_OPTIONS, and none of ours.
 */
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The variable by which Node's own options reach children. */
export const NODE_OPTIONS = 'NODE_OPTIONS';

const BARE_SPECIFIER = 'ttprof/register';

/** `--import X` or `--import=X` in NODE_OPTIONS, where double quotes group and a backslash escapes within them. */
const IMPORT_IN_NODE_OPTIONS = /(^|\s)--import(?:=|\s+)("(?:[^"\\]|\\.)*"|\S+)/g;

const SESSION_QUERY = '?session=';
const SESSION_IN_URL = /\?session=([^\s"]*)/;

/** The preload of the processes of one session. */
export function urlInSession(preloadUrl: string, sessionFolder: string): string {
  return preloadUrl + SESSION_QUERY + encodeURIComponent(sessionFolder);
}

/** The URL of the preload alone, of what {@link urlInSession} made. */
export function withoutSession(preloadUrl: string): string {
  return preloadUrl.replace(SESSION_IN_URL, '');
}

/**
 * The session that a preload's URL names.
 * @param flags of Node, or texts that hold some: those that come first count
 * @returns the folder
 */
export function findSession(flags: readonly string[], preloadUrl: string): string | undefined {
  const flag = flags.find((each) => each.includes(preloadUrl + SESSION_QUERY));
  const [, folder] = SESSION_IN_URL.exec(flag ?? '') ?? [];
  return folder === undefined ? undefined : decodeURIComponent(folder);
}

/**
 * NODE_OPTIONS with everything that was in it, and the preload by its URL.
 * @param preloadUrl file URL of `register.js`, with its session where there is one
 */
export function extendNodeOptions(nodeOptions: string | undefined, preloadUrl: string, cwd: string): string {
  const replaced = replaceInNodeOptions(nodeOptions ?? '', preloadUrl, cwd);
  if (replaced.split(/\s+/).includes(`--import=${preloadUrl}`)) return replaced;
  return replaced.trim() === '' ? `--import=${preloadUrl}` : `${replaced} --import=${preloadUrl}`;
}

/**
 * NODE_OPTIONS for a single executable application, which loads what `--require` names and nothing by `--import`.
 * @param nodeOptions as {@link extendNodeOptions} made it
 */
export function requirePreload(nodeOptions: string, preloadUrl: string): string {
  const path = fileURLToPath(new URL('./register.cjs', preloadUrl)).replace(/[\\"]/g, '\\$&');
  return `${nodeOptions} --require="${path}"`;
}

/** NODE_OPTIONS with the preload by its URL, where it is named. */
export function replaceInNodeOptions(nodeOptions: string, preloadUrl: string, cwd: string): string {
  return nodeOptions.replace(IMPORT_IN_NODE_OPTIONS, (whole, before: string, value: string) => {
    const specifier = value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
    return isPreload(specifier, preloadUrl, cwd) ? `${before}--import=${preloadUrl}` : whole;
  });
}

/** The arguments of Node itself with the preload by its URL, where they name it; forks inherit them. */
export function replaceInExecArgv(execArgv: readonly string[], preloadUrl: string, cwd: string): string[] {
  return execArgv.map((arg, index) => {
    if (arg.startsWith('--import=')) {
      return isPreload(arg.slice('--import='.length), preloadUrl, cwd) ? `--import=${preloadUrl}` : arg;
    }
    return execArgv[index - 1] === '--import' && isPreload(arg, preloadUrl, cwd) ? preloadUrl : arg;
  });
}

function isPreload(specifier: string, preloadUrl: string, cwd: string): boolean {
  if (specifier === BARE_SPECIFIER || withoutSession(specifier) === withoutSession(preloadUrl)) return true;
  if (!/^(\.{1,2}[\\/]|[\\/]|file:)/.test(specifier)) return false;
  try {
    const path = specifier.startsWith('file:') ? fileURLToPath(specifier) : resolve(cwd, specifier);
    return realpathSync(path) === realpathSync(fileURLToPath(preloadUrl));
  } catch {
    return false; // no such file: Node will say so
  }
}
