import { HIGH_WORD, LOW_WORD, nowNs, toNs } from '../clock/clock.js';
import type { CallProbe, FrameAddress, SiteAddress, SiteIndex } from '../contract.js';
import { heap, heapWords, thread } from '../memory/arena.js';
import {
  ADDRESS_MASK,
  DEPTH,
  FRAME_DOUBLES,
  FRAME_SITE,
  FRAME_START,
  READING,
  SITE_SHIFT,
} from '../memory/layout.js';
import { frameStartNs } from '../record/account.js';
import { Call } from '../record/call.js';
import type { Probe } from '../record/recorder.js';
import { ownWord, stackBottom, topWord } from '../record/shadow-stack.js';

/*
 * When calls of each function ran in this thread. The sampler's stacks alone do not tell which samples are a target's:
 * before V8 of Node 26 a function that was inlined is not in them (of a small one 40 to 80 % of the samples are missed).
 * Loaded only under `--drill`.
 */

/** Outermost calls that follow each other within this are one window: hardly any sample is taken in so short a gap. */
const MERGED_GAP_NS = 50_000;
/**
 * After so many short calls, each soon after the last one, one in {@link NOTED_OF_SHORT} is noted and stands for all of
 * them: to note each would take a tenth of what they take.
 */
const SHORT_CALLS = 64;
const SHORT_NS = 2_000;
const SOON_NS = 5_000;
const NOTED_OF_SHORT = 8;
/** With more windows than this the samples are folded at once. */
const MAX_WINDOWS = 100_000;
/** How often the samples are folded, also in a program that never yields. */
export const FOLD_EVERY_NS = 60e9;
let foldEveryNs = FOLD_EVERY_NS;

/** Of each window its start and end on this thread's clock, and how much of it calls took, one after the other. */
export type Windows = Map<SiteAddress, number[]>;
export const NUMBERS_OF_WINDOW = 3;

/** The last window of a function, which the next call may extend. */
interface OpenWindow {
  startNs: number;
  busyNs: number;
  /** Its end as the two words of a reading; {@link NO_WORD} for `high` where `endNs` tells instead. */
  high: number;
  low: number;
  endNs: number;
  /** How many short calls there were in a row, and how many are not noted now. */
  shortCalls: number;
  unnoted: number;
}

const NO_WORD = -1;

function endOf({ high, low, endNs }: OpenWindow): number {
  return high === NO_WORD ? endNs : toNs(high >>> 0, low >>> 0);
}

let closed: Windows = new Map();
let closedCount = 0;
const open = new Map<SiteAddress, OpenWindow>();
let foldDueNs = Number.POSITIVE_INFINITY;
let fold: () => void = () => {};

/** @param callback is called from within calls, now and then; it takes the windows */
export function foldRegularly(callback: () => void, everyNs = FOLD_EVERY_NS): void {
  fold = callback;
  foldEveryNs = everyNs;
  foldDueNs = nowNs() + everyNs;
}

/** All windows up to now, calls that are running included; from now on others are noted. */
export function takeWindows(): Windows {
  const endNs = nowNs();
  foldDueNs = endNs + foldEveryNs;
  closedCount = 0;
  const seen = new Set<number>();
  for (let frame = stackBottom; frame < heapWords[topWord]!; frame += FRAME_DOUBLES) {
    const site = heap[frame + FRAME_SITE]! as SiteAddress;
    const startNs = frameStartNs(frame as FrameAddress);
    // a call that is only counted has no start
    if (seen.has(site) || !(startNs > 0 && startNs < endNs)) continue;
    seen.add(site);
    extend(openWindow(site), site, startNs, endNs);
  }
  for (const [site, window] of open) close(window, site);
  for (const window of open.values()) {
    window.startNs = window.endNs = Number.NEGATIVE_INFINITY;
    window.busyNs = 0;
    window.high = NO_WORD;
  }
  const windows = closed;
  closed = new Map();
  closedCount = 0;
  return windows;
}

function openWindow(site: SiteAddress): OpenWindow {
  let window = open.get(site);
  if (window === undefined) {
    const none = Number.NEGATIVE_INFINITY;
    window = { startNs: none, busyNs: 0, high: NO_WORD, low: 0, endNs: none, shortCalls: 0, unnoted: 0 };
    open.set(site, window);
  }
  return window;
}

