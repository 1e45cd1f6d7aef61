import { wildcardToRegExp } from '../../shared/names/wildcard.js';
import type { FoundFunction } from '../find/found-function.js';
import type { OriginalPosition } from '../maps/source-map.js';
import { findHelpers } from './compiler-helpers.js';
import type { Target } from './target.js';

/** A target that concerns a file; `match-module.ts` says which do. */
export interface TargetMatch {
  readonly target: Pick<Target, 'text' | 'exclude' | 'function' | 'by'>;
  /**
   * Null: the target names the file itself. Otherwise the file was compiled, and only functions that come from these
   * original files (absolute paths as the source map gives them) are meant.
   */
  readonly originals: readonly string[] | null;
}

/** A function of a file with the targets that name it. */
export interface FunctionMatch {
  readonly found: FoundFunction;
  /** Null where no map knows. */
  readonly original: OriginalPosition | null;
  /** Texts of the targets that name it, in the order given. */
  readonly targets: readonly string[];
  /** By what its calls are broken down; null: by nothing. */
  readonly by: string | null;
}

/**
 * The functions that targets name, in source order, less those that a target with `!` names.
 * @param originalOf where a map says that an offset comes from, or null
 */
export function matchFunctions(
  functions: readonly FoundFunction[],
  matches: readonly TargetMatch[],
  originalOf: (found: FoundFunction) => OriginalPosition | null = () => null,
): FunctionMatch[] {
  const texts = new Map<FoundFunction, string[]>();
  const breakdowns = new Map<FoundFunction, string>();
  const excluded = new Set<FoundFunction>();
  const originals = new Map<FoundFunction, OriginalPosition | null>();
  const lookUp = (found: FoundFunction): OriginalPosition | null => {
    let original = originals.get(found);
    if (original === undefined) originals.set(found, (original = originalOf(found)));
    return original;
  };
  for (const { target, originals: files } of matches) {
    const candidates =
      files === null ? functions : functions.filter((found) => files.includes(lookUp(found)?.file ?? ''));
    const matched =
      target.function.kind === 'name'
        ? matchName(candidates, target.function.pattern)
        : matchLine(candidates, target.function.line, target.function.column, lookUp);
    for (const found of matched) {
      if (target.exclude) excluded.add(found);
      else {
        if (target.by && !breakdowns.has(found)) breakdowns.set(found, target.by);
        const known = texts.get(found);
        if (!known) texts.set(found, [target.text]);
        else if (!known.includes(target.text)) known.push(target.text);
      }
    }
  }
  return functions
    .filter((found) => texts.has(found) && !excluded.has(found))
    .map((found) => ({
      found,
      original: lookUp(found),
      targets: texts.get(found)!,
      by: breakdowns.get(found) ?? null,
    }));
}

/** A line on which several functions start, of which a target took some. */
export interface SharedLine {
  readonly text: string;
  readonly starting: readonly { readonly column: number; readonly found: FoundFunction }[];
}

/** The lines that targets name without a column, where more functions start than are meant. */
export function findSharedLines(
  functions: readonly FoundFunction[],
  matches: readonly TargetMatch[],
  originalOf: (found: FoundFunction) => OriginalPosition | null = () => null,
): SharedLine[] {
  return matches.flatMap(({ target: { text, exclude, function: part }, originals }) => {
    if (exclude || part.kind !== 'line' || part.column !== null) return [];
    const candidates =
      originals === null
        ? functions
        : functions.filter((found) => originals.includes(originalOf(found)?.file ?? ''));
    const starting = findStarting(candidates, part.line, originalOf);
    if (innermost(starting).length === starting.length) return [];
    const columnOf = (found: FoundFunction) => (originalOf(found) ?? found).column;
    return [{ text, starting: starting.map((found) => ({ column: columnOf(found), found })) }];
  });
}

/**
 * Could a function that one of the targets names be in a source with this text? A cheap look before parsing.
 * @param names further ones, which a map knows
 */
