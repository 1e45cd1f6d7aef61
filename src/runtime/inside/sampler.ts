import { Session } from 'node:inspector';
import { nowNs, readClock } from '../clock/clock.js';
import { asOwnWork, type DrillTree, type SiteAddress } from '../contract.js';
import { heap, overwriteText, thread, writeText } from '../memory/arena.js';
import { LOST, THREAD_DRILL, THREAD_DRILL_BYTES } from '../memory/layout.js';
import { locateSites } from '../read/locate-sites.js';
import type { DrillTrees } from '../read/trees.js';
import { foldProfile } from './fold-profile.js';

import type { Profile } from './profile.js';
import type { Locate } from './read-profile.js';
import { type GrowingTree, listTree } from './tree.js';
import { FOLD_EVERY_NS, foldRegularly, takeWindows } from './windows.js';

export { noting } from './windows.js';

const NS_PER_US = 1_000;
const NS_PER_MS = 1_000_000;

// Captured: the program may replace them.
const { setInterval } = globalThis;
const { stringify } = JSON;

/** V8's sampler, in the thread that started it. */
export interface Sampler {
  /** Takes in what was sampled so far. To be called at the thread's end; nothing is sampled afterwards. Never throws. */
  finish(): void;
}

/**
 * Starts V8's sampler in this thread. What it meets is folded into a tree for each measured function about once a minute
 * and at the end, and left in the arena, where the main thread reads it.
 * @param locate where a frame's function is in the sources
 * @param keep is given what was sampled, uncut
 * @param foldEveryNs only for tests
 * @throws the inspector's error where Node forbids it (`--permission`)
 */
export function startSampler(
  intervalUs: number,
  locate: Locate,
  keep: ((profile: Profile) => void) | null = null,
  foldEveryNs = FOLD_EVERY_NS,
): Sampler {
  const session = new Session();
  session.connect();
  const trees = new Map<SiteAddress, GrowingTree>();
  const offsetNs = nowNs() - Number(readClock());
  const toThreadNs = (us: number) => us * NS_PER_US + offsetNs;
  let isRunning = true;

  const fold = () => {
    let profile: Profile | null = null;
    session.post('Profiler.stop', (error, result) => {
      if (error === null) profile = result.profile as Profile;
    });
    const windows = takeWindows();
    if (profile !== null) {
      keep?.(profile);
      foldProfile(profile, windows, locateSites(thread), trees, locate, toThreadNs);
    }
    leave(trees, intervalUs);
  };
  const restart = () =>
    asOwnWork(() => {
      if (!isRunning) return;
      const beganNs = nowNs();
      try {
        fold();
        session.post('Profiler.start');
      } catch {
        // the stack may be nearly full here: another time
      }
      // not charged to the calls that enclose it
      heap[thread + LOST]! += nowNs() - beganNs;
    });

  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: intervalUs });
  session.post('Profiler.start');
  foldRegularly(restart, foldEveryNs);
  setInterval(restart, foldEveryNs / NS_PER_MS).unref();
  return {
    finish() {
      if (!isRunning) return;
      try {
        asOwnWork(fold);
        session.disconnect();
      } catch {
        // what was folded before is there
      }
      isRunning = false;
    },
  };
}

/** Bytes that this thread's trees have in the arena. */
let room = 0;

function leave(trees: ReadonlyMap<SiteAddress, GrowingTree>, intervalUs: number): void {
  const bySite: Record<number, DrillTree> = {};
  for (const [site, tree] of trees) bySite[site] = listTree(tree, intervalUs);
  const left: DrillTrees = { intervalUs, bySite };
  const text = stringify(left);
  const length = overwriteText(heap[thread + THREAD_DRILL]!, room, text);
  if (length !== null) {
    heap[thread + THREAD_DRILL_BYTES] = length;
    return;
  }
  // with room to grow: what was written before is never given back
  const { address, bytes } = writeText(text.padEnd(2 * text.length));
  if (address === 0) return;
  room = bytes;
  heap[thread + THREAD_DRILL_BYTES] = bytes;
  heap[thread + THREAD_DRILL] = address;
}
