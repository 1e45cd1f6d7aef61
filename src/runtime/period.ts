import type { Arena } from './arena.js';
import { originNs } from './clock.js';
import { collectCollections, collectFunction, collectSeries } from './collect.js';
import type { FunctionRecording, ModuleDescription, ModuleProbe, ThreadRecording } from './contract.js';
import { estimateGcNs } from './gc-share.js';
import { ERRORS, SITE_DOUBLES, THREAD_ID, THREAD_TURN } from './layout.js';
import { INNER, OUTER, stack } from './shadow-stack.js';
import { Site } from './site.js';
import { createSeriesPool, type SiteMemory } from './site-memory.js';
import type { ThreadMemory } from './thread.js';

/** How a period is measured; the rest is as the thread's runtime was started. */
export interface PeriodOptions {
  /** No correction for the cost of measuring: of the whole thread, while the period lasts. */
  readonly raw: boolean;
  /** Time one call in so many; 1 for every call. */
  readonly sample: number;
  readonly cpu: boolean;
}

/**
 * Functions that are measured for a while, apart from all others: in memory of their own, which goes with the period.
 * Calls that end after it was read change nothing that anybody sees.
 */
export interface Period {
  readonly probe: ModuleProbe;
  /** What was recorded so far; callers outside of the period show as the program itself. */
  read(): ThreadRecording;
  /** To be called once. */
  close(): void;
}

const SLAB_DOUBLES = 2048;

/** Private memory in slabs; the first double is never given out, so that 0 can mean "none". */
class PeriodMemory implements SiteMemory {
  readonly seriesPool = createSeriesPool();
  readonly arena: SiteMemory['arena'];
  readonly #slabs: Float64Array[] = [];
  #used = SLAB_DOUBLES;

  constructor() {
    const slabs = this.#slabs;
    this.arena = {
      view: (address, doubles) => {
        const start = address % SLAB_DOUBLES;
        return slabs[Math.floor(address / SLAB_DOUBLES)]!.subarray(start, start + doubles);
      },
      takeSeriesBytes: () => true, // at most 128 kB a function, given back with the period
    };
  }

  allocate(doubles: number): number {
    if (this.#used + doubles > SLAB_DOUBLES) {
      this.#slabs.push(new Float64Array(SLAB_DOUBLES));
      this.#used = this.#slabs.length === 1 ? 1 : 0;
    }
    const address = (this.#slabs.length - 1) * SLAB_DOUBLES + this.#used;
    this.#used += doubles;
    return address;
  }
}

/** Ids of periods' sites count down from -1, apart from those of the thread's modules; free ones are used again. */
const freeIds: number[] = [];
let lowestId = 0;
let rawPeriods = 0;
let correction: { innerNs: number; outerNs: number } | null = null;

/**
 * @param memory the thread's
 * @param createProbe makes the probe of sites, by the period's options
 */
export function openPeriod(
  module: ModuleDescription,
  options: PeriodOptions,
  memory: ThreadMemory,
  createProbe: (sites: readonly Site[]) => ModuleProbe,
): Period {
  const own = new PeriodMemory();
  const sites = module.sites.map((site) => {
    const record = own.arena.view(own.allocate(SITE_DOUBLES), SITE_DOUBLES);
    return new Site(own, freeIds.pop() ?? --lowestId, site.kind, record);
  });
  if (options.raw && rawPeriods++ === 0) {
    const { frames } = stack;
    correction = { innerNs: frames[INNER]!, outerNs: frames[OUTER]! };
    frames[INNER] = 0;
    frames[OUTER] = 0;
  }
  return {
    probe: createProbe(sites),
    read: () => readPeriod(module, sites, own.arena, memory, options),
    close() {
      freeIds.push(...sites.map((site) => site.id));
      if (!options.raw || --rawPeriods > 0 || correction === null) return;
      stack.frames[INNER] = correction.innerNs;
      stack.frames[OUTER] = correction.outerNs;
      correction = null;
    },
  };
}

function readPeriod(
  module: ModuleDescription,
  sites: readonly Site[],
  arena: Pick<Arena, 'view'>,
  memory: ThreadMemory,
  options: PeriodOptions,
): ThreadRecording {
  const thread = memory.record;
  const collections = collectCollections(memory.arena, thread);
  const indexOf = new Map(sites.map((site, index) => [site.id, index]));
  const functions = sites.map((site, index): FunctionRecording => {
    const description = module.sites[index]!;
    const series = collectSeries(arena, site.record);
    const recording = collectFunction(
      arena,
      site.record,
      { ...description, file: description.file ?? module.file },
      series,
      estimateGcNs(series, collections, thread[THREAD_TURN]!),
      { sampled: options.sample > 1, cpu: options.cpu },
    );
    const callers = recording.callers.map(({ caller, ...numbers }) => ({
      ...numbers,
      caller: caller === null ? null : (indexOf.get(caller + 1) ?? null),
    }));
    return { ...recording, callers };
  });
  return {
    threadId: thread[THREAD_ID]!,
    originNs,
    functions,
    collections: thread[THREAD_TURN] === 0 ? null : collections,
  };
}

/** A call whose end has been recorded turns out to have failed. */
export function countLateError(probe: ModuleProbe, site: number): void {
  const { sites } = probe as { sites?: readonly Site[] };
  const record = sites?.[site]?.record;
  if (record !== undefined) record[ERRORS]!++;
}
