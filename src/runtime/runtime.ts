import { cpus } from 'node:os';
import { calibrate } from './calibrate.js';
import { measureClockNs, nowNs } from './clock.js';
import { collectThread, collectThreads } from './collect.js';
import {
  type ModuleDescription,
  type ModuleProbe,
  type ProcessRecording,
  RUNTIME_KEY,
  type RuntimeHandle,
  type ThreadRecording,
} from './contract.js';
import { observeCollections } from './gc.js';
import { SITE_DOUBLES, THREAD_INNER, THREAD_OUTER, TOTAL } from './layout.js';
import { NO_PROBE } from './no-probe.js';
import { openPeriod, type Period, type PeriodOptions } from './period.js';
import { Probe, sitesById } from './recorder.js';
import { INNER, OUTER, stack } from './shadow-stack.js';
import { Site } from './site.js';
import { ThreadMemory } from './thread.js';

export interface RuntimeOptions {
  /** No correction for the cost of measuring. */
  readonly raw: boolean;
  /** Time one call in so many; 1 for every call. */
  readonly sample: number;
  readonly cpu: boolean;
  readonly settle: boolean;
  /** Leave so many first calls of each function out of the statistics. */
  readonly warmup: number;
  readonly isMainThread: boolean;
}

/** What is recorded of a process, less what the loader and the session know. */
export type Collected = Omit<ProcessRecording, 'targets' | 'notes' | 'entry' | 'complete'>;

export interface Runtime {
  readonly handle: RuntimeHandle;
  /**
   * What all threads of this process have recorded so far, those that have ended included. To be called in the main
   * thread, also in the `exit` handler and while the program runs; costs time by functions and threads, not by calls.
   */
  collect(): Collected;
  /** The same of this thread alone, in any thread: what differs between two readings happened in between. */
  readThread(): ThreadRecording;
  /** Measures functions apart from all others, in this thread. */
  openPeriod(module: ModuleDescription, options: PeriodOptions): Period;
  /** {@link Runtime.collect} without what was recorded. */
  describeProcess(): Omit<Collected, 'threads'>;
}

let current: Runtime | null = null;

/** This thread's runtime; null before {@link startRuntime}. */
export function currentRuntime(): Runtime | null {
  return current;
}

/**
 * Sets `globalThis[RUNTIME_KEY]` for this thread, creates the process's shared memory or joins it.
 * To be called once per thread, before any worker starts. Nothing is measured, observed or calibrated before the first
 * rewritten module loads.
 */
export function startRuntime(options: RuntimeOptions): Runtime {
  const startedAtMs = Date.now();
  const startedNs = nowNs();
  const memory = new ThreadMemory();
  const collectOptions = { sampled: options.sample > 1, cpu: options.cpu };
  let isPrepared = false;
  const prepareOnce = () => {
    if (isPrepared) return;
    isPrepared = true;
    prepare(memory, options);
  };

  const handle: RuntimeHandle = {
    load(json) {
      try {
        prepareOnce();
        const sites = memory.addModule(json, JSON.parse(json) as ModuleDescription);
        sitesById.push(...sites);
        return createProbe(sites, options);
      } catch {
        return NO_PROBE; // fail open: the program must not notice
      }
    },
  };
  Object.defineProperty(globalThis, RUNTIME_KEY, {
    value: handle,
    enumerable: false,
    configurable: true,
    writable: true,
  });

  const describeProcess = () => ({
    pid: process.pid,
    parentPid: process.ppid,
    startedAtMs,
    durationNs: nowNs() - startedNs,
    environment: describeEnvironment(),
    clockNs: (clockCostNs ??= measureClockNs()),
    callInnerNs: memory.record[THREAD_INNER]!,
    callOuterNs: memory.record[THREAD_OUTER]!,
    corrected: !options.raw,
  });
  current = {
    handle,
    collect: () => ({ ...describeProcess(), threads: collectThreads(memory.arena, collectOptions) }),
    readThread: () => collectThread(memory.arena, memory.record, collectOptions),
    openPeriod(module, period) {
      prepareOnce();
      return openPeriod(module, period, memory, (sites) =>
        createProbe(sites, { ...options, ...period, warmup: 0 }),
      );
    },
    describeProcess,
  };
  return current;
}

let clockCostNs: number | null = null;

function createProbe(sites: readonly Site[], _options: RuntimeOptions): ModuleProbe {
  return new Probe(sites);
}

/** What is not needed before something is measured. */
function prepare(memory: ThreadMemory, options: RuntimeOptions): void {
  const record = new Float64Array(SITE_DOUBLES);
  const site = new Site(memory, 0, 'sync', record);
  const cost = calibrate(createProbe([site], options), () => record[TOTAL]!);
  memory.record[THREAD_INNER] = cost.innerNs;
  memory.record[THREAD_OUTER] = cost.outerNs;
  if (!options.raw) {
    stack.frames[INNER] = cost.innerNs;
    stack.frames[OUTER] = cost.outerNs;
  }
  observeCollections(memory);
}

function describeEnvironment(): ProcessRecording['environment'] {
  const processors = cpus();
  return {
    node: process.version,
    v8: process.versions.v8,
    platform: process.platform,
    arch: process.arch,
    cpu: processors[0]?.model ?? 'unknown',
    cores: processors.length,
  };
}
