import { isAbsolute, resolve } from 'node:path';
import { AS_MANY_AS_NEEDED, type Settings } from '../../config/config.js';
import { decideGate } from '../../report/compare/gate.js';
import type { Report } from '../../report/model.js';
import { type Conclusion, conclude, describe } from '../../session/conclude.js';
import { TtprofError } from '../../shared/errors.js';
import { EXIT_CODES } from '../../shared/exit-codes.js';
import { say } from '../../shared/say.js';
import type { Ending } from '../run/launch.js';
import { type PlannedRun, summarize } from '../run/measure-runs.js';
import { isNodeScript } from '../run/resolve-program.js';
import { mapEnvironment, mapPath, mapTarget } from './map-path.js';
import { type MeasuredPair, measureInTurns, type SidePlans } from './measure-pair.js';
import { type MeasuredPairs, measurePairs, type Standing } from './measure-pairs.js';
import { inOneProcess } from './one-process/measure-in-one.js';
import type { Sides } from './sides.js';

/**
 * Measures both sides and reports, with a verdict for each target.
 * @throws {TtprofError} where the program cannot be started
 */
export async function compareSides(
  sides: Sides,
  settings: Settings,
  rest: readonly string[],
): Promise<Ending> {
  const plans = planSides(sides, settings, rest);
  const judge = (pairs: readonly MeasuredPair[], seconds: number): Standing => {
    const result = { pairs, inTurns: true, seconds, notes: [] };
    return findStanding(describe(concludeSides(sides, settings, result)), settings);
  };
  const notes: string[] = [];
  const makePair =
    settings.turns === 'module' ? inOneProcess(sides, (note) => notes.push(note)) : measureInTurns;
  const measured = await measurePairs(plans, settings, judge, { makePair });
  const result = { ...measured, notes: [...notes, ...measured.notes] };
  const { pairs, failed, received } = result;
  const { exitCode, signal } = failed ?? pairs.at(-1)?.head.run ?? { exitCode: 0, signal: received };
  const ending = { exitCode, signal: (signal ?? received) as NodeJS.Signals | null };
  if (pairs.length === 0) {
    for (const note of result.notes) say(note);
    return ending;
  }
  const code = conclude(concludeSides(sides, settings, result));
  return ending.signal === null && exitCode === 0 ? { exitCode: code, signal: null } : ending;
}

function concludeSides(
  sides: Sides,
  settings: Settings,
  { pairs, inTurns, seconds, notes }: Pick<MeasuredPairs, 'pairs' | 'inTurns' | 'seconds' | 'notes'>,
): Conclusion {
  const config = { ...settings, compare: false, baseline: null };
  const base = summarize(pairs.map((pair) => pair.base));
  const report = describe({ config, cwd: sides.base.cwd, baseline: null, ...base, notes: [] });
  const untilDecided = settings.runs === AS_MANY_AS_NEEDED;
  return {
    config,
    cwd: sides.head.cwd,
    baseline: {
      kind: 'base',
      source: sides.source,
      report,
      ...(inTurns && { pairs: { untilDecided, seconds } }),
    },
    ...summarize(pairs.map((pair) => pair.head)),
    notes,
  };
}

/** Which targets have a verdict. A gate may need more pairs than the verdicts, since it corrects for all targets. */
function findStanding(report: Report, settings: Settings): Standing {
  const verdicts = report.functions.flatMap(({ delta }) => (delta === null ? [] : [delta.verdict]));
  const decided = verdicts.filter((verdict) => verdict !== null && verdict !== 'unsure').length;
  const isGateReady = decideGate(report, settings).exitCode !== EXIT_CODES.wrongUsage;
  // under --drill no number of pairs decides
  const isDecided = settings.drill || decided === verdicts.length;
  return { targets: verdicts.length, decided, isDone: isDecided && isGateReady };
}

function planSides(sides: Sides, settings: Settings, rest: readonly string[]): SidePlans {
  return {
    base: planBase(sides, settings, rest),
    head: { name: 'now', settings, rest, cwd: sides.head.cwd },
  };
}

/**
 * How the program of the base is run.
 * @throws {TtprofError} where the base does not have it
 */
export function planBase(sides: Sides, settings: Settings, rest: readonly string[]): PlannedRun {
  const [first = '', ...args] = rest;
  const { cwd } = sides.base;
  const program = isAbsolute(first) ? mapPath(first, sides) : first;
  if (isNodeScript(resolve(sides.head.cwd, first)) && !isNodeScript(resolve(cwd, program))) {
    throw new TtprofError(
      `${sides.source} has no ${first}: where it is built, build it in a folder of its own and name that with --base`,
    );
  }
  return {
    name: sides.source,
    settings: { ...settings, targets: settings.targets.map((target) => mapTarget(target, sides)) },
    rest: [program, ...args],
    cwd,
    env: mapEnvironment(process.env, sides),
  };
}
