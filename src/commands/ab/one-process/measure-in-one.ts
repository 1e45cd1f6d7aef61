import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { EXCHANGE_VARIABLE } from '../../../config/environment.js';
import type { ExchangedFunction, ExchangeOptions } from '../../../runtime/contract.js';
import { canonicalFile } from '../../../shared/names/canonical-name.js';
import { measureRun } from '../../run/measure-run.js';
import { describeFailure } from '../../run/measure-runs.js';
import {
  type MakePair,
  measureInTurns,
  measureOneAfterTheOther,
  type PairInTurns,
  type PairOptions,
  type SidePlans,
} from '../measure-pair.js';
import type { Sides } from '../sides.js';
import type { JudgedVersions } from './judge-versions.js';
import { matchVersions } from './match-versions.js';
import { mergePairs } from './merge-pairs.js';
import { readImported } from './read-imported.js';
import { listBaseFolders, splitRun } from './split-run.js';

const NOT_LOADED = "the base's module could not be loaded beside the current one";

/**
 * Pairs of which both versions are called in one process. Which functions there are is learnt from a first run of each;
 * those that keep something between calls are compared by processes that take turns.
 * @param note is told why
 */
export function inOneProcess(sides: Sides, note: (text: string) => void): MakePair {
  let functions: readonly ExchangedFunction[] | null = null;
  let make: MakePair | null = null;

  const fallBack = (reasons: readonly string[]): MakePair => {
    for (const reason of reasons)
      note(`the versions did not share a process, because ${reason}: they took turns in two`);
    return measureInTurns;
  };

  const prepare = async (plans: SidePlans, options: PairOptions): Promise<MakePair> => {
    const hidden = { ...options, shown: 'none' as const };
    const { base, head } = await measureOneAfterTheOther(plans, 'base', hidden, () => !options.abort.aborted);
    // somebody wants an end
    const ended = [base, head].find((one) => one !== undefined && one.run.signal !== null);
    if (ended) return async () => ({ base: ended, head: ended, obstacles: [] });
    // whatever is wrong shows in turns too, with all that is said of it then
    if (!base || !head || [base, head].some((run) => describeFailure(run, '') !== null))
      return measureInTurns;
    const versions = matchVersions(
      { run: head.run, cwd: sides.head.cwd },
      { run: base.run, cwd: sides.base.cwd },
    );
    const { judgeVersions } = await import('./judge-versions.js');
    const scripts = head.run.processes.map(({ entry }) => entry && resolve(sides.head.cwd, entry));
    const judged: JudgedVersions = judgeVersions(
      versions,
      (file) => scripts.includes(file),
      (file) => readFileSync(file, 'utf8'),
      readImported,
      (file) => canonicalFile(file, file.startsWith(sides.base.root) ? sides.base.cwd : sides.head.cwd),
    );
    if (judged.functions.length === 0)
      return fallBack(judged.refusals.length > 0 ? judged.refusals : ['no function was called in both']);
    functions = judged.functions;
    if (judged.refusals.length === 0) return measure;
    for (const refusal of judged.refusals)
      note(
        `${refusal.slice(0, refusal.indexOf(' '))} was compared by processes in turns, because ${refusal}`,
      );
    return measureBoth;
  };

  const measure: MakePair = async (plans, options) => {
    const pair = await measureShared(sides, functions!, plans, options);
    if (isLoaded(pair, options)) return pair;
    make = fallBack([NOT_LOADED]);
    // its output has been shown
    return make(plans, { ...options, shown: 'none' });
  };

  /** Those that can be exchanged in one process, the others in two. */
  const measureBoth: MakePair = async (plans, options) => {
    const targets = functions!.map(({ file, name }) => `${file}:${name}`);
    const shared = await measureShared(sides, functions!, plans, options, targets);
    if (options.abort.aborted || describeFailure(shared.head, '') !== null) return shared;
    const turns = await measureInTurns(plans, { ...options, shown: 'none' });
    if (turns === null || isLoaded(shared, options)) return turns && mergePairs(shared, turns, functions!);
    make = fallBack([NOT_LOADED]);
    return turns;
  };

  const isLoaded = (pair: PairInTurns, { abort }: PairOptions): boolean => {
    const isShared = pair.base.run.processes.some(({ threads }) =>
      threads.some((thread) => thread.functions.some(({ calls }) => calls > 0)),
    );
    return isShared || abort.aborted || describeFailure(pair.head, '') !== null;
  };

  return async (plans, options) => {
    make ??= await prepare(plans, options);
    return make(plans, options);
  };
}

async function measureShared(
  sides: Sides,
  functions: readonly ExchangedFunction[],
  { head }: SidePlans,
  { shown, abort }: PairOptions,
  named: readonly string[] = head.settings.targets,
): Promise<PairInTurns> {
  const exchange: ExchangeOptions = {
    functions,
    loadsBaseFirst: randomInt(2) === 1,
    seed: randomInt(1, 2 ** 31),
  };
  const env = { ...(head.env ?? process.env), [EXCHANGE_VARIABLE]: JSON.stringify(exchange) };
  const targets = [...named, ...functions.map(({ base }) => `${base.file}:${base.name}`)];
  const settings = { ...head.settings, targets };
  const measured = await measureRun({ ...head, settings, env, hidden: shown === 'none', abort });
  const runs = splitRun(measured.run, listBaseFolders(sides.base.root, functions));
  return {
    base: { ...measured, run: runs.base },
    head: { ...measured, run: runs.head },
    obstacles: [],
  };
}
