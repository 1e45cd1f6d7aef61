import { formatCount, formatCounted } from '../../../shared/text/format-count.js';
import { compareTrees } from '../../inside/compare-trees.js';
import { type FoldedNode, foldRecursion } from '../../inside/fold-recursion.js';
import type { DrillNodeStats, FunctionStats } from '../../model.js';
import { makeVisible } from './display-name.js';
import { formatPercent, formatTime } from './format-time.js';
import { shortenMiddle } from './text-width.js';

/** How many functions that only wildcards name have their trees shown: those with the most samples. */
const MAX_TREES_OF_WILDCARDS = 5;
/** Branches with a smaller share of the target's samples, or deeper ones, are folded into one line. */
const MIN_SHARE = 0.02;
const MAX_DEPTH = 40;
const MAX_NAME_COLUMNS = 60;
const NS_PER_US = 1_000;

/** The functions whose trees are shown, in their order. */
export function selectDrilled(functions: readonly FunctionStats[]): FunctionStats[] {
  const drilled = functions.filter(({ drill }) => drill && drill.samples > 0);
  const ofWildcards = drilled
    .filter(({ target }) => target.includes('*'))
    .sort((a, b) => b.drill!.samples - a.drill!.samples);
  const leftOut = new Set(ofWildcards.slice(MAX_TREES_OF_WILDCARDS));
  return drilled.filter((f) => !leftOut.has(f));
}

/** What ran inside a function, as lines of text: time and share of its samples, name, place and hottest line. */
export function describeTree({ name, drill, activeNs, totalNs }: FunctionStats): string[] {
  const { nodes, samples, intervalUs } = foldRecursion(drill!);
  // the exact time is shared out: on a busy machine V8 samples less often than it is told to
  const sampleNs = (activeNs ?? totalNs) / samples;
  const isDependency = nodes[0]!.dependency === true;
  const lines = [
    `inside ${makeVisible(name)}: ${formatCounted(samples, 'sample')}, one each ${formatTime(intervalUs * NS_PER_US)}`,
  ];
  const show = (total: number, indent: number, text: string) => {
    const time = formatTime(total * sampleNs).padStart(7);
    const share = `${((100 * total) / samples).toFixed(1)}%`.padStart(6);
    lines.push(`${time} ${share} ${'  '.repeat(indent)}${text}`);
  };
  const visit = (at: number, depth: number): void => {
    const node = nodes[at]!;
    show(node.total, depth, describeNode(node, samples));
    const folded = node.children.filter((child) => isFolded(node, nodes[child]!, depth));
    for (const child of node.children) if (!folded.includes(child)) visit(child, depth + 1);
    if (folded.length === 0) return;
    const total = folded.reduce((sum, child) => sum + nodes[child]!.total, 0);
    const count = folded.reduce((sum, child) => sum + countNodes(child), 0);
    if (total / samples >= MIN_SHARE / 4) show(total, depth + 1, `… ${formatCount(count)} more`);
  };
  const isFolded = (parent: DrillNodeStats, child: DrillNodeStats, depth: number) =>
    child.total < MIN_SHARE * samples ||
    depth >= MAX_DEPTH ||
    (!isDependency && parent.dependency === true && child.dependency === true);
  const countNodes = (at: number): number =>
    nodes[at]!.children.reduce((sum, child) => sum + countNodes(child), 1);
  visit(0, 0);
  return lines;
}

/** Which branches of two trees differ most for each call, as lines of text. */
export function describeChange(before: FunctionStats, after: FunctionStats): string[] {
  const change = compareTrees(before, after);
  if (change === null) return [];
  const { beforeNs, afterNs, branches } = change;
  const against = before.name === after.name ? '' : ` against ${makeVisible(before.name)}`;
  const title = `what changed in ${makeVisible(after.name)}${against}: ${formatTime(beforeNs)} → ${formatTime(afterNs)} a call`;
  if (branches.length === 0) return [title, 'no branch by more than the noise of the samples'];
  return [
    title,
    ...branches.map(({ node, path, beforeNs: from, afterNs: to, share }) => {
      const part = share === null ? '' : `${formatPercent(100 * share).padStart(7)} of the change  `;
      const below = path.length === 0 ? '' : ` (in ${makeVisible(path.at(-1)!)})`;
      const times = `${formatTime(from).padStart(6)} → ${formatTime(to).padStart(6)}`;
      return `${times}  ${part}${makeVisible(nameOf(node))}${placeOf(node)}${below}`;
    }),
  ];
}

function describeNode(node: FoldedNode, samples: number): string {
  // V8 names a regular expression by its text
  const name = makeVisible(shortenMiddle(nameOf(node), MAX_NAME_COLUMNS));
  const self =
    node.children.length > 0 && node.self > 0 ? `, self ${((100 * node.self) / samples).toFixed(1)}%` : '';
  const hot =
    node.hotLine !== undefined && node.hotLine !== node.line ? `, most in line ${node.hotLine}` : '';
  return `${name}${placeOf(node)}${node.recursive === true ? ', recursive' : ''}${self}${hot}`;
}

type NodePlace = Pick<DrillNodeStats, 'name' | 'file' | 'line'>;

function nameOf({ name }: NodePlace): string {
  return name === '' ? '(anonymous)' : name;
}

function placeOf({ file, line }: NodePlace): string {
  return file === '' ? '' : ` ${makeVisible(file)}${line > 0 ? `:${line}` : ''}`;
}
