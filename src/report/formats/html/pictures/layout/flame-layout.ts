import type { FoldedTree } from '../../../../inside/fold-recursion.js';

/** A function in a flame graph; places are parts of the whole width. */
export interface PlacedFrame {
  /** Index of its node. */
  readonly node: number;
  readonly start: number;
  readonly size: number;
  /** 0: the target. */
  readonly depth: number;
}

/** Frames of a smaller part of the width are less than a pixel wide. */
const MIN_SIZE = 0.001;
/** Deeper frames would make a picture that nobody scrolls through. */
const MAX_DEPTH = 48;

/**
 * Each function as wide as its time, below it what it called, by name: the same functions stand in the same order in two
 * pictures. Its own time is the room that is left at the right. Pure.
 */
export function layOutFlame({ nodes }: FoldedTree): PlacedFrame[] {
  const frames: PlacedFrame[] = [];
  const whole = nodes[0]?.total ?? 0;
  if (whole === 0) return frames;
  const place = (at: number, start: number, depth: number): void => {
    const node = nodes[at]!;
    const size = node.total / whole;
    if (size < MIN_SIZE || depth > MAX_DEPTH) return;
    frames.push({ node: at, start, size, depth });
    let next = start;
    const children = [...node.children].sort((a, b) => compareNames(nodes[a]!, nodes[b]!));
    for (const child of children) {
      place(child, next, depth + 1);
      next += nodes[child]!.total / whole;
    }
  };
  place(0, 0, 0);
  return frames;
}

interface Named {
  readonly name: string;
  readonly file: string;
}

/** By code units, not by locale: the same order on every machine. */
function compareNames(a: Named, b: Named): number {
  const [left, right] = [`${a.name}\0${a.file}`, `${b.name}\0${b.file}`];
  return left < right ? -1 : left > right ? 1 : 0;
}
