import { hasDirective, kindOf, nameStartOf } from './ast-queries.js';
import type { FoundFunction, FunctionNode } from './found-function.js';
import { ANONYMOUS, joinNames, NO_NAMES } from './qualified-name.js';
import { locator } from './source-text.js';

/** A function that gives its name to what is inside it; null at top level and in module wrappers. */
export interface Scope {
  /** What names inside it begin with: the whole path first, then without the outermost functions, last nothing. */
  readonly prefixes: readonly string[];
}

/** A function whose name within its scope is known. */
export interface NamedFunction {
  readonly node: FunctionNode;
  readonly scope: Scope | null;
  /** Names within the scope, the first being its own; none is a function without a name. */
  readonly names: readonly string[];
  readonly start: number;
  /** As in {@link FoundFunction}. */
  readonly obstacle: string | null;
  /** Of the code around it. */
  readonly isStrict: boolean;
}

const TOP: readonly string[] = [''];

/** The scope that a function makes. */
export function createScope(parent: Scope | null, name: string): Scope {
  const prefixes = (parent?.prefixes ?? TOP).map((prefix) => joinNames(prefix, name));
  return { prefixes: [...prefixes, ''] };
}

/**
 * Gives every function of a file its qualified name and its aliases, and numbers those of one name in source order.
 * @param exported names of top-level functions and classes, and under which names they are exported
 */
export function qualifyNames(
  functions: readonly NamedFunction[],
  exported: ReadonlyMap<string, readonly string[]>,
  source: string,
): FoundFunction[] {
  const counts = new Map<string, number>();
  let locate: ReturnType<typeof locator> | null = null;
  const sorted = [...functions].sort((a, b) => a.start - b.start);
  return sorted.map(({ node, scope, names, start, obstacle, isStrict }) => {
    const prefixes = scope?.prefixes ?? TOP;
    const own = names[0] ?? ANONYMOUS;
    const baseName = joinNames(prefixes[0]!, own);
    const count = (counts.get(baseName) ?? 0) + 1;
    counts.set(baseName, count);
    const isDecorated = start !== node.start;
    if (isDecorated) locate ??= locator(source);
    const { line, column } = isDecorated
      ? locate!(start)
      : { line: node.loc!.start.line, column: node.loc!.start.column + 1 };
    return {
      node,
      name: count === 1 ? baseName : `${baseName}#${count}`,
      baseName,
      aliases: aliasesOf(baseName, names, prefixes[0]!, exported),
      shortNames: prefixes.length === 1 ? NO_NAMES : shortNamesOf(own, prefixes),
      isAnonymous: own === ANONYMOUS,
      kind: kindOf(node),
      start,
      end: node.end!,
      line,
      column,
      nameStart: nameStartOf(node) ?? start,
      obstacle,
      isStrict:
        isStrict || (node.body.type === 'BlockStatement' && hasDirective(node.body.directives, 'use strict')),
    };
  });
}

function aliasesOf(
  baseName: string,
  names: readonly string[],
  prefix: string,
  exported: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const isAccessor = withoutAccessor(baseName) !== baseName;
  if (names.length < 2 && !isAccessor && exported.size === 0) return NO_NAMES;
  const aliases = new Set([baseName]);
  for (const name of names.slice(1)) aliases.add(joinNames(prefix, name));
  if (isAccessor) for (const name of [...aliases]) aliases.add(withoutAccessor(name));
  for (const name of [...aliases]) {
    const first = /^[^.[]+/.exec(name)?.[0] ?? name;
    for (const alias of exported.get(first) ?? NO_NAMES) aliases.add(alias + name.slice(first.length));
  }
  aliases.delete(baseName);
  return [...aliases];
}

function shortNamesOf(own: string, prefixes: readonly string[]): readonly string[] {
  const names = prefixes.slice(1).map((prefix) => joinNames(prefix, own));
  return own === withoutAccessor(own) ? names : [...names, ...names.map(withoutAccessor)];
}

/** `C.a` for `C.a#get`. */
function withoutAccessor(name: string): string {
  return name.endsWith('#get') || name.endsWith('#set') ? name.slice(0, -'#get'.length) : name;
}
