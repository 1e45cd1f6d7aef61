import type { Arena } from './arena.js';
import type { SeriesWriter } from './series.js';

/** Where the records of sites lie: in the arena that all threads share, or in memory of one measured period. */
export interface SiteMemory {
  readonly arena: Pick<Arena, 'view' | 'takeSeriesBytes'>;
  readonly seriesPool: SeriesPool;
  /** @returns the address of `doubles` zeros, 0 where there is no room */
  allocate(doubles: number): number;
}

/** Chunks that series gave up, and all series of the memory: when the budget is spent, the longest gives up half. */
export interface SeriesPool {
  readonly freeChunks: Float64Array[];
  readonly freeAddresses: number[];
  readonly writers: SeriesWriter[];
}

export function createSeriesPool(): SeriesPool {
  return { freeChunks: [], freeAddresses: [], writers: [] };
}
