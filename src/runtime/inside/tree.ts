import type { DrillNode, DrillTree, SourcePlace } from '../contract.js';

/** Of one target's tree: in a program that runs for long it must not grow without end. */
const MAX_NODES = 20_000;
/** Of all targets of a thread together (a wildcard names thousands): some 50 MB. */
const MAX_NODES_OF_ALL = 200_000;
/** Deeper frames (of a recursion) count as the own time of the frame at this depth. */
export const MAX_DEPTH = 256;

/** A node of a tree that grows. */
export interface Branch {
  readonly place: SourcePlace;
  self: number;
  readonly children: Map<string, Branch>;
  /** Samples by line. */
  readonly lines: Map<number, number>;
}

/** The samples of one target, folded by who called whom. */
export interface GrowingTree {
  readonly root: Branch;
  nodes: number;
}

let nodesOfAll = 0;

export function createTree(place: SourcePlace): GrowingTree {
  return { root: createBranch(place), nodes: 1 };
}

function createBranch(place: SourcePlace): Branch {
  return { place, self: 0, children: new Map(), lines: new Map() };
}

/** @returns the branch of what a branch called; itself where the tree is full */
export function growBranch(tree: GrowingTree, branch: Branch, { name, file, line }: SourcePlace): Branch {
  const key = `${file}\0${line}\0${name}`;
  let child = branch.children.get(key);
  if (child === undefined) {
    if (tree.nodes >= MAX_NODES || nodesOfAll >= MAX_NODES_OF_ALL) return branch;
    tree.nodes++;
    nodesOfAll++;
    branch.children.set(key, (child = createBranch({ name, file, line })));
  }
  return child;
}

/** The tree as plain data: parents before children, those with the most samples first. */
export function listTree(tree: GrowingTree, intervalUs: number): DrillTree {
  const nodes: { -readonly [Key in keyof DrillNode]: DrillNode[Key] }[] = [];
  const add = (branch: Branch): number => {
    const index = nodes.length;
    const { name, file, line } = branch.place;
    const children: number[] = [];
    nodes.push({ name, file, line, self: branch.self, total: branch.self, children });
    for (const child of branch.children.values()) {
      const at = add(child);
      children.push(at);
      nodes[index]!.total += nodes[at]!.total;
    }
    children.sort((a, b) => nodes[b]!.total - nodes[a]!.total);
    let most = 0;
    for (const [at, ticks] of branch.lines) {
      if (ticks <= most) continue;
      most = ticks;
      nodes[index]!.hotLine = at;
    }
    return index;
  };
  add(tree.root);
  return { intervalUs, samples: nodes[0]!.total, nodes };
}
