import {
  bucketIndex,
  type FunctionRecording,
  type ProcessRecording,
  type RunRecording,
  type ThreadRecording,
} from '../../dist/runtime/contract.js';

export interface Calls {
  readonly durationNs: readonly number[];
  /** Back to back from 0 where left out. */
  readonly startNs?: readonly number[];
  /** Keep every `stride`-th sample. */
  readonly stride?: number;
}

/** What the runtime would have recorded of these calls. */
export function recordFunction(
  name: string,
  { durationNs, startNs, stride = 1 }: Calls,
  overrides: Partial<FunctionRecording> = {},
): FunctionRecording {
  let end = 0;
  const starts = startNs ?? durationNs.map((duration) => (end += duration) - duration);
  const shiftNs = durationNs[0] ?? 0;
  const counts = new Map<number, number>();
  for (const d of durationNs) counts.set(bucketIndex(d), (counts.get(bucketIndex(d)) ?? 0) + 1);
  const indices = [...counts.keys()].sort((a, b) => a - b);
  const totalNs = durationNs.reduce((sum, d) => sum + d, 0);
  const kept = (_: number, i: number) => i % stride === 0;
  return {
    name,
    file: '/code/src/lib.js',
    line: 1,
    column: 1,
    kind: 'sync',
    targets: ['src/lib.js:*'],
    calls: durationNs.length,
    outermostCalls: durationNs.length,
    timedCalls: durationNs.length,
    errors: 0,
    unfinished: 0,
    totalNs,
    selfNs: totalNs,
    activeNs: totalNs,
    cpuNs: null,
    gcNs: null,
    minNs: durationNs.length > 0 ? durationNs.reduce((a, b) => Math.min(a, b)) : 0,
    maxNs: durationNs.length > 0 ? durationNs.reduce((a, b) => Math.max(a, b)) : 0,
    shiftNs,
    shiftedSumNs: durationNs.reduce((sum, d) => sum + (d - shiftNs), 0),
    shiftedSquaresNs2: durationNs.reduce((sum, d) => sum + (d - shiftNs) ** 2, 0),
    histogram: { indices, counts: indices.map((index) => counts.get(index)!) },
    series: { stride, startNs: starts.filter(kept), durationNs: durationNs.filter(kept) },
    callers: [],
    promisesReturned: 0,
    ...overrides,
  };
}

export function recordThread(
  functions: readonly FunctionRecording[],
  overrides: Partial<ThreadRecording> = {},
): ThreadRecording {
  return { threadId: 0, originNs: 1.8e18, functions, collections: null, ...overrides };
}

export function recordProcess(
  threads: readonly ThreadRecording[],
  overrides: Partial<ProcessRecording> = {},
): ProcessRecording {
  return {
    pid: 100,
    parentPid: 1,
    entry: '/code/app.js',
    startedAtMs: 1.8e12,
    durationNs: 1e9,
    complete: true,
    environment: { node: 'v24.21.0', v8: '13.6', platform: 'linux', arch: 'x64', cpu: 'A CPU', cores: 2 },
    clockNs: 30,
    callInnerNs: 20,
    callOuterNs: 80,
    corrected: true,
    threads,
    targets: [],
    notes: [],
    ...overrides,
  };
}

export function recordRun(
  processes: readonly ProcessRecording[],
  overrides: Partial<RunRecording> = {},
): RunRecording {
  return { processes, exitCode: 0, signal: null, startedAtMs: 1.8e12, durationNs: 1e9, ...overrides };
}

/** A run of one process with one thread. */
export function recordSimpleRun(...functions: readonly FunctionRecording[]): RunRecording {
  return recordRun([recordProcess([recordThread(functions)])]);
}

export const CONFIG = {
  targets: ['src/lib.js:*'],
  compare: false,
  label: null,
  marginPercent: 2,
  sample: 1,
  cpu: false,
  settle: false,
  warmup: 0,
  raw: false,
};

export const OPTIONS = { config: CONFIG, cwd: '/code', outcomes: [], version: '1.0.0' };
