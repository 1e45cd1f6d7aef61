import type { DrillTree } from '../../runtime/contract.js';
import { canonicalFile } from '../../shared/names/canonical-name.js';
import type { DrillNodeStats, DrillStats } from '../model.js';

/** A tree as people read it: files as in canonical names. */
export function nameFiles({ intervalUs, samples, nodes }: DrillTree, cwd: string): DrillStats {
  return {
    intervalUs,
    samples,
    nodes: nodes.map((node) => ({
      ...node,
      file: canonicalFile(node.file, cwd),
      ...(/[\\/]node_modules[\\/]/.test(node.file) && { dependency: true as const }),
    })),
  };
}

type Open = { -readonly [Key in keyof DrillNodeStats]: DrillNodeStats[Key] } & { children: number[] };

/** Trees of one function as one: nodes that the same path leads to are the same. Pure. */
export function mergeTrees(trees: readonly DrillStats[]): DrillStats {
  const [first, ...others] = trees.filter(({ nodes }) => nodes.length > 0);
  if (first === undefined) return { intervalUs: trees[0]?.intervalUs ?? 0, samples: 0, nodes: [] };
  if (others.length === 0) return first;
  const nodes: Open[] = [];
  const merge = (parts: readonly (readonly [DrillStats, number])[]): number => {
    const index = nodes.length;
    const own = parts.map(([tree, at]) => tree.nodes[at]!);
    const { hotLine, ...fields } = own.reduce((a, b) => (b.self > a.self ? b : a));
    const children: number[] = [];
    nodes.push({
      ...fields,
      ...(hotLine !== undefined && { hotLine }),
      self: own.reduce((sum, { self }) => sum + self, 0),
      total: own.reduce((sum, { total }) => sum + total, 0),
      children,
    });
    const groups = new Map<string, [DrillStats, number][]>();
    for (const [tree, at] of parts) {
      for (const child of tree.nodes[at]!.children) {
        const key = placeKey(tree.nodes[child]!);
        groups.set(key, [...(groups.get(key) ?? []), [tree, child]]);
      }
    }
    for (const group of groups.values()) children.push(merge(group));
    children.sort((a, b) => nodes[b]!.total - nodes[a]!.total);
    return index;
  };
  merge([first, ...others].map((tree) => [tree, 0]));
  return { intervalUs: first.intervalUs, samples: nodes[0]!.total, nodes };
}

/** What makes nodes below one parent the same. */
export function placeKey({ name, file, line }: Pick<DrillNodeStats, 'name' | 'file' | 'line'>): string {
  return `${file}\0${line}\0${name}`;
}
