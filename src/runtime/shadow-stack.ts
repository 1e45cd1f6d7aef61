import { DEPTH, ERRORS, NESTED, OUTERMOST } from './layout.js';
import type { Site } from './site.js';

// The frames of the measured calls that are running in this thread, innermost last, in one array of doubles:
// a header, then FRAME_DOUBLES for each.

/** Ns by which measuring has lengthened this thread's measured calls so far. */
export const LOST = 0;
/** Ns spent so far in measured calls that have ended (a running total; see the essay in recorder.ts). */
export const SPENT = 1;
/** What a measured call adds to its own duration, and to the time of whatever encloses it (its own included). */
export const INNER = 2;
export const OUTER = 3;
/** Under `--sample`: what a call that is only counted adds to the time of whatever encloses it. */
export const COUNTED = 4;
/** Where the first frame lies. */
export const BOTTOM = 8;

export const FRAME_START = 0;
export const FRAME_LOST = 1;
export const FRAME_SPENT = 2;
export const FRAME_SITE = 3;
/** 0 for a sync call, else the number of the call that can pause. */
export const FRAME_CALL = 4;
export const FRAME_DOUBLES = 5;

const FIRST_FRAMES = 256;

export class ShadowStack {
  frames = new Float64Array(BOTTOM + FIRST_FRAMES * FRAME_DOUBLES);
  /** Where the next frame would lie. */
  top = BOTTOM;
  /** The last place that has room for a frame. */
  limit = BOTTOM + (FIRST_FRAMES - 1) * FRAME_DOUBLES;

  grow(): void {
    const larger = new Float64Array(this.frames.length * 2);
    larger.set(this.frames);
    this.frames = larger;
    this.limit = larger.length - FRAME_DOUBLES;
  }

  /** @returns the id of the site whose call is running, 0 for none; `top` is where its callee's frame lies */
  callerAt(top: number): number {
    return top === BOTTOM ? 0 : this.frames[top - FRAME_DOUBLES + FRAME_SITE]!;
  }

  /**
   * Takes off the frames from `top` up, whose calls ended without being noticed: a stack overflow inside `exit`.
   * They count as thrown, without a duration.
   */
  unwind(top: number, sites: readonly Site[]): void {
    for (let frame = this.top - FRAME_DOUBLES; frame >= top; frame -= FRAME_DOUBLES) {
      const site = sites[this.frames[frame + FRAME_SITE]! - 1];
      if (site === undefined) continue;
      const { record } = site;
      const depth = Math.max(0, record[DEPTH]! - 1);
      record[DEPTH] = depth;
      if (this.frames[frame + FRAME_CALL] !== 0) continue; // it only paused
      record[depth === 0 ? OUTERMOST : NESTED]!++;
      record[ERRORS]!++;
    }
    this.top = top;
  }
}

/** The one of this thread. */
export const stack = new ShadowStack();
