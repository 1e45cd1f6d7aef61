import { nowNs, readClock } from '../clock/clock.js';
import type { SiteAddress, WindowsRecording } from '../contract.js';
import { heap, thread } from '../memory/arena.js';
import { NESTED } from '../memory/layout.js';
import { locateSites } from '../read/locate-sites.js';
import { foldRegularly, NUMBERS_OF_WINDOW, takeWindows } from './windows.js';

export { noting } from './windows.js';

/** How many numbers are kept at the most: 16 MB. */
const MAX_NUMBERS = 2_000_000;

/** When calls of this thread's functions ran, all of them. */
export interface KeptWindows {
  /** What there is up to now, without the numbers of process and thread. */
  take(): Omit<WindowsRecording, 'pid' | 'tid'>;
}

/** Keeps the windows of all calls from now on, for `--perf`. */
export function keepWindows(): KeptWindows {
  /** How far the thread's clock is behind the monotonic one. */
  const offsetNs = Number(readClock()) - nowNs();
  const kept = new Map<SiteAddress, number[]>();
  let numbers = 0;
  const keep = (): void => {
    for (const [site, windows] of takeWindows()) {
      let own = kept.get(site);
      if (own === undefined) kept.set(site, (own = []));
      for (let at = 0; at < windows.length && numbers < MAX_NUMBERS; at += NUMBERS_OF_WINDOW) {
        own.push(windows[at]! + offsetNs, windows[at + 1]! + offsetNs);
        numbers += 2;
      }
    }
  };
  foldRegularly(keep);
  return {
    take() {
      keep();
      const functions = locateSites(thread).flatMap(({ site, description: { name, file, line } }) => {
        const windows = kept.get(site);
        return windows === undefined
          ? []
          : [{ name, file, line, windows, isRecursive: heap[site + NESTED]! > 0 }];
      });
      return { functions, isComplete: numbers < MAX_NUMBERS };
    },
  };
}
