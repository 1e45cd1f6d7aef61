import type { Program } from '@babel/types';
import type { ModuleDescription, SiteDescription } from '../../runtime/contract.js';
import { visitFunctions } from '../find/find-functions-visit.js';
import { type FoundFunction, type NameOf, ownName } from '../find/found-function.js';
import { MagicString } from '../find/parser.js';
import { isIdentifier } from '../find/qualified-name.js';
import { parseSource, type SourceFile } from '../find/syntax-tree.js';
import { type OriginalMap, readSourceMap } from '../maps/source-map.js';
import type { SourceMapV3 } from '../maps/source-map-v3.js';
import { readsArguments } from '../targets/by-expression.js';
import {
  type FunctionMatch,
  findSharedLines,
  matchFunctions,
  mayContain,
  type SharedLine,
  type TargetMatch,
} from '../targets/match-function.js';
import { composeMap } from './compose-map.js';
import { type FileExchange, giveAway, offerAll } from './exchange-functions.js';
import { injectFunction } from './inject.js';
import { chooseNames } from './injected-names.js';
import { type Insertion, Insertions } from './insertions.js';
import { isInstrumented, prologue } from './prologue.js';

/** How many of the other functions on a line a note names: more would be too long to read. */
const MAX_NAMED = 3;

export interface RewriteOptions extends SourceFile {
  /** The targets that concern this file, in the order given. */
  readonly matches: readonly TargetMatch[];
  /** `compose`: a map is wanted, through the module's own map to its original files; `module`: to the module itself. */
  readonly maps: 'none' | 'compose' | 'module';
  /** The module's own map where it has been read already; left out, it is read from the source. */
  readonly originalMap?: OriginalMap | null;
  /** Which functions another version may take the place of, or are to take another's. */
  readonly exchange?: FileExchange | null;
}

export interface RewriteResult {
  readonly code: string;
  /** Null unless maps were asked for. */
  readonly map: SourceMapV3 | null;
  /** The functions that are measured, in source order. */
  readonly sites: readonly SiteDescription[];
  /** Those that matched but cannot be measured without changing what they do. */
  readonly unmeasured: readonly SiteDescription[];
  /** What was inserted into the source, in order. */
  readonly insertions: readonly Insertion[];
  /** One line for each of them. */
  readonly notes: readonly string[];
}

/**
 * Rewrites a module so that the functions which its targets name are measured. No line is added or removed.
 * @returns null where no target names a function of it, or where it has been rewritten before
 * @throws {TtprofError} where it cannot be parsed; the caller lets it run as written
 */
export function rewrite(source: string, options: RewriteOptions): RewriteResult | null {
  const { file, matches } = options;
  if (isInstrumented(source)) return null;
  const readOwn = () =>
    options.originalMap === undefined ? readSourceMap(source, file) : options.originalMap;
  // most files have no map, and what a target names
  let own = mayContain(source, matches) ? undefined : readOwn();
  if (own !== undefined && !mayContain(source, matches, own?.names)) return null;
  const ast = parseSource(source, options);
  own ??= readOwn();
  const functions = visitFunctions(ast, source, createNaming(own));
  const originalOf = ({ line, column }: FoundFunction) => own?.originalPosition(line, column) ?? null;
  const matched = matchFunctions(functions, matches, originalOf);
  if (matched.length === 0) return null;

  const names = chooseNames(source, file);
  const insertions = new Insertions();
  const sites: SiteDescription[] = [];
  const unmeasured: SiteDescription[] = [];
  const notes = findSharedLines(functions, matches, originalOf).map((shared) =>
    noteSharedLine(shared, matched),
  );
  for (const one of matched) {
    const { by, note } = checkBreakdown(one);
    const site = describeSite({ ...one, by }, file);
    if (note !== null) notes.push(`${file}:${site.line} ${site.name}: ${note}`);
    const before = giveAway(one.found, options.exchange, names);
    const obstacle = injectFunction(one.found, sites.length, names, source, insertions, before, by);
    if (obstacle === null) sites.push(site);
    else {
      unmeasured.push(site);
      notes.push(`${file}:${site.line} ${site.name} is not measured: ${obstacle}`);
    }
  }
  if (sites.length === 0) return { code: source, map: null, sites, unmeasured, insertions: [], notes };

  const description: ModuleDescription = { file, sites };
  const texts = [
    placePrologue(
      ast.program,
      prologue(names, JSON.stringify(description)) + offerAll(file, options.exchange, names),
    ),
    ...insertions.sorted(),
  ];
  const edited = new MagicString(source);
  for (const { offset, text } of texts) edited.appendLeft(offset, text);
  return {
    code: edited.toString(),
    map:
      options.maps === 'none'
        ? null
        : composeMap(edited, texts, file, options.maps === 'module' ? null : own),
    sites,
    unmeasured,
    insertions: texts,
    notes,
  };
}

/** An expression sees what the function's first statement would: in an arrow function someone else's `arguments`. */
function checkBreakdown({ found, by }: FunctionMatch): {
  readonly by: string | null;
  readonly note: string | null;
} {
  if (by === null || found.node.type !== 'ArrowFunctionExpression' || !readsArguments(by))
    return { by, note: null };
  return {
    by: null,
    note: `--by ${by} has no effect: an arrow function has no arguments of its own; name its parameters`,
  };
}

function describeSite({ found, original, targets, by }: FunctionMatch, file: string): SiteDescription {
  const { line, column } = original ?? found;
  const { name, kind } = found;
  return {
    name,
    line,
    column,
    kind,
    ...(original !== null && original.file !== file && { file: original.file }),
    targets,
    ...(by !== null && { by }),
  };
}

/** What identifiers were called before a minifier renamed them. */
function createNaming(own: OriginalMap | null): NameOf {
  if (own === null || own.names.length === 0) return ownName;
  return ({ name, loc }) => {
    const original = own.nameAt(loc!.start.line, loc!.start.column + 1) ?? name;
    // maps may hold anything
    return isIdentifier(original) ? original : name;
  };
}

function noteSharedLine({ text, starting }: SharedLine, matched: readonly FunctionMatch[]): string {
  const taken = starting.filter(({ found }) => matched.some((one) => one.found === found));
  const left = starting.filter((each) => !taken.includes(each)).slice(0, MAX_NAMED);
  const one = taken.map(({ found }) => found.name).join(' and ');
  const others = left.map(({ found, column }) => `${text}:${column} for ${found.name}`);
  return `${text} is ${one}, the innermost of the functions that start there; write ${others.join(', ')}`;
}

/** After the hashbang and the directives, on the line of the first statement. */
function placePrologue({ directives, body }: Program, text: string): Insertion {
  const directive = directives.at(-1);
  if (directive) return { offset: directive.end!, text: `;${text}` };
  const [first] = body;
  // decorators may stand before the `export` of the class that they belong to
  const declaration = first && 'declaration' in first ? first.declaration : null;
  const decorators = declaration && 'decorators' in declaration ? declaration.decorators : null;
  const offset = Math.min(first!.start!, decorators?.[0]?.start ?? Number.POSITIVE_INFINITY);
  return { offset, text };
}
