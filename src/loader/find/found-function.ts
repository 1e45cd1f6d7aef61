import type {
  ArrowFunctionExpression,
  ClassMethod,
  ClassPrivateMethod,
  FunctionDeclaration,
  FunctionExpression,
  Identifier,
  ObjectMethod,
} from '@babel/types';
import type { FunctionKind } from '../../runtime/contract.js';

/** Every node that is a function with a body of its own. */
export type FunctionNode =
  | FunctionDeclaration
  | FunctionExpression
  | ArrowFunctionExpression
  | ObjectMethod
  | ClassMethod
  | ClassPrivateMethod;

/** A function of a parsed source, with everything by which it can be named. */
export interface FoundFunction {
  readonly node: FunctionNode;
  /** Qualified and unique in its file: `f#2` is the second `f`. */
  readonly name: string;
  /** The same without `#2`. */
  readonly baseName: string;
  readonly aliases: readonly string[];
  /** Without one or more of the functions around it: `inner` for `outer.inner`. */
  readonly shortNames: readonly string[];
  readonly isAnonymous: boolean;
  readonly kind: FunctionKind;
  /** Offset of its first character, decorators aside; line and column are those of this offset, 1-based. */
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
  /** Offset of the name in a declaration, of the key of a method; `start` where there is none. */
  readonly nameStart: number;
  /** Why nothing can be measured where it stands, or null. */
  readonly obstacle: string | null;
  /** Whether its code is strict: a direct `eval` in sloppy code declares variables in the function. */
  readonly isStrict: boolean;
}

/** What an identifier was called before a minifier renamed it: its own name where nobody knows. */
export type NameOf = (identifier: Identifier) => string;

export const ownName: NameOf = ({ name }) => name;

/** What it was called, then what it is called. */
export function namesOf(identifier: Identifier, nameOf: NameOf): readonly string[] {
  const original = nameOf(identifier);
  return original === identifier.name ? [original] : [original, identifier.name];
}
