import type { ExchangedFunction, ProcessRecording, RunRecording } from '../../../runtime/contract.js';
import type { PairInTurns } from '../measure-pair.js';
import { type Recorded, selectFunctions } from './split-run.js';

/**
 * A pair of which some functions were called by one process and the others by two that took turns.
 * @param shared where single calls of the exchanged functions went to either version
 * @param turns where the targets are those that were asked for
 */
export function mergePairs(
  shared: PairInTurns,
  turns: PairInTurns,
  functions: readonly ExchangedFunction[],
): PairInTurns {
  const heads = keysOf(functions);
  const bases = keysOf(functions.map(({ base }) => base));
  return {
    base: { ...turns.base, run: mergeRuns(shared.base.run, turns.base.run, bases) },
    head: { ...turns.head, run: mergeRuns(shared.head.run, turns.head.run, heads) },
    obstacles: turns.obstacles,
  };
}

const keyOf = ({ file, name }: Recorded): string => `${file}:${name}`;
const keysOf = (functions: readonly Recorded[]): Set<string> => new Set(functions.map(keyOf));

function mergeRuns(shared: RunRecording, turns: RunRecording, exchanged: ReadonlySet<string>): RunRecording {
  const isExchanged = (each: Recorded) => exchanged.has(keyOf(each));
  const targets = new Map(
    turns.processes.flatMap(({ threads }) =>
      threads.flatMap((thread) => thread.functions.map((each) => [keyOf(each), each.targets] as const)),
    ),
  );
  const nameTargets = (process: ProcessRecording): ProcessRecording => ({
    ...process,
    targets: [],
    notes: [],
    threads: process.threads.map((thread) => ({
      ...thread,
      functions: thread.functions.map((each) => ({ ...each, targets: targets.get(keyOf(each)) ?? [] })),
    })),
  });
  const rest = selectFunctions(turns, (each) => !isExchanged(each));
  const own = selectFunctions(shared, isExchanged).processes.map(nameTargets);
  // what targets matched is told by the run that had them
  const processes = rest.processes.map((process, at) => ({
    ...process,
    targets: turns.processes[at]!.targets,
  }));
  return { ...turns, processes: [...processes, ...own] };
}
