import { cpus } from 'node:os';
import { measureClockNs, nowNs } from './clock/clock.js';
import { measureClockStepNs } from './clock/clock-step.js';
import { cpuNs, isThreadCpu, measureCpuStepNs } from './clock/cpu-clock.js';
import {
  asOwnWork,
  type ModuleDescription,
  type ProcessRecording,
  RUNTIME_KEY,
  type RuntimeHandle,
  type ThreadRecording,
  type TurnsOptions,
} from './contract.js';
import { countUnseen, joinThreads, noteUnseen, thread } from './memory/arena.js';
import { addModule } from './memory/site.js';
import { isMainThread } from './memory/threads.js';
import { type AllocationMode, createProbe, createSubjects, type WrapProbe } from './modes/modes.js';
import { countRejections } from './modes/settle-mode.js';
import { startTurns } from './modes/turns-mode.js';
import { calibrateRegularly, countCpuOfDueWork } from './process/due-work.js';
import { noteProgramStart } from './process/exit.js';
import { collectThread, collectThreads } from './read/collect.js';
import { watchWorkers } from './read/ended-workers.js';
import { openPeriod, type Period, type PeriodOptions } from './read/period.js';
import { type CallCost, createCalibrator } from './record/calibrate.js';
import { observeCollections } from './record/gc.js';
import { NO_PROBE } from './record/no-probe.js';

// Captured: a program may start the runtime long after its own start, by the API.
const { now } = Date;
const { create, defineProperty } = Object;

export interface RuntimeOptions {
  /** No correction for the cost of measuring. */
  readonly raw: boolean;
  /** Time one call in so many; 1 for every call. */
  readonly sample: number;
  readonly cpu: boolean;
  readonly settle: boolean;
  /** Leave so many first calls of each function out of the statistics. */
  readonly warmup: number;
  /** Calls are broken down, those of functions that say by what. */
  readonly by?: boolean;
  /** This process takes turns with another one. */
  readonly turns?: TurnsOptions | null;
  /** Under `--drill`: makes probes note when calls ran. */
  readonly note?: WrapProbe | null;
  /** Under `--alloc`: makes probes read what calls allocate. */
  readonly alloc?: AllocationMode | null;
  /** To be called in each thread before anything in it is measured. */
  readonly beforeFirst?: (() => void) | null;
}

/** What is recorded of a process, less what the loader and the session know. */
export type Collected = Omit<ProcessRecording, 'targets' | 'notes' | 'entry' | 'complete'>;

export interface Runtime {
  /** Those that it was started with. */
  readonly options: RuntimeOptions;
  readonly handle: RuntimeHandle;
  /**
   * What all threads of this process have recorded so far, those that have ended included. To be called in the main
   * thread, also in the `exit` handler and while the program runs; costs time by functions and threads, not by calls.
   */
  collect(): Collected;
  /** Of this thread alone, in any thread: what differs between two readings happened in between. */
  readThread(): ThreadRecording;
  /** What is missing from {@link Runtime.collect}, one line each. */
  notes(): string[];
  /** This thread's clock, on which recordings' starts are. */
  nowNs(): number;
  /** Measures functions apart from all others, in this thread. */
  openPeriod(module: ModuleDescription, options: PeriodOptions): Period;
  /** {@link Runtime.collect} without what was recorded. */
  describeProcess(): Omit<Collected, 'threads'>;
}

// Captured: the program may replace it.
const { parse: parseJson } = JSON;

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
  const startedAtMs = now();
  const startedNs = nowNs();
  const { turns = null } = options;
  const mode = { ...options, turns: turns !== null };
  if (turns !== null) startTurns(turns);
  const collectOptions = { sampled: options.sample > 1, cpu: options.cpu };
  let isPrepared = false;
  /** Descriptions of modules whose probes are being made. */
  const loading: Record<string, true> = create(null);
  if (isMainThread) joinThreads();
  const ended = watchWorkers(collectOptions);
  let readCost = (): CallCost => ({ innerNs: 0, outerNs: 0 });
  const prepareOnce = () => {
    if (isPrepared) return;
    isPrepared = true;
    joinThreads();
    noteProgramStart();
    readCost = prepare(options);
  };

  const handle: RuntimeHandle = {
    load(json) {
      // what is loaded replaced a built-in function that is called here: the outer call returns its probe in the end
      if (loading[json]) return NO_PROBE;
      loading[json] = true;
      try {
        return asOwnWork(() => {
          prepareOnce();
          const description = parseJson(json) as ModuleDescription;
          const sites = addModule(json, description);
          if (sites !== 0) return createProbe(sites, description.sites.length, mode);
          noteUnseen();
          return NO_PROBE;
        });
      } catch {
        return NO_PROBE; // fail open: the program must not notice
      } finally {
        delete loading[json];
      }
    },
  };
  defineProperty(globalThis, RUNTIME_KEY, {
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
    environment: (environment ??= describeEnvironment()),
    clockNs: (clockCostNs ??= measureClockNs()),
    clockStepNs: (clockStepNs ??= measureClockStepNs()),
    callInnerNs: readCost().innerNs,
    callOuterNs: readCost().outerNs,
    corrected: !options.raw,
    cpuStepNs: options.cpu ? (cpuStepNs ??= measureCpuStepNs()) : null,
    cpuScope: options.cpu ? (isThreadCpu ? ('thread' as const) : ('process' as const)) : null,
  });
  current = {
    options,
    handle,
    collect: () =>
      asOwnWork(() => {
        countRejections();
        return { ...describeProcess(), threads: [...collectThreads(collectOptions), ...ended.recordings()] };
      }),
    readThread: () =>
      asOwnWork(() => {
        countRejections();
        return collectThread(thread, collectOptions);
      }),
    notes: () => describeShortage(countUnseen()),
    nowNs,
    openPeriod(module, period) {
      prepareOnce();
      return openPeriod(module, period, (sites) =>
        createProbe(sites, module.sites.length, { ...mode, ...period, warmup: 0, turns: false, note: null }),
      );
    },
    describeProcess,
  };
  return current;
}

let clockCostNs: number | null = null;
let environment: ProcessRecording['environment'] | null = null;
let cpuStepNs: number | null = null;
let clockStepNs: number | null = null;

/** What is not needed before something is measured. @returns what reads the cost of measuring */
function prepare(options: RuntimeOptions): () => CallCost {
  observeCollections();
  options.alloc?.startMeter();
  options.beforeFirst?.();
  const { raw, sample } = options;
  const subjects = createSubjects(options);
  if (subjects === null) return () => ({ innerNs: 0, outerNs: 0 });
  const calibrator = createCalibrator({ ...subjects, sample, raw });
  if (options.cpu) countCpuOfDueWork(cpuNs);
  calibrateRegularly((calls) => calibrator.calibrate(calls));
  return () => calibrator.cost;
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

function describeShortage(threads: number): string[] {
  if (threads === 0) return [];
  return [
    `calls in ${threads === 1 ? 'a thread' : `${threads} threads`} are missing, because the memory for recording was full; ` +
      'name fewer functions, or start fewer workers in one process',
  ];
}
