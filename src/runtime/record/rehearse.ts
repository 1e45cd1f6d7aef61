import { HIGH_WORD } from '../clock/clock.js';
import type { ModuleProbe, SiteIndex } from '../contract.js';
import { heapWords } from '../memory/arena.js';
import { FRAME_START } from '../memory/layout.js';
import { TOO_DEEP } from './recorder.js';

/**
 * Does once what calls do rarely. What has not run yet is no part of the code that V8 compiles: the first call from
 * another caller, say, would throw the compiled recorder away (`--trace-deopt`: "Insufficient type feedback for call"),
 * and the next five thousand would take twice as long. To be done again and again: V8 begins to note what a function does
 * after some calls only.
 */
export function rehearse(probe: ModuleProbe): void {
  const site = 0 as SiteIndex;
  const outer = probe.enter(site);
  if (outer === TOO_DEEP) return; // no frame lies there
  // another caller, recursion, time in callees, an object as the result
  const inner = probe.enter(site);
  probe.exit(site, inner, undefined);
  probe.exit(site, outer, {});
  // a call that has left its frame behind
  const enclosing = probe.enter(site);
  probe.enter(site);
  probe.exit(site, enclosing, undefined);
  // more than the lower word of the clock holds
  const long = probe.enter(site);
  heapWords[2 * (long + FRAME_START) + HIGH_WORD]!--;
  probe.exit(site, long, undefined);
  probe.exit(site, TOO_DEEP, undefined);
}
