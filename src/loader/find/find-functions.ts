import type { FunctionKind } from '../../runtime/contract.js';
import { visitFunctions } from './find-functions-visit.js';
import type { FoundFunction } from './found-function.js';
import { parseSource, type SourceFile } from './syntax-tree.js';

/** One function of a file, as `ttprof list` shows it. */
export interface FunctionSite {
  /** The qualified name: `C.m`, `outer.inner`, `C.a#get`, `f#2`. */
  readonly name: string;
  /** Further names under which it is found: those of exports, `C.a` for `C.a#get`, a function expression's own. */
  readonly aliases: readonly string[];
  /** Where it starts in this source: 1-based. */
  readonly line: number;
  readonly column: number;
  readonly kind: FunctionKind;
}

/**
 * Every function of a source that has a body, in source order.
 * @throws {TtprofError} where the source cannot be parsed
 */
export function findFunctions(source: string, file: SourceFile): FunctionSite[] {
  return visitFunctions(parseSource(source, file), source).map(describe);
}

function describe({ name, aliases, line, column, kind }: FoundFunction): FunctionSite {
  return { name, aliases, line, column, kind };
}
