import type { ExchangedFunction, FunctionRecording, RunRecording } from '../../../runtime/contract.js';
import { canonicalName } from '../../../shared/names/canonical-name.js';

/** A function that both versions have. */
export type Versions = Omit<ExchangedFunction, 'reach'>;

/** The functions that were called in both runs, by their names in the report. */
export function matchVersions(
  head: { readonly run: RunRecording; readonly cwd: string },
  base: { readonly run: RunRecording; readonly cwd: string },
): Versions[] {
  const there = new Map(
    listCalled(base.run).map(({ file, name }) => [canonicalName(file, name, base.cwd), { file, name }]),
  );
  return listCalled(head.run).flatMap(({ file, name }) => {
    const counterpart = there.get(canonicalName(file, name, head.cwd));
    return counterpart === undefined ? [] : [{ file, name, base: counterpart }];
  });
}

function listCalled({ processes }: RunRecording): FunctionRecording[] {
  const all = processes.flatMap(({ threads }) => threads.flatMap(({ functions }) => functions));
  const seen = new Set<string>();
  return all.filter(({ file, name, calls }) => {
    const key = `${file}:${name}`;
    if (calls === 0 || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
