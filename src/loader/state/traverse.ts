import babelTraverse, { type NodePath } from '@babel/traverse';

export type { Binding, NodePath } from '@babel/traverse';

/** In an ES module Node gives what the CommonJS module exports, of which the function is the default. */
export const { default: traverse } = babelTraverse;

export function lineOf({ node }: NodePath): number {
  return node.loc?.start.line ?? 0;
}

/** Is this name, where the path stands, one that the module declares at its top level? */
export function isOfModule({ scope }: NodePath, name: string): boolean {
  return scope.getBinding(name)?.scope.path.isProgram() === true;
}
