import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { hashText } from '../loader/hash.js';
import { findCacheFolder, keepFile } from '../shared/cache-folder.js';
import { readTrustedFile } from '../shared/trust.js';

/**
 * Up to so many processes add what they compiled. One is not enough: the first finds no rewritten modules in the cache
 * and so does not run the code that reads them, and only a process with workers runs theirs.
 */
const ADDING_PROCESSES = 3;

/** Code that V8 refuses is replaced once it is older than this. */
const REPLACED_AFTER_MS = 3_600_000;

/**
 * What a script evaluates to.
 * @param importMetaUrl what `import.meta.url` is in a module
 * @param importModule what `import()` is in a module
 * @param keepCompiledCode keeps for the next process what V8 has compiled so far; never throws
 * @param evaluateAlong evaluates another script, which uses what this one returned; its compiled code is kept too
 * @returns what a module would export
 */
type Exporting<T> = (
  importMetaUrl: string,
  importModule: ImportModule,
  keepCompiledCode: () => void,
  evaluateAlong: (url: string) => unknown,
) => T;
type Along<T> = (importMetaUrl: string, exported: T) => unknown;
type ImportModule = (specifier: string) => Promise<unknown>;

/**
 * What a script evaluates to, the same for all modules of this thread that load it. There are two copies of this
 * function: one in the preload's own file, because importing it would add half a millisecond to each start, and one for
 * all other modules. They share the value on the global object, under the script's URL; a symbol as the key would not do,
 * because the program can replace `Symbol`.
 * @param url file URL of the script, whose name tells its content
 * @param importModule for specifiers as they are next to the script
 */
export function evaluateOnce<T>(url: string, importModule: ImportModule): T {
  const shared = globalThis as unknown as Record<string, T>;
  const known = shared[url];
  if (known !== undefined) return known;
  const value = evaluate<T>(url, importModule);
  Reflect.defineProperty(shared, url, { value });
  return value;
}

/**
 * Evaluates a script with the code that V8 compiled of it in an earlier process. Compiling ttprof in every process would
 * take half of the time that ttprof adds to the start of a program.
 *
 * The code is kept in the cache folder that is nearest to ttprof itself, or in the user's own (`shared/trust.ts`). The
 * platform is part of its name, because several systems can share such a folder; and the script's place, because the code
 * holds it: to the V8 of Node 20 functions lie where they were compiled, also after the folder was moved.
 * V8 runs code from its cache unchecked, and compares no more of its source than the length
 * (`SerializedCodeData::SanityCheck` in `code-serializer.cc`; it refuses the code of other versions of V8 and of other
 * flags). So the name of a script contains a hash of its content, and the file holds the code twice: if it is damaged,
 * the halves differ.
 * @see https://nodejs.org/docs/latest/api/vm.html#scriptcreatecacheddata
 */
export function evaluate<T>(url: string, importModule: ImportModule): T {
  const opened: OpenScript<unknown>[] = [];
  const open = <U>(script: string): U => {
    const one = openScript<U>(script);
    opened.push(one);
    return one.value;
  };
  const keep = (): void => {
    for (const each of opened) each.keep();
  };
  const exported = open<Exporting<T>>(url)(url, importModule, keep, (other) =>
    open<Along<T>>(other)(other, exported),
  );
  return exported;
}

interface OpenScript<T> {
  readonly value: T;
  /** Keeps its code. */
  keep(): void;
}

function openScript<T>(url: string): OpenScript<T> {
  const file = fileURLToPath(url);
  const place = placeOf(file);
  const kept = place === null ? null : read(place);
  const script = new Script(readFileSync(file, 'utf8'), {
    filename: url,
    ...(kept !== null && { cachedData: kept.code }),
  });
  const used = script.cachedDataRejected === false ? kept : null;
  return {
    value: script.runInThisContext() as T,
    keep() {
      if (place === null) return;
      const isEnough = used === null ? kept !== null && isRecent(place) : used.processes >= ADDING_PROCESSES;
      if (!isEnough) keepFile(place, () => encode(script.createCachedData(), used));
    },
  };
}

interface KeptCode {
  readonly code: Buffer;
  /** How many processes it comes from. */
  readonly processes: number;
}

/** Null under `--hash-seed`: V8 accepts code only with the hash seed that it was compiled with. */
function placeOf(file: string): string | null {
  if (process.execArgv.some((flag) => flag.startsWith('--hash-seed'))) return null;
  const folder = findCacheFolder(dirname(file));
  const { version, platform, arch } = process;
  return folder && `${folder}${sep}${basename(file)}-${hashText(file)}-${version}-${platform}-${arch}.bin`;
}

function read(place: string): KeptCode | null {
  try {
    const twice = readTrustedFile(place);
    const half = twice.subarray(0, twice.length / 2);
    if (half.length === 0 || !half.equals(twice.subarray(half.length))) return null;
    return { code: half.subarray(0, -1), processes: half.at(-1)! };
  } catch {
    return null;
  }
}

function encode(code: Buffer, used: KeptCode | null): readonly Uint8Array[] {
  // the larger one knows more functions: V8 drops the code of those that have not run for some time
  const larger = used !== null && used.code.length > code.length ? used.code : code;
  const half = [larger, Uint8Array.of(1 + (used?.processes ?? 0))];
  return [...half, ...half];
}

/** Programs with different flags of V8 refuse each other's code: it is kept for one kind, not replaced at each turn. */
function isRecent(place: string): boolean {
  const changedMs = statSync(place, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return Date.now() - changedMs < REPLACED_AFTER_MS;
}
