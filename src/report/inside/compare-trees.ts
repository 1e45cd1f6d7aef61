import type { DrillNodeStats, DrillStats, FunctionStats } from '../model.js';
import { type FoldedTree, foldRecursion } from './fold-recursion.js';

/** A branch of the trees of two functions (or of two versions of one), and what it takes of each call. */
export interface BranchChange {
  readonly node: Pick<DrillNodeStats, 'name' | 'file' | 'line'>;
  /** The functions above it, outermost first, without the target. */
  readonly path: readonly string[];
  /** Time per call of the target; 0 where the branch is not there. */
  readonly beforeNs: number;
  readonly afterNs: number;
  /** Its part of the change of the target, 1 where it is all of it; null where the target itself hardly changed. */
  readonly share: number | null;
}

export interface TreeChange {
  readonly beforeNs: number;
  readonly afterNs: number;
  /** Those that changed most, first. Empty where no branch changed by more than chance. */
  readonly branches: readonly BranchChange[];
}

/** Where one child has at least this share of a branch's change, the child (or one below it) is named instead. */
const SAME_CHANGE = 0.9;
/** What differs by fewer standard errors of the numbers of samples may be chance. */
const STANDARD_ERRORS = 3;
/** How many branches are named. */
const MAX_BRANCHES = 5;
/** Branches with a smaller share of the target's change are not named. */
const MIN_SHARE = 0.02;

/** One side of the comparison. */
interface Side {
  readonly tree: FoldedTree;
  /** Of a call, for each sample. */
  readonly sampleNs: number;
}

/** A branch on both sides. */
interface Pair {
  readonly node: DrillNodeStats;
  readonly path: readonly string[];
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/**
 * Finds the branches of a target's tree that changed most, per call. Functions with the same name in the same file are
 * taken for the same, whatever their lines. Pure.
 * @returns null where one of the two was not sampled
 */
export function compareTrees(before: FunctionStats, after: FunctionStats): TreeChange | null {
  const sides = [readSide(before), readSide(after)] as const;
  const [one, other] = sides;
  if (one === null || other === null) return null;

  const measure = (pair: Pair) => {
    const counts = [countSamples(one, pair.before), countSamples(other, pair.after)] as const;
    const beforeNs = counts[0] * one.sampleNs;
    const afterNs = counts[1] * other.sampleNs;
    const errorNs = Math.hypot(Math.sqrt(counts[0]) * one.sampleNs, Math.sqrt(counts[1]) * other.sampleNs);
    return { beforeNs, afterNs, changeNs: afterNs - beforeNs, errorNs };
  };
  const root: Pair = { node: other.tree.nodes[0]!, path: [], before: [0], after: [0] };
  const whole = measure(root);
  const isClear = ({ changeNs, errorNs }: typeof whole) => Math.abs(changeNs) > STANDARD_ERRORS * errorNs;

  const branches: BranchChange[] = [];
  const visit = (pair: Pair, ofNs = Math.abs(measure(pair).changeNs)): void => {
    const measured = measure(pair);
    if (!isClear(measured)) return;
    const children = pairChildren(pair, one, other);
    const main = children.find((child) => Math.abs(measure(child).changeNs) >= SAME_CHANGE * ofNs);
    if (main !== undefined) {
      visit(main, ofNs);
      return;
    }
    const { beforeNs, afterNs, changeNs } = measured;
    const { name, file, line } = pair.node;
    const share = isClear(whole) ? changeNs / whole.changeNs : null;
    branches.push({ node: { name, file, line }, path: pair.path, beforeNs, afterNs, share });
  };
  for (const child of pairChildren(root, one, other)) visit(child);
  const own = measureOwn(one, other);
  if (Math.abs(own.afterNs - own.beforeNs) > STANDARD_ERRORS * own.errorNs) {
    const { name, file, line } = root.node;
    const { beforeNs, afterNs } = own;
    const share = isClear(whole) ? (afterNs - beforeNs) / whole.changeNs : null;
    branches.push({ node: { name: `${name} itself`, file, line }, path: [], beforeNs, afterNs, share });
  }
  branches.sort((a, b) => Math.abs(b.afterNs - b.beforeNs) - Math.abs(a.afterNs - a.beforeNs));
  return {
    beforeNs: whole.beforeNs,
    afterNs: whole.afterNs,
    branches: branches
      .filter(({ share }) => share === null || Math.abs(share) >= MIN_SHARE)
      .slice(0, MAX_BRANCHES),
  };
}

/** A function's tree, and what each of its nodes took of a call, on both sides. */
export interface PairedTree {
  readonly tree: FoldedTree;
  /** By the index of the node; 0 where the other side does not have it. */
  readonly beforeNs: readonly number[];
  readonly afterNs: readonly number[];
}

/** @returns null where one of the two was not sampled */
export function pairNodes(before: FunctionStats, after: FunctionStats): PairedTree | null {
  const [one, other] = [readSide(before), readSide(after)];
  if (one === null || other === null) return null;
  const beforeNs = other.tree.nodes.map(() => 0);
  const visit = (pair: Pair): void => {
    for (const at of pair.after) {
      // several nodes here (one function seen at several lines) may be one node there: its time is shared out
      const part = other.tree.nodes[at]!.total / Math.max(1, countSamples(other, pair.after));
      beforeNs[at] = part * countSamples(one, pair.before) * one.sampleNs;
    }
    for (const child of pairChildren(pair, one, other)) if (child.after.length > 0) visit(child);
  };
  visit({ node: other.tree.nodes[0]!, path: [], before: [0], after: [0] });
  return { tree: other.tree, beforeNs, afterNs: other.tree.nodes.map(({ total }) => total * other.sampleNs) };
}

function countSamples({ tree }: Side, nodes: readonly number[]): number {
  return nodes.reduce((sum, at) => sum + tree.nodes[at]!.total, 0);
}

function readSide({ drill, activeNs, totalNs, outermostCalls }: FunctionStats): Side | null {
  if (!drill || drill.samples === 0 || outermostCalls === 0) return null;
  return { tree: foldRecursion(drill), sampleNs: (activeNs ?? totalNs) / drill.samples / outermostCalls };
}

/** What the target's own code takes, and what V8 had inlined into it. */
function measureOwn(one: Side, other: Side) {
  const [before, after] = [one.tree.nodes[0]!.self, other.tree.nodes[0]!.self];
  return {
    beforeNs: before * one.sampleNs,
    afterNs: after * other.sampleNs,
    errorNs: Math.hypot(Math.sqrt(before) * one.sampleNs, Math.sqrt(after) * other.sampleNs),
  };
}

/** Without the line, which differs between versions. */
function keyOf({ file, name }: DrillNodeStats): string {
  return `${file}\0${name}`;
}

/** The children of a branch on both sides. */
function pairChildren({ node, path, before, after }: Pair, one: Side, other: Side): Pair[] {
  const children = new Map<string, { node: DrillNodeStats; before: number[]; after: number[] }>();
  const add = (tree: DrillStats, parents: readonly number[], side: 'before' | 'after') => {
    for (const at of parents.flatMap((parent) => tree.nodes[parent]!.children)) {
      const child = tree.nodes[at]!;
      const key = keyOf(child);
      const known = children.get(key);
      if (known === undefined) {
        children.set(key, { node: child, before: [], after: [], [side]: [at] });
      } else known[side].push(at);
    }
  };
  // the newer side first: a function is named as it is called now
  add(other.tree, after, 'after');
  add(one.tree, before, 'before');
  const below = path.length === 0 && after[0] === 0 ? [] : [...path, node.name];
  return [...children.values()].map((child) => ({ ...child, path: below }));
}