export function mayContain(
  source: string,
  matches: readonly TargetMatch[],
  names: readonly string[] = [],
): boolean {
  return matches.some(({ target }) => {
    if (target.exclude) return false;
    if (target.function.kind === 'line') return true;
    return literalsOf(target.function.pattern).every(
      (literal) => source.includes(literal) || names.some((name) => name.includes(literal)),
    );
  });
}

/** The words of a pattern that must stand in the source: names and keys, less what the qualified name adds. */
function literalsOf(pattern: string): string[] {
  const words = pattern
    .replace(/#(?:get|set|\d+)(?=$|#)/g, '')
    .replace(/<anonymous>/g, '')
    .match(/[\p{ID_Continue}$*]+/gu);
  // a wildcard may stand for a part of a word, and names that the file does not spell out are made by us
  return (words ?? []).flatMap((word) => word.split('*')).filter((word) => word !== '' && word !== 'default');
}

function matchName(functions: readonly FoundFunction[], pattern: string): FoundFunction[] {
  if (pattern.includes('*')) {
    const regexp = wildcardToRegExp(pattern);
    // a pattern such as `__*` asks for compilers' helpers
    const isHelper = pattern.startsWith('*') ? findHelpers(functions.map(({ name }) => name)) : () => false;
    return functions.filter(
      (found) =>
        !isHelper(found.name) &&
        (!found.isAnonymous || pattern.endsWith('*')) &&
        (regexp.test(found.name) ||
          regexp.test(found.baseName) ||
          found.aliases.some((one) => regexp.test(one) && !isOwnName(found, one))),
    );
  }
  const named = functions.filter(
    (found) =>
      found.name === pattern ||
      (!found.isAnonymous && (found.baseName === pattern || found.aliases.includes(pattern))) ||
      pattern === `${found.baseName}#1`,
  );
  // `Parser.prototype.parse = function parse() {}` is `parse` too, but not beside a function that has no other name
  const isDirect = (found: FoundFunction) => found.name === pattern || found.baseName === pattern;
  const exact = named.some(isDirect)
    ? named.filter((found) => isDirect(found) || !isOwnName(found, pattern))
    : named;
  // `f#1` is the first `f` alone
  if (exact.length > 0)
    return /#1$/.test(pattern)
      ? exact.filter(({ name, baseName }) => name === baseName || name === pattern)
      : exact;
  return functions.filter((found) => !found.isAnonymous && found.shortNames.includes(pattern));
}

/** Is it the name that a function expression gives itself, beside the one that it is known by? */
function isOwnName({ node, baseName }: FoundFunction, name: string): boolean {
  if (node.type !== 'FunctionExpression' || !node.id || name === baseName) return false;
  return name === node.id.name || name.endsWith(`.${node.id.name}`);
}

function matchLine(
  functions: readonly FoundFunction[],
  line: number,
  column: number | null,
  originalOf: (found: FoundFunction) => OriginalPosition | null,
): FoundFunction[] {
  const starting = findStarting(functions, line, originalOf);
  if (column !== null) {
    const exact = starting.filter((found) => (originalOf(found) ?? found).column === column);
    if (exact.length > 0) return innermost(exact);
    return starting.filter((found) => found.column + (found.nameStart - found.start) === column);
  }
  return innermost(starting);
}

function findStarting(
  functions: readonly FoundFunction[],
  line: number,
  originalOf: (found: FoundFunction) => OriginalPosition | null,
): FoundFunction[] {
  const starting = functions.filter((found) => (originalOf(found) ?? found).line === line);
  // a target may name a line of the compiled file as well
  return starting.length > 0 ? starting : functions.filter((found) => found.line === line);
}

/** Those that contain no other. */
function innermost(functions: readonly FoundFunction[]): FoundFunction[] {
  return functions.filter(
    (outer) =>
      !functions.some((inner) => inner !== outer && inner.start >= outer.start && inner.end <= outer.end),
  );
}
