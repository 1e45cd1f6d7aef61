import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TtprofError } from '../../shared/errors.js';

/** Which functions of a file: by qualified name (`*` is a wildcard), or the innermost that starts on a line. */
export type FunctionPart =
  | { readonly kind: 'name'; readonly pattern: string }
  | { readonly kind: 'line'; readonly line: number; readonly column: number | null };

/**
 * Which files:
 * - `entry`: the script of each process, the file of each worker
 * - `path`: certainly a path, absolute; with or without its extension
 * - `module`: a path, a glob or a package, to be tried in that order (see `match-module.ts`)
 * - `builtin`: a module of Node's own, with `node:`
 * - `global`: `globalThis`
 */
export type ModulePart =
  | { readonly kind: 'entry' }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'module'; readonly name: string }
  | { readonly kind: 'builtin'; readonly id: string }
  | { readonly kind: 'global' };

/** One parsed `[!][module:]function`. */
export interface Target {
  /** As it was typed, the leading `!` included: what reports call it. */
  readonly text: string;
  readonly exclude: boolean;
  readonly module: ModulePart;
  readonly function: FunctionPart;
  /** By what its calls are broken down; null or left out: by nothing. */
  readonly by?: string | null;
}

export interface ParseTargetOptions {
  /** Absolute path of the root process's working directory. */
  readonly cwd: string;
  /** Does a path exist? Only asked for targets without a function, to suggest what was meant; none does by default. */
  readonly exists?: (path: string) => boolean;
}

/** `:42` or `:42:7` at the end. */
const LINE = /(?:^|:)(\d+)(?::(\d+))?$/;
const STRING = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/;
const QUOTED_KEY = new RegExp(`\\[(?:${STRING.source})\\]`, 'y');
/** With brackets in it that hold none: `[list[0]]`. */
const COMPUTED_KEY = new RegExp(
  `\\[(?:${STRING.source}|\\[(?:${STRING.source}|[^\\[\\]"'\`])*\\]|[^\\[\\]"'\`])*\\]`,
  'y',
);
/** A path that must not be taken for a package. */
const CERTAIN_PATH = /^(?:\.{1,2}(?:[\\/]|$)|[\\/]|[A-Za-z]:[\\/]|file:)/;

/**
 * Parses one target.
 * @throws {TtprofError} where it names no function, or nothing that could be one
 */
export function parseTarget(text: string, options: ParseTargetOptions): Target {
  const exists = options.exists ?? (() => false);
  const exclude = text.startsWith('!');
  const body = exclude ? text.slice(1) : text;
  if (body.trim() === '') throw wrong(text, 'is empty: write [module:]function');
  const line = LINE.exec(body);
  if (line?.[0].startsWith(':')) {
    const part: FunctionPart = {
      kind: 'line',
      line: Number(line[1]),
      column: line[2] ? Number(line[2]) : null,
    };
    if (part.line === 0 || part.column === 0) throw wrong(text, 'has a line or column 0: they count from 1');
    const module = parseModule(body.slice(0, line.index), text, options.cwd);
    if (isOfNode(module)) throw wrong(text, `asks for a line of Node's own code: name the function`);
    return { text, exclude, module, function: part };
  }
  if (line !== null)
    throw wrong(text, `is no function name: write \`:${body}\` for that line of the entry script`);
  const separator = findSeparator(body);
  const pattern = body.slice(separator + 1);
  const modulePart = separator === -1 ? '' : body.slice(0, separator);
  if (separator === -1 && namesModule(body, options.cwd, exists))
    throw wrong(text, `names no function: write \`${exclude ? '!' : ''}${body}:*\` for all of its functions`);
  if (pattern === '') throw wrong(text, `names no function: write \`${text}*\` for all of its functions`);
  return {
    text,
    exclude,
    module: parseModule(modulePart, text, options.cwd),
    function: { kind: 'name', pattern },
  };
}

/**
 * The module part of a target as it is written, and what stands before and after it; what is no target has none.
 * @returns `before + module + after` is the text
 */
