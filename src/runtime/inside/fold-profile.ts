import { COLLECTOR, INLINED, type SiteAddress, type SiteDescription, type SourcePlace } from '../contract.js';
import type { CallFrame, Profile, ProfileNode } from './profile.js';
import { createTree, type GrowingTree, growBranch, MAX_DEPTH } from './tree.js';
import type { Windows } from './windows.js';

/** A function that is measured, and where its samples go. */
export interface DrilledSite {
  readonly site: SiteAddress;
  readonly description: SiteDescription & { readonly file: string };
}

/** Where a frame's function is in the sources. */
export type Locate = (frame: CallFrame) => SourcePlace & {
  /** Are lines of the running code lines of that source? */
  readonly holdsLines: boolean;
  /** Is it ttprof's own? */
  readonly isOwn: boolean;
};

/** How far apart two tools may see the line of one function (decorators, a line break after `async`). */
const LINE_TOLERANCE = 2;

/**
 * Adds a profile's samples to the trees of the functions in whose windows they lie, or on whose stack they are. Pure, but
 * for the trees.
 * @param toThreadNs from the profile's µs to the clock of the windows
 */
export function foldProfile(
  profile: Profile,
  windows: Windows,
  sites: readonly DrilledSite[],
  trees: Map<SiteAddress, GrowingTree>,
  locate: Locate,
  toThreadNs: (us: number) => number,
): void {
  const stacks = readStacks(profile, locate);
  const times = readTimes(profile, toThreadNs);
  const samples = profile.samples ?? [];
  for (const { site, description } of sites) {
    const inWindow = createCursor(windows.get(site) ?? []);
    const cuts = new Map<number, number>();
    let previous = 0;
    for (let i = 0; i < samples.length; i++) {
      const id = samples[i]!;
      const within = inWindow(times[i]!);
      const stack = stacks.get(id)!;
      const isCollection = stack[stack.length - 1]?.place.name === COLLECTOR;
      const base = isCollection && previous !== 0 ? stacks.get(previous)! : stack;
      const baseId = isCollection && previous !== 0 ? previous : id;
      if (!isCollection) previous = id;
      let cut = cuts.get(baseId);
      if (cut === undefined) cuts.set(baseId, (cut = findTarget(base, description)));
      if (!within && cut === -1) continue;
      // a collection between two calls is nobody's
      if (isCollection && !within) continue;
      addSample(base, cut, isCollection, description, site, trees);
    }
  }
}

interface Frame {
  readonly place: ReturnType<Locate>;
  readonly node: ProfileNode;
}

/** By node id, the frames from the outermost to its own. */
function readStacks(profile: Profile, locate: Locate): Map<number, Frame[]> {
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const stacks = new Map<number, Frame[]>();
  const visit = (id: number, above: readonly Frame[]): void => {
    const node = byId.get(id)!;
    const stack = [...above, { place: locate(node.callFrame), node }];
    stacks.set(id, stack);
    for (const child of node.children ?? []) visit(child, stack);
  };
  const [root] = profile.nodes;
  if (root !== undefined) for (const child of root.children ?? []) visit(child, []);
  if (root !== undefined) stacks.set(root.id, []);
  return stacks;
}

function readTimes({ startTime, timeDeltas = [] }: Profile, toThreadNs: (us: number) => number): number[] {
  let us = startTime;
  return timeDeltas.map((delta) => {
    us += delta;
    return toThreadNs(us);
  });
}

/** Tells of times that grow whether they are in a window. */
function createCursor(flat: readonly number[]): (ns: number) => boolean {
  const pairs: [number, number][] = [];
  for (let at = 0; at < flat.length; at += 2) pairs.push([flat[at]!, flat[at + 1]!]);
  pairs.sort((a, b) => a[0] - b[0]);
  let next = 0;
  return (ns) => {
    while (next < pairs.length && pairs[next]![1] < ns) next++;
    return next < pairs.length && pairs[next]![0] <= ns;
  };
}

/** @returns where on a stack the target's outermost frame is, -1 where it is not */
function findTarget(stack: readonly Frame[], target: DrilledSite['description']): number {
  const name = ownName(target.name);
  // of a built-in function a stand-in of ours runs
  if (!target.file.includes('/') && !target.file.includes('\\'))
    return stack.findLastIndex(({ place }) => place.isOwn);
  const isThere = ({ place }: Frame) => place.file === target.file && place.line === target.line;
  const isNamed = ({ place }: Frame) => ownName(place.name) === name;
  const exact = stack.findIndex((frame) => isThere(frame) && isNamed(frame));
  if (exact !== -1) return exact;
  const isUnnamed = name.startsWith('<anonymous>') || name === 'default';
  return stack.findIndex(
    (frame) =>
      (isThere(frame) && isUnnamed && frame.place.name === '' && !isModule(frame.node.callFrame)) ||
      (isNamed(frame) &&
        frame.place.file === target.file &&
        Math.abs(frame.place.line - target.line) <= LINE_TOLERANCE),
  );
}

/** The function that a module's text is to V8. */
function isModule({ lineNumber, columnNumber }: CallFrame): boolean {
  return lineNumber === 0 && columnNumber === 0;
}

/** `C.m#2` is `m` to V8. */
function ownName(qualified: string): string {
  const plain = qualified.replace(/#(get|set|\d+)$/, '');
  return plain.slice(plain.lastIndexOf('.') + 1);
}

function addSample(
  stack: readonly Frame[],
  cut: number,
  isCollection: boolean,
  { name, file, line }: DrilledSite['description'],
  site: SiteAddress,
  trees: Map<SiteAddress, GrowingTree>,
): void {
  const below = cut === -1 ? [] : stack.slice(cut + 1);
  // what measuring itself does
  if (below.some(({ place }) => place.isOwn)) return;
  let tree = trees.get(site);
  if (tree === undefined) trees.set(site, (tree = createTree({ name, file, line })));
  const leaf = stack[stack.length - 1];
  const path: SourcePlace[] = below.slice(0, MAX_DEPTH).map(({ place }) => place);
  if (cut === -1 && !isCollection)
    path.push({
      name: leaf?.place.file === '' && leaf.place.name.startsWith('(') ? leaf.place.name : INLINED,
      file: '',
      line: 0,
    });
  if (isCollection) path.push({ name: COLLECTOR, file: '', line: 0 });
  const branch = growBranch(tree, path);
  branch.self++;
  if (cut === -1 || isCollection || leaf === undefined || !leaf.place.holdsLines) return;
  const { positionTicks = [] } = leaf.node;
  const hits = positionTicks.reduce((sum, { ticks }) => sum + ticks, 0) || 1;
  for (const { line: at, ticks } of positionTicks)
    branch.lines.set(at, (branch.lines.get(at) ?? 0) + ticks / hits);
}
