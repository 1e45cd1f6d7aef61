import type { DrillTree, SiteAddress, ThreadRecording } from '../contract.js';
import { heap, readText } from '../memory/arena.js';
import { THREAD_DRILL, THREAD_DRILL_BYTES } from '../memory/layout.js';

// Captured: the program may replace it.
const { parse: parseJson } = JSON;

/** What a thread's sampler left (see `inside/sampler.ts`). */
export interface DrillTrees {
  readonly intervalUs: number;
  /** By the addresses of their records. */
  readonly bySite: { readonly [site: number]: DrillTree };
}

/**
 * A thread's recording with the trees of its functions; as it is where nobody sampled.
 * @param thread the address of its record
 * @param located the recording's functions
 */
export function withTrees(
  thread: number,
  located: readonly { readonly site: SiteAddress }[],
  recording: ThreadRecording,
): ThreadRecording {
  const trees = readTrees(thread);
  if (trees === null) return recording;
  const none = { intervalUs: trees.intervalUs, samples: 0, nodes: [] };
  const functions = recording.functions.map((each, index) => ({
    ...each,
    drill: trees.bySite[located[index]!.site] ?? none,
  }));
  return { ...recording, functions };
}

function readTrees(thread: number): DrillTrees | null {
  const address = heap[thread + THREAD_DRILL]!;
  if (address === 0) return null;
  try {
    return parseJson(readText(address, heap[thread + THREAD_DRILL_BYTES]!)) as DrillTrees;
  } catch {
    return null; // a worker writes it at this moment
  }
}
