import type { DrillNodeStats, DrillStats } from '../model.js';
import { placeKey } from './merge-trees.js';

export interface FoldedNode extends DrillNodeStats {
  /** Calls of itself, directly below it, are part of it. */
  readonly recursive?: true;
}

/** A tree for people: a function that calls itself stands there once, with all that its calls called. */
export interface FoldedTree extends DrillStats {
  readonly nodes: readonly FoldedNode[];
}

type Open = { -readonly [Key in keyof FoldedNode]: FoldedNode[Key] } & { children: number[] };

/** Self times still add up, and totals of what stands above and below are the same. Pure. */
export function foldRecursion(tree: DrillStats): FoldedTree {
  if (tree.nodes.length === 0) return tree;
  const nodes: Open[] = [];
  /** Nodes of one place below one parent become one. */
  const fold = (parts: readonly number[]): number => {
    const index = nodes.length;
    const key = placeKey(tree.nodes[parts[0]!]!);
    const all = [...parts];
    const groups = new Map<string, number[]>();
    for (let at = 0; at < all.length; at++) {
      for (const child of tree.nodes[all[at]!]!.children) {
        const childKey = placeKey(tree.nodes[child]!);
        if (childKey === key) all.push(child);
        else groups.set(childKey, [...(groups.get(childKey) ?? []), child]);
      }
    }
    const own = all.map((at) => tree.nodes[at]!);
    const { hotLine, ...fields } = own.reduce((a, b) => (b.self > a.self ? b : a));
    const children: number[] = [];
    nodes.push({
      ...fields,
      ...(hotLine !== undefined && { hotLine }),
      ...(all.length > parts.length && { recursive: true }),
      self: own.reduce((sum, { self }) => sum + self, 0),
      total: parts.reduce((sum, at) => sum + tree.nodes[at]!.total, 0),
      children,
    });
    for (const group of groups.values()) children.push(fold(group));
    children.sort((a, b) => nodes[b]!.total - nodes[a]!.total);
    return index;
  };
  fold([0]);
  return { ...tree, nodes };
}
