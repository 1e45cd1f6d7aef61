import { sep } from 'node:path';
import type { ExchangedFunction, ProcessRecording, RunRecording } from '../../../runtime/contract.js';

const NODE_MODULES = `${sep}node_modules${sep}`;

/** Folders with the base's modules, with a separator at their ends. */
export function listBaseFolders(root: string, functions: readonly ExchangedFunction[]): string[] {
  const folders = new Set([root.endsWith(sep) ? root : root + sep]);
  for (const { base } of functions) if (!base.file.startsWith(root + sep)) folders.add(packageOf(base.file));
  return [...folders];
}

/** The folder of the package in `node_modules` that a file belongs to. */
function packageOf(file: string): string {
  const start = file.lastIndexOf(NODE_MODULES) + NODE_MODULES.length;
  const parts = file[start] === '@' ? 2 : 1;
  return `${file.slice(0, start)}${file.slice(start).split(sep).slice(0, parts).join(sep)}${sep}`;
}

/**
 * One run in which both versions were called as the runs of either: the rest of the recording is what they share.
 * @param baseFolders of {@link listBaseFolders}
 */
export function splitRun(
  run: RunRecording,
  baseFolders: readonly string[],
): { readonly base: RunRecording; readonly head: RunRecording } {
  const isOfBase = ({ file }: Recorded) => baseFolders.some((folder) => file.startsWith(folder));
  return {
    base: selectFunctions(run, isOfBase),
    head: selectFunctions(run, (each) => !isOfBase(each)),
  };
}

/** A function of a recording. */
export interface Recorded {
  /** Absolute path. */
  readonly file: string;
  readonly name: string;
}

/** A run as if only some functions had been measured. */
export function selectFunctions(run: RunRecording, keeps: (each: Recorded) => boolean): RunRecording {
  return { ...run, processes: run.processes.map((process) => keepFunctions(process, keeps)) };
}

function keepFunctions(process: ProcessRecording, keeps: (each: Recorded) => boolean): ProcessRecording {
  return {
    ...process,
    threads: process.threads.map((thread) => {
      const places = new Map<number, number>();
      thread.functions.forEach((each, at) => {
        if (keeps(each)) places.set(at, places.size);
      });
      const functions = thread.functions.filter(keeps).map((each) => ({
        ...each,
        callers: each.callers.map((caller) => ({
          ...caller,
          caller: caller.caller === null ? null : (places.get(caller.caller) ?? null),
        })),
      }));
      return { ...thread, functions };
    }),
    targets: process.targets.map(({ functions, ...target }) => ({
      ...target,
      ...(functions && { functions: functions.filter(keeps) }),
    })),
  };
}
