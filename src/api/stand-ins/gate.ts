import type { ModuleProbe, SiteIndex } from '../../runtime/contract.js';

// biome-ignore lint/suspicious/noExplicitAny: whatever can be called
export type AnyFunction = (this: any, ...args: any[]) => any;

/** What a stand-in asks at each call; shared by all stand-ins of one function in one session. */
export interface Gate {
  /** Where calls are recorded; null: not now, the function runs as it is. */
  probe: ModuleProbe | null;
  /** Index of the function among the probe's sites. */
  readonly site: SiteIndex;
  /** Calls for which this is true are not the program's; null: all are. */
  readonly isForeign: (() => boolean) | null;
}
