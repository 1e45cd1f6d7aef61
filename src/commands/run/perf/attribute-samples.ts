import type { DrillNode, PerfFunction, WindowsRecording } from '../../../runtime/contract.js';
import type { PerfFrame, PerfSample } from './parse-sample.js';

/** In place of the frames between the target and what ran, where stacks are cut off: glibc has no frame pointers. */
const UNKNOWN_CALLERS = '[callers unknown]';

/** The functions with which `runtime/record/calibrate.ts` calibrates. */
const OWN_FUNCTION = /^(?:measured|plain)\d+$/;

interface GrowingNode {
  readonly frame: Omit<PerfFrame, 'kind'>;
  self: number;
  total: number;
  readonly children: Map<string, GrowingNode>;
}

type Target = WindowsRecording['functions'][number];

interface Growing {
  readonly root: GrowingNode;
  readonly kinds: { js: number; native: number; kernel: number };
  readonly counters: Map<string, number>;
}

/**
 * Gives each sample to the targets that were running when it was taken, by their windows. By stacks alone half of the
 * samples would be missed.
 * @param event the event that makes trees; of all others only the sums are shown
 * @param ownFolder the folder of ttprof's own code
 */
export class SampleAttribution {
  readonly #threads = new Map<number, Target[]>();
  readonly #functions = new Map<string, Growing>();
  readonly #event: string;
  readonly #ownFolder: string;

  constructor(recordings: readonly WindowsRecording[], event: string, ownFolder: string) {
    this.#event = event;
    this.#ownFolder = ownFolder;
    for (const { tid, functions } of recordings)
      this.#threads.set(tid, [...(this.#threads.get(tid) ?? []), ...functions]);
  }

  add(sample: PerfSample): void {
    if (sample.frames.some((frame) => this.#isOwn(frame))) return;
    for (const target of this.#threads.get(sample.tid) ?? [])
      if (isWithin(target.windows, sample.timeNs)) this.#addTo(target, sample);
  }

  list(): PerfFunction[] {
    return [...this.#functions.values()].map(({ root, kinds, counters }) => ({
      ...root.frame,
      samples: root.total,
      ...kinds,
      counters: Object.fromEntries(counters),
      nodes: listNodes(root),
    }));
  }

  /** Is it code of ttprof, whose time is not the target's? Functions that calibrate are made from text: they have no file. */
  #isOwn({ kind, name, file }: PerfFrame): boolean {
    return file.startsWith(this.#ownFolder) || (kind === 'js' && file === '' && OWN_FUNCTION.test(name));
  }

  #addTo(target: Target, { event, period, frames }: PerfSample): void {
    const growing = this.#find(target);
    growing.counters.set(event, (growing.counters.get(event) ?? 0) + period);
    if (event !== this.#event) return;
    growing.kinds[frames[0]?.kind ?? 'native']++;
    let node = growing.root;
    node.total++;
    for (const frame of pathBelow(target, frames)) {
      node = childOf(node, frame);
      node.total++;
    }
    node.self++;
  }

  #find({ name, file, line }: Target): Growing {
    const key = `${file}\0${line}\0${name}`;
    let growing = this.#functions.get(key);
    if (growing === undefined) {
      const root = createNode({ name, file, line });
      growing = { root, kinds: { js: 0, native: 0, kernel: 0 }, counters: new Map() };
      this.#functions.set(key, growing);
    }
    return growing;
  }
}

/** @param windows a start and an end in ns for each, in time order */
function isWithin(windows: readonly number[], timeNs: number): boolean {
  let low = 0;
  let high = windows.length / 2;
  // the first window that ends after it
  while (low < high) {
    const middle = (low + high) >> 1;
    if (windows[2 * middle + 1]! < timeNs) low = middle + 1;
    else high = middle;
  }
  return low < windows.length / 2 && windows[2 * low]! <= timeNs;
}

/** The frames below the target, outermost first. */
function pathBelow(target: Target, frames: readonly PerfFrame[]): Omit<PerfFrame, 'kind'>[] {
  const isTarget = ({ kind, name, file, line }: PerfFrame) =>
    kind === 'js' && file === target.file && (line === target.line || name === lastName(target.name));
  // V8 may show one call by two frames, while it changes from one tier to the next
  const at = target.isRecursive ? frames.findLastIndex(isTarget) : frames.findIndex(isTarget);
  if (at !== -1) return frames.slice(0, at).reverse();
  const known = frames.slice(0, frames.findIndex(({ kind }) => kind === 'js') + 1);
  const innermost = known.length > 0 ? known : frames;
  const leaf = innermost[0];
  return leaf === undefined ? [] : [{ name: UNKNOWN_CALLERS, file: '', line: 0 }, leaf];
}

/** `C.m` is `m` to V8. */
function lastName(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('.'), name.lastIndexOf('#')) + 1);
}

function createNode({ name, file, line }: Omit<PerfFrame, 'kind'>): GrowingNode {
  return { frame: { name, file, line }, self: 0, total: 0, children: new Map() };
}

function childOf(node: GrowingNode, frame: Omit<PerfFrame, 'kind'>): GrowingNode {
  const key = `${frame.file}\0${frame.line}\0${frame.name}`;
  let child = node.children.get(key);
  if (child === undefined) node.children.set(key, (child = createNode(frame)));
  return child;
}

function listNodes(root: GrowingNode): DrillNode[] {
  const nodes: { -readonly [Key in keyof DrillNode]: DrillNode[Key] }[] = [];
  const list = ({ frame, self, total, children }: GrowingNode): number => {
    const index = nodes.length;
    nodes.push({ ...frame, self, total, children: [] });
    const sorted = [...children.values()].sort((a, b) => b.total - a.total);
    nodes[index]!.children = sorted.map(list);
    return index;
  };
  list(root);
  return nodes;
}
