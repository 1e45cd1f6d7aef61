import { pathToFileURL } from 'node:url';
import type { CallFrame, Profile, ProfileNode } from './profile.js';
import type { Locate } from './read-profile.js';

/** Samples that were taken one after the other, joined to one profile. */
export interface WholeProfile {
  add(profile: Profile): void;
  /** Null where nothing was added. */
  read(): Profile | null;
}

type OpenNode = Omit<ProfileNode, 'children' | 'hitCount' | 'positionTicks'> & {
  readonly children: number[];
  hitCount: number;
  readonly ticks: Map<number, number>;
};

/**
 * Joins profiles of one thread, none of their samples left out. Functions are named as in their sources.
 * @param locate where a frame's function is in the sources
 */
export function createWholeProfile(locate: Locate): WholeProfile {
  const nodes: OpenNode[] = [];
  const byPath = new Map<string, OpenNode>();
  const samples: number[] = [];
  const timeDeltas: number[] = [];
  let startTime: number | null = null;
  let lastTime = 0;
  let endTime = 0;

  function open(parent: OpenNode | null, frame: CallFrame): OpenNode {
    const place = locate(frame);
    const key = `${parent?.id ?? 0}\0${place.file}\0${place.line}\0${place.column}\0${place.name}\0${frame.scriptId}`;
    let node = byPath.get(key);
    if (node === undefined) {
      const callFrame = {
        functionName: place.name,
        scriptId: frame.scriptId,
        url: urlOf(place.file),
        // what is V8's own has no place
        lineNumber: frame.url === '' ? frame.lineNumber : place.line - 1,
        columnNumber: frame.url === '' ? frame.columnNumber : place.column - 1,
      };
      node = { id: nodes.length + 1, callFrame, children: [], hitCount: 0, ticks: new Map() };
      nodes.push(node);
      byPath.set(key, node);
      parent?.children.push(node.id);
    }
    return node;
  }

  return {
    add(profile) {
      const ids = new Map<number, number>();
      const byId = new Map(profile.nodes.map((node) => [node.id, node]));
      const visit = (id: number, parent: OpenNode | null): void => {
        const node = byId.get(id)!;
        const joined = open(parent, node.callFrame);
        ids.set(id, joined.id);
        joined.hitCount += node.hitCount ?? 0;
        const place = locate(node.callFrame);
        for (const { line, ticks } of node.positionTicks ?? []) {
          const at = place.sourceLine(line);
          if (at !== null) joined.ticks.set(at, (joined.ticks.get(at) ?? 0) + ticks);
        }
        for (const child of node.children ?? []) visit(child, joined);
      };
      if (profile.nodes.length === 0) return;
      visit(profile.nodes[0]!.id, null);
      startTime ??= lastTime = profile.startTime;
      let time = profile.startTime;
      for (const [index, id] of (profile.samples ?? []).entries()) {
        time += profile.timeDeltas?.[index] ?? 0;
        samples.push(ids.get(id)!);
        timeDeltas.push(time - lastTime);
        lastTime = time;
      }
      endTime = profile.endTime;
    },
    read() {
      if (startTime === null) return null;
      const listed = nodes.map(({ ticks, ...node }) => ({
        ...node,
        ...(ticks.size > 0 && {
          positionTicks: [...ticks].map(([line, count]) => ({ line, ticks: count })),
        }),
      }));
      return { nodes: listed, startTime, endTime, samples, timeDeltas };
    },
  };
}

function urlOf(file: string): string {
  return /^(?:\/|[A-Za-z]:[\\/])/.test(file) ? pathToFileURL(file).href : file;
}
