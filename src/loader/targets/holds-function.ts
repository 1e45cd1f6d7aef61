import { visitFunctions } from '../find/find-functions-visit.js';
import { parseSource, type SourceFile } from '../find/syntax-tree.js';
import { matchFunctions } from './match-function.js';
import type { FunctionPart } from './target.js';

/**
 * Would a target with this function part match anything in a source?
 * @throws {TtprofError} where the source cannot be parsed
 */
export function holdsFunction(source: string, file: SourceFile, part: FunctionPart): boolean {
  const target = { text: '', exclude: false, function: part };
  const functions = visitFunctions(parseSource(source, file), source);
  return matchFunctions(functions, [{ target, originals: null }]).length > 0;
}
