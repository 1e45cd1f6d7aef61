import { judgeFunctions, type StateJudgement } from '../../../loader/state/judge-functions.js';
import type { ReadImported, Refusal } from '../../../loader/state/refusal.js';
import type { ExchangedFunction } from '../../../runtime/contract.js';
import { reasonOf } from '../../../shared/errors.js';
import type { Versions } from './match-versions.js';

export interface JudgedVersions {
  readonly functions: readonly ExchangedFunction[];
  /** One line for each function of which two versions cannot share a process. */
  readonly refusals: readonly string[];
}

/**
 * Which functions may be exchanged call by call: neither version keeps anything between calls.
 * @param isOwnScript is a file the program's script, which cannot be loaded a second time?
 * @param show how a file is named to the user
 */
export function judgeVersions(
  versions: readonly Versions[],
  isOwnScript: (file: string) => boolean,
  readSource: (file: string) => string,
  readImported: ReadImported,
  show: (file: string) => string,
): JudgedVersions {
  const heads = judgeEach(versions, readSource, readImported);
  const bases = judgeEach(
    versions.map(({ base }) => base),
    readSource,
    readImported,
  );
  const functions: ExchangedFunction[] = [];
  const refusals: string[] = [];
  versions.forEach((one, index) => {
    const [head, base] = [heads[index]!, bases[index]!];
    const [refused, file] = head.refusal !== null ? [head.refusal, one.file] : [base.refusal, one.base.file];
    if (isOwnScript(one.file)) refusals.push(`${one.name} is in the program's own script`);
    else if (refused !== null) refusals.push(explain(one.name, show(file), refused));
    else functions.push({ ...one, reach: base.reach! });
  });
  return { functions, refusals };
}

function explain(name: string, file: string, { reason, line }: Refusal): string {
  return `${name} ${reason} (${file}:${line})`;
}

/** In the order given, each file looked into once. */
function judgeEach(
  functions: readonly { readonly file: string; readonly name: string }[],
  readSource: (file: string) => string,
  readImported: ReadImported,
): Pick<StateJudgement, 'reach' | 'refusal'>[] {
  const files = new Map<string, Map<string, Pick<StateJudgement, 'reach' | 'refusal'>>>();
  for (const file of new Set(functions.map((each) => each.file))) {
    const names = functions.filter((each) => each.file === file).map(({ name }) => name);
    files.set(file, judgeFile(file, names, readSource, readImported));
  }
  return functions.map(({ file, name }) => files.get(file)!.get(name)!);
}

function judgeFile(
  file: string,
  names: readonly string[],
  readSource: (file: string) => string,
  readImported: ReadImported,
): Map<string, Pick<StateJudgement, 'reach' | 'refusal'>> {
  try {
    const judged = judgeFunctions({ file, source: readSource(file) }, names, readImported);
    return new Map(judged.map((each) => [each.name, each]));
  } catch (error) {
    const refusal = { reason: `cannot be looked into: ${reasonOf(error)}`, line: 1 };
    return new Map(names.map((name) => [name, { reach: null, refusal }]));
  }
}