export function splitTarget(text: string): { before: string; module: string; after: string } {
  const before = text.startsWith('!') ? '!' : '';
  const body = text.slice(before.length);
  const line = LINE.exec(body);
  const end = line?.[0].startsWith(':') ? line.index : Math.max(0, findSeparator(body));
  return { before, module: body.slice(0, end), after: body.slice(end) };
}

/** Does it name Node's own code? No source of that passes the loader: it gets stand-ins. */
export function isOfNode(module: ModulePart): boolean {
  return module.kind === 'builtin' || module.kind === 'global';
}

/** Splits the value of `TTPROF` at white space and commas, except within braces and keys in brackets (`o["a, b"]`). */
export function splitTargets(value: string): string[] {
  const targets: string[] = [];
  let depth = 0;
  let current = '';
  for (let at = 0; at < value.length; at++) {
    const end = keyEnd(value, at);
    if (end !== -1) {
      current += value.slice(at, end);
      at = end - 1;
      continue;
    }
    const char = value[at]!;
    if (char === '{') depth++;
    else if (char === '}' && depth > 0) depth--;
    if (depth === 0 && /[\s,]/.test(char)) {
      if (current !== '') targets.push(current);
      current = '';
    } else current += char;
  }
  if (current !== '') targets.push(current);
  return targets;
}

/** The last `:` that belongs to no drive letter, no URL scheme and no key in brackets (`o["a:b"]`), or -1. */
function findSeparator(body: string): number {
  let last = -1;
  for (let at = 0; at < body.length; at++) {
    const end = keyEnd(body, at);
    if (end !== -1) {
      at = end - 1;
      continue;
    }
    if (body[at] !== ':') continue;
    const before = body.slice(0, at);
    const next = body[at + 1];
    const isDrive = (next === '/' || next === '\\') && /(?:^|file:\/\/\/?|\/)[A-Za-z]$/.test(before);
    const isScheme = before === 'file' || before === 'node';
    if (!isDrive && !isScheme) last = at;
  }
  return last;
}

/** Where a key in brackets (`["a b"]`, `.[one + two]`) that begins at `at` ends, or -1 where none begins. */
function keyEnd(text: string, at: number): number {
  if (text[at] !== '[') return -1;
  // a computed key is written as in the source, behind a dot or beginning like a literal; globs and paths are not meant
  const isComputed = text[at - 1] === '.' || /["\d]/.test(text[at + 1] ?? '');
  const key = isComputed ? COMPUTED_KEY : QUOTED_KEY;
  key.lastIndex = at;
  return key.test(text) ? key.lastIndex : -1;
}

/** Whether a target without `:` is a module whose function was forgotten. */
function namesModule(body: string, cwd: string, exists: (path: string) => boolean): boolean {
  if (body.startsWith('node:') || body === 'globalThis' || CERTAIN_PATH.test(body)) return true;
  if (/[\\/]/.test(body) && !/^[^\\/]*(?:\[["'`]|\.\[)/.test(body)) return true;
  // a name without a dot is a function of the entry script even where a folder has that name
  return /\.\w+$/.test(body) && exists(resolve(cwd, body));
}

function parseModule(module: string, text: string, cwd: string): ModulePart {
  if (module === '') return { kind: 'entry' };
  if (module === 'globalThis') return { kind: 'global' };
  if (module.startsWith('node:')) {
    const id = module.slice('node:'.length);
    if (id === '') throw wrong(text, "lacks the built-in module's name: write node:fs:readFileSync");
    return { kind: 'builtin', id };
  }
  if (module.startsWith('file:')) return { kind: 'path', path: pathOf(module, text) };
  if (!CERTAIN_PATH.test(module)) return { kind: 'module', name: module.replaceAll('\\', '/') };
  if (/^[A-Za-z]:[\\/]/.test(module) && !isAbsolute(module)) {
    // a Windows path on another system: it can match nothing, but it is no mistake of syntax
    return { kind: 'path', path: module.replaceAll('\\', '/') };
  }
  return { kind: 'path', path: resolve(cwd, module) };
}

function pathOf(url: string, text: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    throw wrong(text, 'has a file URL that is no path on this machine: write file:///absolute/path:function');
  }
}

function wrong(text: string, what: string): TtprofError {
  return new TtprofError(`target \`${text}\` ${what}`);
}
