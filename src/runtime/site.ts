import type { FunctionKind } from './contract.js';
import {
  CALLER,
  CALLER_CALLS,
  CALLER_TOTAL,
  EDGE_CALLER,
  EDGE_CALLS,
  EDGE_DOUBLES,
  EDGE_NEXT,
  EDGE_TOTAL,
  EDGES,
  MIN,
  NESTED,
  OUTERMOST,
  PAGE_BUCKETS,
  PAGE_DOUBLES,
  PAGE_HEADER,
  PAGE_NEXT,
  PAGE_NUMBER,
  PAGES,
  SHIFT,
  TOTAL,
  UNBUCKETED,
} from './layout.js';
import { SeriesWriter } from './series.js';
import type { SiteMemory } from './site-memory.js';

/** Stands where a page of the histogram has not been needed yet. Never written to. */
export const NO_PAGE = new Float64Array(0);

/** One measured function of this thread: its record in the arena, and views of what hangs from it. */
export class Site {
  readonly id: number;
  readonly kind: FunctionKind;
  readonly record: Float64Array;
  /** Counts of buckets, by page number; {@link NO_PAGE} where there are none. */
  readonly pages: Float64Array[] = [];
  /** Timed calls until the next one that the series keeps. */
  untilKept = 1;
  /** Under `--sample`: calls until the next one that is timed. */
  untilTimed = 1;
  readonly series: SeriesWriter;
  readonly #memory: SiteMemory;

  constructor(memory: SiteMemory, id: number, kind: FunctionKind, record: Float64Array) {
    this.#memory = memory;
    this.id = id;
    this.kind = kind;
    this.record = record;
    this.series = new SeriesWriter(memory, record);
    record[MIN] = Number.POSITIVE_INFINITY;
    record[SHIFT] = Number.NaN;
  }

  /** The first sample of a page: makes the page. */
  countInNewPage(bucket: number): void {
    const number = Math.floor(bucket / PAGE_BUCKETS);
    while (this.pages.length <= number) this.pages.push(NO_PAGE);
    const address = this.#memory.allocate(PAGE_DOUBLES);
    if (address === 0) {
      this.record[UNBUCKETED]!++;
      return;
    }
    const page = this.#memory.arena.view(address, PAGE_DOUBLES);
    page[PAGE_NUMBER] = number;
    page[PAGE_NEXT] = this.record[PAGES]!;
    this.record[PAGES] = address;
    this.pages[number] = page;
    page[PAGE_HEADER + (bucket % PAGE_BUCKETS)]!++;
  }

  /**
   * Another function calls than before: what was recorded since the last change belongs to the one before.
   * To be called before the new caller's call is recorded.
   */
  changeCaller(caller: number): void {
    const { record } = this;
    const calls = record[OUTERMOST]! + record[NESTED]!;
    const total = record[TOTAL]!;
    if (calls !== record[CALLER_CALLS]!) {
      const edge = this.#edgeOf(record[CALLER]!);
      if (edge !== null) {
        edge[EDGE_CALLS]! += calls - record[CALLER_CALLS]!;
        edge[EDGE_TOTAL]! += total - record[CALLER_TOTAL]!;
      }
      record[CALLER_CALLS] = calls;
      record[CALLER_TOTAL] = total;
    }
    record[CALLER] = caller;
  }

  #edges: Map<number, Float64Array> | null = null;

  #edgeOf(caller: number): Float64Array | null {
    this.#edges ??= new Map();
    let edge = this.#edges.get(caller);
    if (edge === undefined) {
      const address = this.#memory.allocate(EDGE_DOUBLES);
      if (address === 0) return null;
      edge = this.#memory.arena.view(address, EDGE_DOUBLES);
      edge[EDGE_CALLER] = caller;
      edge[EDGE_NEXT] = this.record[EDGES]!;
      this.record[EDGES] = address;
      this.#edges.set(caller, edge);
    }
    return edge;
  }
}
