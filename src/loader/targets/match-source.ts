import { visitFunctions } from '../find/find-functions-visit.js';
import type { FoundFunction } from '../find/found-function.js';
import { parseSource, type SourceFile } from '../find/syntax-tree.js';
import { matchFunctions } from './match-function.js';
import type { FunctionPart } from './target.js';

/** A function by what a recording knows of it. */
export type NamedPlace = Pick<FoundFunction, 'name' | 'line'>;

/**
 * The functions of a source that a target with this function part names.
 * @throws {TtprofError} where the source cannot be parsed
 */
export function matchSource(source: string, file: SourceFile, part: FunctionPart): NamedPlace[] {
  const target = { text: '', exclude: false, function: part };
  const functions = visitFunctions(parseSource(source, file), source);
  return matchFunctions(functions, [{ target, originals: null }]).map(({ found: { name, line } }) => ({
    name,
    line,
  }));
}
