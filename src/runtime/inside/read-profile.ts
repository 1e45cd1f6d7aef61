import * as math from '../captured-math.js';
import { COLLECTOR, type SourcePlace } from '../contract.js';
import type { CallFrame, Profile, ProfileNode } from './profile.js';

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

/** A function on the stack, below those that called it; of V8's tree one node. */
export interface StackFrame {
  /** Which of all, callers before their callees. */
  readonly index: number;
  /** 1 of the outermost. */
  readonly depth: number;
  readonly caller: StackFrame | null;
  readonly place: ReturnType<Locate>;
  readonly node: ProfileNode;
}

/** A collection is part of what ran before it. */
export interface Sample {
  /** The innermost frame; null where nothing ran. */
  readonly frame: StackFrame | null;
  readonly isCollection: boolean;
  /** On the clock of the windows. */
  readonly ns: number;
}

/** What V8's sampler saw. */
export interface Sampled {
  readonly frames: readonly StackFrame[];
  readonly samples: readonly Sample[];
}

/** @param toThreadNs from the profile's µs to the clock of the windows */
export function readProfile(profile: Profile, locate: Locate, toThreadNs: (us: number) => number): Sampled {
  const frames = readFrames(profile, locate);
  const byId = new Map(frames.map((frame) => [frame.node.id, frame]));
  const { samples: ids = [], startTime, timeDeltas = [] } = profile;
  const isTick = findTicks(profile);
  const samples: Sample[] = [];
  let us = startTime;
  let before: StackFrame | null = null;
  for (let i = 0; i < ids.length; i++) {
    us += timeDeltas[i]!;
    let frame = byId.get(ids[i]!) ?? null;
    const isCollection = frame?.place.name === COLLECTOR;
    if (!isCollection) before = frame;
    else frame = before ?? frame;
    if (isTick[i]) samples.push({ frame, isCollection, ns: toThreadNs(us) });
  }
  return { frames, samples };
}

/** All but V8's root, which is no function. */
function readFrames({ nodes }: Profile, locate: Locate): StackFrame[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const frames: StackFrame[] = [];
  const visit = (id: number, caller: StackFrame | null): void => {
    const node = byId.get(id)!;
    const depth = (caller?.depth ?? 0) + 1;
    const frame = { index: frames.length, depth, caller, place: locate(node.callFrame), node };
    frames.push(frame);
    for (const child of node.children ?? []) visit(child, frame);
  };
  for (const child of nodes[0]?.children ?? []) visit(child, null);
  return frames;
}

/**
 * Which samples count. V8 also looks at the stack where it gives up optimised code, and lists what it saw among the
 * samples, but does not count it as a hit of its node: for a function that is optimised anew in each call, that is two
 * samples of three.
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
