import type { SiteAddress } from '../contract.js';
import { heap } from '../memory/arena.js';
import {
  ALLOCATION,
  FORCED,
  KEY_WORDS,
  SITE_DOUBLES,
  UNTIL_KEPT,
  UNTIL_TIMED,
  WARMUP,
} from '../memory/layout.js';
import { addAllocation, addSites } from '../memory/site.js';
import type { MovableProbe } from '../read/period.js';
import type { Subject } from '../record/calibrate.js';
import { Probe } from '../record/recorder.js';
import { breakingDown } from './by-mode.js';
import { CpuProbe, leaveUnread, measureCpuReadings, SampledCpuProbe } from './cpu-mode.js';
import { SampledProbe } from './sampled.js';
import { settling, settlingSampled } from './settle-mode.js';
import { countInTurns, takingTurns } from './turns-mode.js';

/** What decides how calls are recorded. */
export interface Mode {
  /** Time one call in so many; 1 for every call. */
  readonly sample: number;
  readonly cpu: boolean;
  readonly settle: boolean;
  /** Leave so many first calls of each function out of the statistics. */
  readonly warmup: number;
  /** Whether this process takes turns with another one; see `process/turns.ts`. Not together with `sample`. */
  readonly turns?: boolean;
  /** Whether calls are broken down. Not together with `sample` and `settle`. */
  readonly by?: boolean;
  /** Notes when calls ran, for the sampler; null or left out: nobody asks. */
  readonly note?: WrapProbe | null;
  /** Reads what calls allocate; null or left out: nobody asks. */
  readonly alloc?: AllocationMode | null;
}

/** What `--alloc` adds, of which nothing is loaded otherwise: see `inside/allocating.ts`. */
export interface AllocationMode {
  /** To be called once in each thread, before its first call. */
  startMeter(): void;
  allocating(Base: typeof Probe): typeof Probe;
  allocatingSampled(Base: typeof SampledProbe): typeof SampledProbe;
}

/** Makes a class of probes that also notes when calls ran; see `inside/windows.ts`. */
export type WrapProbe = (Base: typeof Probe, plain: boolean) => typeof Probe;

type ProbeClass = new (sites: SiteAddress, sample: number) => MovableProbe;

const classes = new Map<string, ProbeClass>();

/** One class for each mode in use, so that the code that calls it sees one shape. */
function findClass({
  sample,
  cpu,
  settle,
  turns = false,
  by = false,
  note = null,
  alloc = null,
}: Mode): ProbeClass {
  const key = `${sample > 1} ${cpu} ${settle} ${turns} ${by} ${note !== null} ${alloc !== null}`;
  let found = classes.get(key);
  if (found === undefined) {
    found = createClass(sample > 1, cpu, settle);
    if (note !== null) found = note(found as unknown as typeof Probe, sample === 1 && !cpu && !settle);
    if (alloc !== null)
      found =
        sample > 1
          ? (alloc.allocatingSampled(found as unknown as typeof SampledProbe) as unknown as ProbeClass)
          : (alloc.allocating(found as unknown as typeof Probe) as unknown as ProbeClass);
    if (turns) found = takingTurns(found as unknown as typeof Probe);
    if (by) found = breakingDown(found as unknown as typeof Probe);
    classes.set(key, found);
  }
  return found;
}

function createClass(sampled: boolean, cpu: boolean, settle: boolean): ProbeClass {
  if (sampled) {
    const Base = cpu ? SampledCpuProbe : SampledProbe;
    return settle ? settlingSampled(Base) : Base;
  }
  const Base = cpu ? CpuProbe : Probe;
  return settle ? settling(Base) : Base;
}

/**
 * The probe of some functions, whose records it prepares.
 * @param sites address of the first record; `count` of them lie in a row
 */
export function createProbe(sites: SiteAddress, count: number, mode: Mode): MovableProbe {
  const { sample, warmup, turns, by = false, alloc = null } = mode;
  if (turns) countInTurns(sites, count);
  for (let site: number = sites; site < sites + count * SITE_DOUBLES; site += SITE_DOUBLES) {
    if (by) heap[site + KEY_WORDS] = 0;
    if (alloc !== null) heap[site + ALLOCATION] = addAllocation(site as SiteAddress);
    if (sample > 1) {
      // the first call is timed whatever --warmup leaves out of the statistics: totals contain it
      heap[site + FORCED] = 1 + warmup;
    } else if (warmup > 0) {
      heap[site + WARMUP] = warmup;
      heap[site + UNTIL_KEPT] = warmup;
    }
  }
  const ProbeOfMode = findClass(mode);
  return new ProbeOfMode(sites, sample);
}

/** Deeper than any own work; a small integer. */
const ALWAYS = 2 ** 16;

interface Subjects {
  readonly timed: Subject;
  readonly counted: Subject | null;
  readonly measureCpuReadings: typeof measureCpuReadings | null;
}

/** Probes of a mode for finding out what they cost; null where the arena is full. */
export function createSubjects({
  sample,
  cpu,
  warmup,
  alloc = null,
}: Omit<Mode, 'turns' | 'note'>): Subjects | null {
  // calls of these are no calls of the program: they neither settle nor take turns
  const mode = { sample, cpu, warmup, alloc, settle: false };
  const sites = addSites(['sync', 'sync']);
  if (sites === 0) return null;
  // Calibrated by a class of its own even where most calls are only counted: V8 notes what a method mostly does, and would
  // inline all of the rare part into the program's functions.
  const ProbeOfTimed = findClass({ ...mode, sample: 1 });
  const timed = { site: sites, probe: new ProbeOfTimed(sites, 1) };
  timed.probe.ownDepth = ALWAYS;
  if (cpu) leaveUnread(sites);
  const readings = { measureCpuReadings: cpu ? measureCpuReadings : null };
  if (mode.sample === 1) return { timed, counted: null, ...readings };
  const ProbeOfMode = findClass(mode);
  const site = (sites + SITE_DOUBLES) as SiteAddress;
  heap[site + UNTIL_TIMED] = Number.MAX_SAFE_INTEGER;
  const counted = { site, probe: new ProbeOfMode(site, Number.MAX_SAFE_INTEGER) };
  counted.probe.ownDepth = ALWAYS;
  return { timed, counted, ...readings };
}