function extend(window: OpenWindow, site: SiteAddress, startNs: number, endNs: number): void {
  if (startNs - endOf(window) > MERGED_GAP_NS) {
    close(window, site);
    window.startNs = startNs;
    window.busyNs = 0;
  }
  window.endNs = endNs;
  window.high = NO_WORD;
  window.shortCalls = 0;
  window.busyNs += endNs - startNs;
  if (endNs >= foldDueNs || closedCount > MAX_WINDOWS) fold();
}

function close(window: OpenWindow, site: SiteAddress): void {
  const { startNs, busyNs } = window;
  const endNs = endOf(window);
  if (endNs === Number.NEGATIVE_INFINITY) return;
  const windows = closed.get(site);
  if (windows === undefined) closed.set(site, [startNs, endNs, busyNs]);
  else windows.push(startNs, endNs, busyNs);
  closedCount++;
}

/** Where the clock's last reading lies, which was a call's end. */
const endHigh = 2 * (thread + READING) + HIGH_WORD;
const endLow = 2 * (thread + READING) + LOW_WORD;

/** A call of which each stretch in which its own code ran is a window. */
class NotedCall extends Call {
  #startNs = 0;

  override run(): void {
    this.#startNs = nowNs();
    super.run();
  }

  override stop(): void {
    const endNs = toNs(heapWords[endHigh]! >>> 0, heapWords[endLow]! >>> 0);
    super.stop();
    if (heapWords[2 * (this.site + DEPTH)] === 0)
      extend(openWindow(this.site), this.site, this.#startNs, endNs);
  }
}

/**
 * The class of probes that note when calls ran.
 * @param plain whether every call is timed, and nothing but that is measured: otherwise calls that can pause have no
 *   windows, and only their stacks tell
 */
export function noting(Base: typeof Probe, plain: boolean): typeof Probe {
  // see sample.ts for why these are made anew
  const words = heapWords;
  const gapNs = MERGED_GAP_NS;
  const shortCalls = SHORT_CALLS;
  const noted = NOTED_OF_SHORT;
  const lastHighWord = endHigh;
  const lastLowWord = endLow;
  const startHigh = 2 * FRAME_START + HIGH_WORD;
  const startLow = 2 * FRAME_START + LOW_WORD;

  return class NotingProbe extends Base {
    readonly #windows: OpenWindow[] = [];

    override exit(index: SiteIndex, token: number, value: unknown): void {
      const known = this.#windows[index];
      if (known !== undefined && known.unnoted > 0) {
        known.unnoted--;
        super.exit(index, token, value);
        return;
      }
      // due work, which `exit` may do, can use the frame
      const high = words[2 * token + startHigh]!;
      const low = words[2 * token + startLow]!;
      super.exit(index, token, value);
      const site = ((this.sites + (index << SITE_SHIFT)) & ADDRESS_MASK) as SiteAddress;
      if (token <= 0 || words[2 * (site + DEPTH)] !== 0) return;
      let window = known;
      if (window === undefined) window = this.#windows[index] = openWindow(site);
      const lastHigh = words[lastHighWord]!;
      const lastLow = words[lastLowWord]!;
      // nearly always; every four seconds the upper word is another
      if (high === window.high && high === lastHigh && (low - window.low) >>> 0 < gapNs) {
        const gap = (low - window.low) >>> 0;
        const ns = (lastLow - low) >>> 0;
        window.low = lastLow;
        if (window.shortCalls < shortCalls) {
          window.busyNs += ns;
          window.shortCalls = ns < SHORT_NS && gap < SOON_NS ? window.shortCalls + 1 : 0;
          return;
        }
        window.busyNs += noted * ns;
        if (ns < SHORT_NS) window.unnoted = noted - 1;
        else window.shortCalls = 0;
        return;
      }
      extend(window, site, toNs(high >>> 0, low >>> 0), toNs(lastHigh >>> 0, lastLow >>> 0));
      if (window.endNs === Number.NEGATIVE_INFINITY) return; // it was taken
      window.high = lastHigh;
      window.low = lastLow;
    }

    override start(index: SiteIndex): CallProbe {
      const site = (this.sites + (index << SITE_SHIFT)) as SiteAddress;
      // calls that are not recorded begin as usual
      if (!plain || heapWords[ownWord]! > this.ownDepth) return super.start(index);
      return new NotedCall().begin(site, 1);
    }
  };
}
