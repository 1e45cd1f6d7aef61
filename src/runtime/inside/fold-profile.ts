import * as math from '../captured-math.js';
import { COLLECTOR, INLINED, type SiteAddress, type SiteDescription, type SourcePlace } from '../contract.js';
import type { CallFrame, Profile, ProfileNode } from './profile.js';
import { createTree, type GrowingTree, growBranch, MAX_DEPTH } from './tree.js';
import { NUMBERS_OF_WINDOW, type Windows } from './windows.js';

/** A function that is measured, and where its samples go. */
export interface DrilledSite {
  readonly site: SiteAddress;
  readonly description: SiteDescription & { readonly file: string };
}

/** Where a frame's function is in the sources. */
export type Locate = (frame: CallFrame) => SourcePlace & {
  /** In that source, 1-based. */
  readonly column: number;
  /** The line in that source of one in the running code, both 1-based; null where nobody knows. */
  readonly sourceLine: (line: number) => number | null;
  /** Its name in the running code, which a bundler may have made shorter. */
  readonly runningName: string;
  /** Is it ttprof's own? */
  readonly isOwn: boolean;
};

/** How far apart two tools may see the line of one function (decorators, a line break after `async`). */
const LINE_TOLERANCE = 2;
/** Stands for the file of what is ttprof's own. */
const OWN = '(ttprof)';

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
  const isTick = findTicks(profile);
  const times = readTimes(profile, toThreadNs).filter((_, i) => isTick[i]);
  const samples = readSamples(profile, stacks).filter((_, i) => isTick[i]);
  const places = groupByFile(stacks);
  for (const { site, description } of sites) {
    const targets = findPlaces(places, description);
    const ran = windows.get(site);
    // most of what a wildcard names did not run
    if (ran === undefined && targets.size === 0) continue;
    const cuts = new Map<number, number>();
    const cutOf = (id: number): number => {
      let cut = cuts.get(id);
      if (cut === undefined)
        cuts.set(id, (cut = stacks.get(id)!.findIndex(({ place }) => targets.has(place))));
      return cut;
    };
    const isKept = keepByShare(sharesOf(times, ran ?? []), samples, cutOf);
    for (const [i, { id, isCollection }] of samples.entries())
      if (isKept(i)) addSample(stacks.get(id)!, cutOf(id), isCollection, description, site, trees);
  }
}

interface Frame {
  readonly place: ReturnType<Locate>;
  readonly node: ProfileNode;
}

/** A collection is part of what ran before it. */
interface Sample {
  readonly id: number;
  readonly isCollection: boolean;
}

function readSamples({ samples = [] }: Profile, stacks: ReadonlyMap<number, readonly Frame[]>): Sample[] {
  let before = 0;
  return samples.map((id) => {
    const isCollection = stacks.get(id)!.at(-1)?.place.name === COLLECTOR;
    if (!isCollection) before = id;
    return { id: isCollection && before !== 0 ? before : id, isCollection };
  });
}

/**
 * Which samples count. V8 also looks at the stack where it gives up optimised code, and lists what it saw among the
 * samples, but does not count it as a hit of its node: of a function that is optimised anew in each call two of three.
 */
