import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MatchedFunction } from '../runtime/contract.js';
import { findCacheFolder, keepFile } from '../shared/cache-folder.js';
import { listFoldersUp } from '../shared/folders-up.js';
import { readTrustedFile } from '../shared/trust.js';
import { readVersion } from '../shared/version.js';
import { hashText } from './hash.js';
import type { Edit } from './rewrite/insertions.js';

/** What is kept of a rewriting: plain data. `null` is kept too: that nothing in a file matched is worth knowing. */
export interface CachedModule {
  readonly code: string;
  /** How many functions each target matched, by its text. */
  readonly matched: Readonly<Record<string, number>>;
  /** Those of them that are measured, so that the ones that are never called are known too. */
  readonly functions: readonly MatchedFunction[];
  readonly notes: readonly string[];
  /** What was inserted, in order. */
  readonly edits: readonly Edit[];
}

/** What the rewritten code depends on beside the versions of ttprof and its parser. */
export interface CacheKey {
  /** Absolute path: rewritten code names its file. */
  readonly file: string;
  readonly format: string | null;
  readonly maps: string;
  readonly cwd: string;
  /** The targets that concern the file, with all that decides which functions they mean. */
  readonly targets: string;
}

export interface ModuleCache {
  /** @returns undefined where there is no entry for this source, or a damaged one */
  read(key: CacheKey, source: string): CachedModule | null | undefined;
  /** Never throws: a folder that cannot be written is a cache that stays empty. */
  write(key: CacheKey, source: string, module: CachedModule | null): void;
}

const OWN_FOLDER = dirname(fileURLToPath(import.meta.url));
const OWN_PACKAGE = dirname(dirname(OWN_FOLDER));

/** Raised when the layout of an entry changes. */
const LAYOUT = 5;

/**
 * Rewritten modules, reused across processes: one file per module and set of targets.
 * @param cwd absolute path of the root process's working directory
 * @returns null where there is no folder for it
 */
export function openCache(cwd: string): ModuleCache | null {
  const folder = findCacheFolder(cwd);
  if (folder === null) return null;
  const versions = fingerprint();

  function pathOf(key: CacheKey): string {
    return `${folder}${sep}${hashText(JSON.stringify([LAYOUT, versions, key]))}.json`;
  }

  return {
    read(key, source) {
      try {
        return decodeEntry(readTrustedFile(pathOf(key)).toString(), source);
      } catch {
        return undefined;
      }
    },
    write(key, source, module) {
      keepFile(pathOf(key), () => encodeEntry(source, module));
    },
  };
}

/**
 * A header in one line, then the rewritten code as it is: parsing 9 MB of JSON string would cost more than reading.
 * The hash before both detects damage: a header in which one digit has changed could still be parsed.
 */
function encodeEntry(source: string, module: CachedModule | null): string {
  const { code = '', ...rest } = module ?? {};
  const header = { source: hashText(source), module: module && rest };
  const body = `${JSON.stringify(header)}\n${code}`;
  return `${hashText(body)}\n${body}`;
}

function decodeEntry(entry: string, source: string): CachedModule | null | undefined {
  const start = entry.indexOf('\n') + 1;
  const body = entry.slice(start);
  if (entry.slice(0, start) !== `${hashText(body)}\n`) return undefined;
  const end = body.indexOf('\n');
  const header = JSON.parse(body.slice(0, end)) as {
    source: string;
    module: Omit<CachedModule, 'code'> | null;
  };
  if (header.source !== hashText(source)) return undefined;
  return header.module && { ...header.module, code: body.slice(end + 1) };
}

/**
 * Changes with anything in the package, where scripts/bundle.mjs defines it. In `dist` it is not defined, and the time of
 * the build serves instead.
 */
declare const buildId: string | undefined;

const NODE_MODULES = `${sep}node_modules`;

const DEPENDENCIES = ['@babel/parser', 'magic-string', 'source-map'];

/**
 * The versions of all that makes the rewritten code, and in `dist` the time of the build.
 * Packages are looked up by hand: `require.resolve` costs a warm start three milliseconds.
 */
function fingerprint(): string {
  const own = typeof buildId === 'string' ? buildId : `${readVersion()} ${statSync(OWN_FOLDER).mtimeMs}`;
  const folders = listPackageFolders(OWN_PACKAGE);
  return [own, ...DEPENDENCIES.map((name) => `${name} ${findVersion(name, folders)}`)].join('\n');
}

/** The folders in which Node looks for the packages that code in a folder names, nearest first. */
function listPackageFolders(from: string): string[] {
  return listFoldersUp(from)
    .filter((folder) => !folder.endsWith(NODE_MODULES))
    .map((folder) => `${folder}${NODE_MODULES}`)
    .filter((folder) => existsSync(folder));
}

/** The version of an installed package; null where it is in none of the folders (Plug'n'Play: ours names a range). */
function findVersion(name: string, folders: readonly string[]): string | null {
  for (const folder of folders) {
    const manifest = `${folder}${sep}${name}${sep}package.json`;
    try {
      // asked first: an error that is thrown and caught takes longer than all the rest
      if (existsSync(manifest))
        return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
    } catch {
      // cannot be read: Node would not find it either
    }
  }
  return null;
}
