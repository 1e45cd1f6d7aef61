import type { RunRecording, TargetFacts } from '../runtime/contract.js';

/** What all processes of all runs saw of each target; excludes (`!…`) have none. Pure. */
export function mergeFacts(targets: readonly string[], runs: readonly RunRecording[]): TargetFacts[] {
  const processes = runs.flatMap((run) => run.processes);
  const measured = listMeasured(runs);
  return [...new Set(targets)]
    .filter((target) => !target.startsWith('!'))
    .map((target) => {
      const facts = processes.flatMap((process) => process.targets.filter((each) => each.target === target));
      const functions = facts.flatMap((each) => each.functions ?? []);
      const reason = facts.find((each) => each.reason)?.reason;
      // what workers that were terminated measured is in the recordings alone
      const names = new Set([...functions.map(nameOf), ...(measured.get(target) ?? [])]);
      return {
        target,
        matched: Math.max(names.size, ...facts.map(({ matched }) => matched)),
        searched: [...new Set(facts.flatMap(({ searched }) => searched))],
        resembling: [...new Set(facts.flatMap(({ resembling }) => resembling))],
        functions,
        ...(reason !== undefined && { reason }),
        suggestions: [...new Set(facts.flatMap(({ suggestions }) => suggestions ?? []))],
      };
    });
}

/** By target, the functions that left recordings. */
function listMeasured(runs: readonly RunRecording[]): Map<string, Set<string>> {
  const measured = new Map<string, Set<string>>();
  for (const { processes } of runs) {
    for (const each of processes.flatMap(({ threads }) => threads.flatMap(({ functions }) => functions))) {
      for (const target of each.targets) {
        const names = measured.get(target) ?? new Set<string>();
        measured.set(target, names.add(nameOf(each)));
      }
    }
  }
  return measured;
}

function nameOf({ file, name }: { readonly file: string; readonly name: string }): string {
  return `${file}:${name}`;
}