function findTicks({ samples = [], nodes }: Profile): boolean[] {
  const listed = new Map<number, number>();
  for (const id of samples) listed.set(id, (listed.get(id) ?? 0) + 1);
  const shares = new Map(nodes.map(({ id, hitCount }) => [id, (hitCount ?? 1) / (listed.get(id) ?? 1)]));
  if (nodes.every(({ hitCount }) => hitCount === undefined)) return samples.map(() => true);
  const due = new Map<number, number>();
  return samples.map((id) => {
    const share = (due.get(id) ?? 0.5) + math.min(1, shares.get(id) ?? 1);
    due.set(id, share >= 1 ? share - 1 : share);
    return share >= 1;
  });
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

/**
 * The share of each moment in which a function ran: 0 outside of its windows, less than 1 in a window of several short
 * calls.
 */
function sharesOf(times: readonly number[], flat: readonly number[]): number[] {
  const windows: { startNs: number; endNs: number; share: number }[] = [];
  for (let at = 0; at < flat.length; at += NUMBERS_OF_WINDOW) {
    const [startNs, endNs, busyNs] = [flat[at]!, flat[at + 1]!, flat[at + 2]!];
    windows.push({ startNs, endNs, share: math.min(1, busyNs / (endNs - startNs || 1)) });
  }
  windows.sort((a, b) => a.startNs - b.startNs);
  let next = 0;
  return times.map((ns) => {
    while (next < windows.length && windows[next]!.endNs < ns) next++;
    const window = windows[next];
    return window !== undefined && window.startNs <= ns ? window.share : 0;
  });
}

/**
 * Which samples are a function's: those with it on their stack, and of the others in its windows as many as it ran
 * there according to the clock.
 */
function keepByShare(
  shares: readonly number[],
  samples: readonly Sample[],
  cutOf: (id: number) => number,
): (index: number) => boolean {
  let expected = 0;
  let seen = 0;
  let unseenShare = 0;
  for (const [i, { id }] of samples.entries()) {
    const share = shares[i]!;
    if (share === 0) continue;
    expected += share;
    if (cutOf(id) !== -1) seen++;
    else unseenShare += share;
  }
  const factor = unseenShare === 0 ? 0 : math.max(0, expected - seen) / unseenShare;
  let due = 0.5;
  return (i) => {
    const { id, isCollection } = samples[i]!;
    const share = shares[i]!;
    // a collection between two calls is nobody's
    if (cutOf(id) !== -1) return !isCollection || share > 0;
    due += share * factor;
    if (due < 1) return false;
    due -= 1;
    return true;
  };
}

type Places = ReadonlyMap<string, ReadonlyMap<Frame['place'], CallFrame>>;

function groupByFile(stacks: ReadonlyMap<number, readonly Frame[]>): Places {
  const files = new Map<string, Map<Frame['place'], CallFrame>>();
  for (const stack of stacks.values()) {
    const last = stack.at(-1);
    if (last === undefined) continue;
    const file = last.place.isOwn ? OWN : last.place.file;
    let places = files.get(file);
    if (places === undefined) files.set(file, (places = new Map()));
    places.set(last.place, last.node.callFrame);
  }
  return files;
}

/** What of a profile is the target. */
function findPlaces(files: Places, target: DrilledSite['description']): Set<Frame['place']> {
  const name = ownName(target.name);
  // of a built-in function a stand-in of ours runs
  if (!/[\\/]/.test(target.file)) return new Set(files.get(OWN)?.keys());
  const places = [...(files.get(target.file) ?? [])];
  // where a minifier renamed it, the target has the name of its source
  const isNamed = (place: Frame['place']) =>
    ownName(place.runningName) === name || ownName(place.name) === name;
  const found = (isIt: (place: Frame['place'], frame: CallFrame) => boolean) =>
    new Set(places.filter(([place, frame]) => isIt(place, frame)).map(([place]) => place));
  const exact = found((place) => place.line === target.line && isNamed(place));
  if (exact.size > 0) return exact;
  const isUnnamed = name.startsWith('<anonymous>') || name === 'default';
  return found(
    (place, frame) =>
      (isUnnamed && place.line === target.line && place.runningName === '' && !isModule(frame)) ||
      (isNamed(place) && math.abs(place.line - target.line) <= LINE_TOLERANCE),
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
  if (cut === -1 || isCollection || leaf === undefined) return;
  const { positionTicks = [] } = leaf.node;
  const hits = positionTicks.reduce((sum, { ticks }) => sum + ticks, 0) || 1;
  for (const { line: running, ticks } of positionTicks) {
    const at = leaf.place.sourceLine(running);
    if (at !== null) branch.lines.set(at, (branch.lines.get(at) ?? 0) + ticks / hits);
  }
}
