import type { Config } from '../../config/config.js';
import type { CpuScope, ProcessRecording, RunRecording } from '../../runtime/contract.js';
import { DRILL_FLAG } from '../inside/flag.js';
import type { RunInfo } from '../model.js';
import { median } from '../statistics/quantiles.js';
import { sum } from './sums.js';

/** The options that change the numbers themselves. */
export type MeasuringOptions = Pick<Config, 'sample' | 'cpu' | 'settle' | 'warmup' | 'raw'> &
  Partial<Pick<Config, 'drill' | 'alloc'>>;

/** What was run, where and how; the first process of the first run stands for the machine. */
export function describeRuns(
  runs: readonly RunRecording[],
  options: MeasuringOptions,
  version: string,
  lostProcesses: number,
): RunInfo {
  const processes = runs.flatMap((run) => run.processes);
  const root = rootProcess(runs[0]?.processes ?? []) ?? rootProcess(processes);
  const failed = runs.find((run) => run.exitCode !== 0 || run.signal !== null) ?? runs.at(-1);
  const callInnerNs = typical(processes, 'callInnerNs');
  const callOuterNs = typical(processes, 'callOuterNs');
  const cpuSteps = processes.flatMap(({ cpuStepNs }) => (cpuStepNs == null ? [] : [cpuStepNs]));
  const cpuScope = widestScope(processes);
  return {
    ttprof: version,
    node: root?.environment.node ?? process.version,
    v8: root?.environment.v8 ?? process.versions.v8,
    platform: root?.environment.platform ?? process.platform,
    arch: root?.environment.arch ?? process.arch,
    cpu: root?.environment.cpu ?? '',
    cores: root?.environment.cores ?? 0,
    startedAt: new Date(runs[0]?.startedAtMs ?? 0).toISOString(),
    durationNs: sum(runs, (run) => run.durationNs),
    exitCode: failed?.exitCode ?? null,
    signal: failed?.signal ?? null,
    processes: processes.length,
    threads: sum(processes, ({ threads }) => sum(threads, ({ workers = 1 }) => workers)),
    clockNs: typical(processes, 'clockNs'),
    ...typicalStep(processes),
    callInnerNs,
    callOuterNs,
    // what a call adds to its caller contains what it adds to itself
    callOverheadNs: callOuterNs,
    corrected: processes.every((process) => process.corrected) && !options.raw,
    runs: runs.length,
    lostProcesses,
    incompleteProcesses: processes.filter((process) => !process.complete).length,
    ...(cpuSteps.length > 0 && { cpuStepNs: Math.max(...cpuSteps) }),
    ...(cpuScope !== null && { cpuScope }),
    ...(root && { pid: root.pid, parentPid: root.parentPid }),
    flags: describeFlags(options),
  };
}

/** The process where any of the numbers are those of a whole process; null where it is not known whose they are. */
export function widestScope(of: readonly { readonly cpuScope?: CpuScope | null }[]): CpuScope | null {
  const scopes = of.map(({ cpuScope }) => cpuScope);
  return scopes.includes('process') ? 'process' : scopes.includes('thread') ? 'thread' : null;
}

/** The process that the others descend from: none of them is its parent. */
function rootProcess(processes: readonly ProcessRecording[]): ProcessRecording | undefined {
  const pids = new Set(processes.map((process) => process.pid));
  return processes
    .filter((process) => !pids.has(process.parentPid))
    .reduce<ProcessRecording | undefined>(
      (first, process) => (first && first.startedAtMs <= process.startedAtMs ? first : process),
      undefined,
    );
}

/** Each process calibrates itself; one that was disturbed while it did must not speak for all. */
function typical(
  processes: readonly ProcessRecording[],
  field: 'clockNs' | 'callInnerNs' | 'callOuterNs',
): number {
  return processes.length === 0 ? 0 : median(processes.map((process) => process[field]));
}

/** The typical one of the steps that processes have found: a process that was disturbed finds a wrong one. */
export function typicalStep(of: readonly { readonly clockStepNs?: number }[]): { clockStepNs?: number } {
  const steps = of.flatMap(({ clockStepNs }) => (clockStepNs === undefined ? [] : [clockStepNs]));
  return steps.length > 0 ? { clockStepNs: median(steps) } : {};
}

function describeFlags({
  sample,
  cpu,
  settle,
  warmup,
  raw,
  drill = false,
  alloc = false,
}: MeasuringOptions): string[] {
  const flags: string[] = [];
  if (sample > 1) flags.push(`--sample ${sample}`);
  if (cpu) flags.push('--cpu');
  if (settle) flags.push('--settle');
  if (warmup > 0) flags.push(`--warmup ${warmup}`);
  if (raw) flags.push('--raw');
  if (drill) flags.push(DRILL_FLAG);
  if (alloc) flags.push('--alloc');
  return flags;
}
