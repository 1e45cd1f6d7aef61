import * as math from '../captured-math.js';
import { COLLECTOR, INLINED, type SiteAddress, type SourcePlace } from '../contract.js';
import type { LocatedSite } from '../read/locate-sites.js';
import type { CallFrame, Profile } from './profile.js';
import { type Locate, readProfile, type Sample, type StackFrame } from './read-profile.js';
import { type Branch, createTree, type GrowingTree, growBranch, MAX_DEPTH } from './tree.js';
import { NUMBERS_OF_WINDOW, type Windows } from './windows.js';

/** How far apart two tools may see the line of one function (decorators, a line break after `async`). */
const LINE_TOLERANCE = 2;
/** Stands for the file of what is ttprof's own. */
const OWN = '(ttprof)';

/**
 * Adds a profile's samples to the trees of the functions that are on their stacks, or in whose windows they lie. Changes
 * nothing but the trees.
 * @param toThreadNs from the profile's µs to the clock of the windows
 */
export function foldProfile(
  profile: Profile,
  windows: Windows,
  sites: readonly LocatedSite[],
  trees: Map<SiteAddress, GrowingTree>,
  locate: Locate,
  toThreadNs: (us: number) => number,
): void {
  const { frames, samples } = readProfile(profile, locate, toThreadNs);
  const places = groupByFile(frames);
  for (const { site, description } of sites) {
    const targets = findPlaces(places, description);
    const ran = windows.get(site);
    // most of what a wildcard names did not run
    if (ran === undefined && targets.size === 0) continue;
    const cuts = cutFrames(frames, targets);
    const counts = countKept(samples, sharesOf(samples, ran ?? []), cuts);
    if (counts.size === 0) continue;
    let tree = trees.get(site);
    if (tree === undefined) {
      const { name, file, line } = description;
      tree = createTree({ name, file, line });
    }
    if (addToTree(tree, counts, cuts)) trees.set(site, tree);
  }
}

/** By a frame's index, the outermost frame of a target on its stack. */
type Cuts = readonly (StackFrame | null)[];

function cutFrames(frames: readonly StackFrame[], targets: ReadonlySet<Place>): Cuts {
  const cuts: (StackFrame | null)[] = [];
  for (const frame of frames) {
    const above = frame.caller === null ? null : cuts[frame.caller.index]!;
    cuts.push(above ?? (targets.has(frame.place) ? frame : null));
  }
  return cuts;
}

const cutOf = (cuts: Cuts, frame: StackFrame | null) => (frame === null ? null : cuts[frame.index]!);

/**
 * The share of each moment in which a function ran: 0 outside of its windows, less than 1 in a window of several short
 * calls.
 */
function sharesOf(samples: readonly Sample[], flat: readonly number[]): number[] {
  const windows: { startNs: number; endNs: number; share: number }[] = [];
  for (let at = 0; at < flat.length; at += NUMBERS_OF_WINDOW) {
    const [startNs, endNs, busyNs] = [flat[at]!, flat[at + 1]!, flat[at + 2]!];
    windows.push({ startNs, endNs, share: math.min(1, busyNs / (endNs - startNs || 1)) });
  }
  windows.sort((a, b) => a.startNs - b.startNs);
  let next = 0;
  return samples.map(({ ns }) => {
    while (next < windows.length && windows[next]!.endNs < ns) next++;
    const window = windows[next];
    return window !== undefined && window.startNs <= ns ? window.share : 0;
  });
}

/** How many samples a frame has. */
interface Count {
  running: number;
  collecting: number;
}

/**
 * Counts a function's samples by their innermost frames: those with it on their stack, and of the others in its windows
 * as many as it ran there according to the clock.
 */
