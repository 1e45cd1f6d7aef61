import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type FunctionSite, findFunctions } from '../../loader/find/find-functions.js';
import type { Streams } from '../../report/print.js';
import { TtprofError } from '../../shared/errors.js';
import { canonicalFile } from '../../shared/names/canonical-name.js';

/** One function of `ttprof list --json`. */
export interface ListedFunction extends FunctionSite {
  /** What to give to `-t`. */
  readonly target: string;
  /** As in canonical names: from the working directory, or `package/sub/path.js`. */
  readonly file: string;
}

/**
 * `ttprof list [--json] FILE…`: every function that can be named, with line, kind and name. To standard output, for
 * here it is the result.
 * @param args files, and `--json` anywhere among them
 * @returns the exit code
 * @throws {TtprofError} for a file that cannot be read or parsed
 */
export function runList(args: readonly string[], streams: Streams = process, cwd = process.cwd()): number {
  const files = args.filter((arg) => arg !== '--json');
  if (files.length === 0)
    throw new TtprofError('nothing to list: name source files, as in ttprof list src/lib.js');
  const functions = files.flatMap((file) => listFunctions(file, cwd));
  const isJson = args.includes('--json');
  streams.stdout.write(isJson ? `${JSON.stringify(functions, null, 2)}\n` : renderList(functions));
  if (functions.length === 0)
    streams.stderr.write(`ttprof: no function with a body in ${files.join(', ')}\n`);
  return 0;
}

function listFunctions(name: string, cwd: string): ListedFunction[] {
  const path = resolve(cwd, name);
  const file = canonicalFile(path, cwd);
  const found = findFunctions(readSource(path, name), { file: path });
  return found.map((one) => {
    // functions without a name are addressed by where they start, and by the column where the line holds several
    const isAlone = found.filter(({ line }) => line === one.line).length === 1;
    const place = isAlone ? `${one.line}` : `${one.line}:${one.column}`;
    return { target: `${file}:${one.name.includes('<anonymous>') ? place : one.name}`, file, ...one };
  });
}

function readSource(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'EISDIR' ? 'is a folder: name the files in it' : `cannot be read (${code})`;
    throw new TtprofError(`list: ${name} ${why}`);
  }
}

/** Pure. One line a function, the targets first: they are what is copied from here. */
function renderList(functions: readonly ListedFunction[]): string {
  if (functions.length === 0) return '';
  const rows = functions.map(({ target, line, kind, name }) => [
    target,
    `${line}`,
    kind,
    target.endsWith(`:${name}`) ? '' : name,
  ]);
  const table = [['target', 'line', 'kind', ''], ...rows];
  const width = (column: number) => Math.max(...table.map((row) => row[column]!.length));
  const [targets, lines, kinds] = [width(0), width(1), width(2)];
  return table
    .map(([target, line, kind, name]) =>
      ` ${target!.padEnd(targets)}  ${line!.padStart(lines)}  ${kind!.padEnd(kinds)}  ${name}`.trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}
