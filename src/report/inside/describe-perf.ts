import type { PerfFunction, RunRecording } from '../../runtime/contract.js';
import type { PerfStats } from '../model.js';
import { mergeTrees, nameFiles } from './merge-trees.js';

/** A function of the recordings. */
interface Owner {
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

/** What `perf` saw of one function in all runs; undefined where nobody asked, or it was never met. */
export function describePerf(
  owner: Owner,
  runs: readonly RunRecording[],
  cwd: string,
): PerfStats | undefined {
  const isOwn = ({ name, file, line }: PerfFunction) =>
    name === owner.name && file === owner.file && line === owner.line;
  const seen = runs.flatMap(({ perf }) =>
    (perf?.functions.filter(isOwn) ?? []).map((one) => ({ ...one, intervalUs: perf!.intervalUs })),
  );
  const event = runs.find(({ perf }) => perf !== undefined)?.perf?.event;
  if (event === undefined || seen.length === 0) return undefined;
  const count = (kind: 'js' | 'native' | 'kernel') => seen.reduce((all, one) => all + one[kind], 0);
  const counters: Record<string, number> = {};
  for (const one of seen)
    for (const [name, count] of Object.entries(one.counters)) counters[name] = (counters[name] ?? 0) + count;
  return {
    event,
    js: count('js'),
    native: count('native'),
    kernel: count('kernel'),
    counters,
    tree: mergeTrees(seen.map((one) => nameFiles(one, cwd))),
  };
}
