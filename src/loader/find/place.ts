import type { Node } from '@babel/types';
import type { FunctionNode, NameOf } from './found-function.js';
import type { Scope } from './qualify-names.js';

/** Where a node stands. */
export interface Place {
  readonly scope: Scope | null;
  /** The class, object or namespace within the scope, or ''. */
  readonly container: string;
  /** What `this.x = …` names: a container, and the scope in which it stands. */
  readonly self: { readonly scope: Scope | null; readonly container: string };
  /** Why nothing can be measured here, or null. */
  readonly obstacle: string | null;
  readonly isStrict: boolean;
}

/** What the parts of the walk share: each visits its kind of node and hands what is inside it back. */
export interface Visitor {
  readonly source: string;
  readonly nameOf: NameOf;
  /** Functions whose content counts as if it stood around them. */
  readonly wrappers: Set<Node>;
  /** @param names what a function or class that this node is would be called, the first one first */
  visit(node: Node, place: Place, names: readonly string[]): void;
  visitFunction(node: FunctionNode, place: Place, names: readonly string[]): void;
  /** A top-level name is exported under another one. */
  addExport(place: Place, local: string, name: string): void;
}
