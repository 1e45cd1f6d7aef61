import type {
  FunctionKind,
  ModuleDescription,
  ModuleProbe,
  SiteAddress,
  ThreadRecording,
} from '../contract.js';
import { heap, thread } from '../memory/arena.js';
import { INNER, OUTER, SITE_DOUBLES } from '../memory/layout.js';
import { addSites, removeSites } from '../memory/site.js';
import { NO_PROBE } from '../record/no-probe.js';
import { collectSites } from './collect.js';

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

let rawPeriods = 0;
let correction: { innerNs: number; outerNs: number } | null = null;

/** A probe that periods can turn away from their records: later calls must not write where others record. */
export interface MovableProbe extends ModuleProbe {
  sites: SiteAddress;
}

/** Where calls of closed periods go, by number of functions. */
const discarded = new Map<number, SiteAddress>();

interface ClosedSites {
  readonly first: SiteAddress;
  readonly count: number;
  readonly probe: MovableProbe;
}

/** Sites of closed periods that have calls running: their memory is free when these have ended. */
const running: ClosedSites[] = [];

/** @returns whether it was possible */
function release({ first, count, probe }: ClosedSites): boolean {
  if (!removeSites(first, count)) return false;
  const nowhere = discarded.get(count) ?? addSites(new Array<FunctionKind>(count).fill('sync'));
  discarded.set(count, nowhere);
  probe.sites = nowhere;
  return true;
}

/** @param createProbe makes the probe of records in a row, by the period's options */
export function openPeriod(
  module: ModuleDescription,
  options: PeriodOptions,
  createProbe: (sites: SiteAddress) => MovableProbe,
): Period {
  // a few at a time: some calls never end
  for (const sites of running.splice(0, 8)) if (!release(sites)) running.push(sites);
  const kinds = module.sites.map((site) => site.kind);
  const first = addSites(kinds);
  const located = module.sites.map((description, index) => ({
    site: (first + index * SITE_DOUBLES) as SiteAddress,
    description: { ...description, file: description.file ?? module.file },
  }));
  const probe = first === 0 ? NO_PROBE : createProbe(first);
  if (options.raw && rawPeriods++ === 0) {
    correction = { innerNs: heap[thread + INNER]!, outerNs: heap[thread + OUTER]! };
    heap[thread + INNER] = 0;
    heap[thread + OUTER] = 0;
  }
  return {
    probe,
    read: () =>
      collectSites(thread, first === 0 ? [] : located, { sampled: options.sample > 1, cpu: options.cpu }),
    close() {
      const sites = { first, count: kinds.length, probe: probe as MovableProbe };
      if (first !== 0 && !release(sites)) running.push(sites);
      if (!options.raw || --rawPeriods > 0 || correction === null) return;
      heap[thread + INNER] = correction.innerNs;
      heap[thread + OUTER] = correction.outerNs;
      correction = null;
    },
  };
}