function countKept(
  samples: readonly Sample[],
  shares: readonly number[],
  cuts: Cuts,
): Map<StackFrame | null, Count> {
  let expected = 0;
  let seen = 0;
  let unseenShare = 0;
  for (const [i, { frame }] of samples.entries()) {
    const share = shares[i]!;
    if (share === 0) continue;
    expected += share;
    if (cutOf(cuts, frame) !== null) seen++;
    else unseenShare += share;
  }
  const factor = unseenShare === 0 ? 0 : math.max(0, expected - seen) / unseenShare;
  const counts = new Map<StackFrame | null, Count>();
  let due = 0.5;
  for (const [i, { frame, isCollection }] of samples.entries()) {
    const share = shares[i]!;
    if (cutOf(cuts, frame) === null) {
      due += share * factor;
      if (due < 1) continue;
      due -= 1;
    } else if (isCollection && share === 0) continue; // a collection between two calls is nobody's
    let count = counts.get(frame);
    if (count === undefined) counts.set(frame, (count = { running: 0, collecting: 0 }));
    if (isCollection) count.collecting++;
    else count.running++;
  }
  return counts;
}

type Place = StackFrame['place'];
type Places = ReadonlyMap<string, ReadonlyMap<Place, CallFrame>>;

function groupByFile(frames: readonly StackFrame[]): Places {
  const files = new Map<string, Map<Place, CallFrame>>();
  for (const { place, node } of frames) {
    const file = place.isOwn ? OWN : place.file;
    let places = files.get(file);
    if (places === undefined) files.set(file, (places = new Map()));
    places.set(place, node.callFrame);
  }
  return files;
}

/** The places in a profile that are the target. */
function findPlaces(files: Places, target: LocatedSite['description']): Set<Place> {
  const name = ownName(target.name);
  // in the place of a built-in function a stand-in of ours runs
  if (!/[\\/]/.test(target.file)) return new Set(files.get(OWN)?.keys());
  const places = [...(files.get(target.file) ?? [])];
  // where a minifier renamed it, the target has the name of its source
  const isNamed = (place: Place) => ownName(place.runningName) === name || ownName(place.name) === name;
  const found = (isIt: (place: Place, frame: CallFrame) => boolean) =>
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

/** @returns whether there was anything that is not ttprof's own */
function addToTree(tree: GrowingTree, counts: ReadonlyMap<StackFrame | null, Count>, cuts: Cuts): boolean {
  const branches = new Map<StackFrame, Branch | null>();
  /** Null for what measuring itself does. */
  const branchOf = (frame: StackFrame, cut: StackFrame): Branch | null => {
    if (frame === cut) return tree.root;
    let branch = branches.get(frame);
    if (branch !== undefined) return branch;
    const above = branchOf(frame.caller!, cut);
    if (above === null || frame.place.isOwn) branch = null;
    else branch = frame.depth - cut.depth > MAX_DEPTH ? above : growBranch(tree, above, frame.place);
    branches.set(frame, branch);
    return branch;
  };
  let isAdded = false;
  for (const [frame, { running, collecting }] of counts) {
    const cut = cutOf(cuts, frame);
    const branch = frame === null || cut === null ? tree.root : branchOf(frame, cut);
    if (branch === null) continue;
    isAdded = true;
    if (collecting > 0) growBranch(tree, branch, inV8(COLLECTOR)).self += collecting;
    if (running === 0) continue;
    if (frame === null || cut === null) {
      growBranch(tree, branch, inV8(nameUnseen(frame))).self += running;
      continue;
    }
    branch.self += running;
    addLines(branch, frame, running);
  }
  return isAdded;
}

const inV8 = (name: string): SourcePlace => ({ name, file: '', line: 0 });

/** Names what ran while a target did that is not on the stack: V8's `(program)`, or a function with the target inlined. */
function nameUnseen(frame: StackFrame | null): string {
  return frame?.place.file === '' && frame.place.name.startsWith('(') ? frame.place.name : INLINED;
}

function addLines(
  { lines }: Branch,
  { node: { positionTicks = [] }, place }: StackFrame,
  samples: number,
): void {
  const hits = positionTicks.reduce((sum, { ticks }) => sum + ticks, 0) || 1;
  for (const { line, ticks } of positionTicks) {
    const at = place.sourceLine(line);
    if (at !== null) lines.set(at, (lines.get(at) ?? 0) + (samples * ticks) / hits);
  }
}
