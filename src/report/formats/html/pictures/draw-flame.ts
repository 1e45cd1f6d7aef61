import type { FoldedNode, FoldedTree } from '../../../inside/fold-recursion.js';
import { html, type Markup } from '../markup.js';
import { showDuration, showPercent, showShare } from '../numbers.js';
import { layOutFlame, type PlacedFrame } from './layout/flame-layout.js';

const ROW_PX = 21;
const GAP_PX = 1;
/** Frames of a smaller part of the width show no text: it would be a letter or two. */
const MIN_TEXT_SIZE = 0.035;

/** What the frames of a difference took of a call before; by index of the node. */
export interface Change {
  readonly beforeNs: readonly number[];
  readonly afterNs: readonly number[];
}

/** Changes of less than these parts of a call look the same, a little, or much different. */
const CHANGE_STEPS = [0.01, 0.05, 0.2];

/**
 * What ran inside a function, as a flame graph. Without a script it is a picture; with it, frames are reached by keyboard
 * and zoomed into.
 * @param title what a screen reader says of the picture
 * @param sampleNs the time that a sample stands for
 */
export function drawFlame(tree: FoldedTree, title: string, sampleNs: number, change: Change | null): Markup {
  const frames = layOutFlame(tree);
  const deepest = frames.reduce((most, { depth }) => Math.max(most, depth), 0);
  return html`<svg class="flame" role="img" width="100%" height="${(deepest + 1) * ROW_PX}"><title>${title}</title>${frames.map(
    (frame) => drawFrame(frame, tree, sampleNs, change),
  )}</svg>`;
}

function drawFrame(
  { node: at, start, size, depth }: PlacedFrame,
  tree: FoldedTree,
  sampleNs: number,
  change: Change | null,
): Markup {
  const node = tree.nodes[at]!;
  const changed = change === null ? null : describeChange(change, at);
  const look = changed === null ? kindOf(node) : changed.look;
  const name = showNodeName(node);
  const text = changed === null ? name : `${name} ${changed.percent}`;
  const self =
    node.self > 0 && node.self < node.total ? `, itself ${showShare(node.self / tree.samples)}` : '';
  const numbers =
    changed === null
      ? `${showDuration(node.total * sampleNs)}, ${showShare(node.total / tree.samples)}${self}`
      : changed.numbers;
  return html`<svg class="frame ${look}${size < MIN_TEXT_SIZE ? ' thin' : ''}" x="${percentOf(start)}" y="${depth * ROW_PX}" width="${percentOf(size)}" height="${ROW_PX - GAP_PX}" data-start="${precise(start)}" data-size="${precise(size)}" data-depth="${depth}"><title>${text}${describePlace(node)}: ${numbers}</title><rect width="100%" height="100%"/><text x="5" y="14.5">${text}</text></svg>`;
}

/** What follows the name of a function. */
export function describePlace(node: FoldedNode): string {
  const place = node.file === '' ? '' : `, ${node.file}${node.line > 0 ? `:${node.line}` : ''}`;
  return `${node.recursive === true ? ', recursive' : ''}${place}`;
}

export function showNodeName({ name }: FoldedNode): string {
  return name === '' ? '(anonymous)' : name;
}

function kindOf({ file, dependency }: FoldedNode): string {
  if (dependency === true) return 'package';
  return file === '' || file.startsWith('node:') ? 'platform' : 'own';
}

function describeChange({ beforeNs, afterNs }: Change, at: number) {
  const [before, after] = [beforeNs[at]!, afterNs[at]!];
  const part = (after - before) / (beforeNs[0]! || 1);
  const step = CHANGE_STEPS.findLastIndex((least) => Math.abs(part) >= least);
  const look = step === -1 ? 'equal' : `${part > 0 ? 'slower' : 'faster'} step${step}`;
  const percent = showPercent(100 * part);
  return {
    look,
    percent,
    numbers: `${showDuration(before)} a call before, ${showDuration(after)} now, ${percent} of a call`,
  };
}

function percentOf(part: number): string {
  return `${precise(100 * part)}%`;
}

function precise(value: number): number {
  return Number(value.toFixed(5));
}
