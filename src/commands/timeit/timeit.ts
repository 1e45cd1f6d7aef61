import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { text as readText } from 'node:stream/consumers';
import { AS_MANY_AS_NEEDED, type Settings } from '../../config/config.js';
import { describeFileError, writeFileWhole } from '../../report/files.js';
import { TtprofError } from '../../shared/errors.js';
import { say } from '../../shared/say.js';
import { judgeTimings, type TimeitResult } from '../../timeit/judge-timings.js';
import { renderTimings } from '../../timeit/render-timings.js';
import type { CaseTiming } from '../../timeit/timing.js';
import type { Ending } from '../run/launch.js';
import { Progress } from '../run/progress.js';
import { compileProgram } from './compile-program.js';

const ENGINE_URL = new URL('../../timeit/time-in-process.js', import.meta.url).href;
/** As of a program whose error nobody catches. */
const FAILED = 1;
/** Node's, where nothing is left that could settle what is waited for. */
const UNSETTLED = 13;
/** The result comes there; see `timeit/time-in-process.ts`. */
const RESULT_FILE = 3;

/**
 * `ttprof timeit [-s SETUP]… EXPR…`: times expressions in loops, each run in a process of its own.
 * @throws {TtprofError} for wrong usage: an expression that cannot be parsed
 */
export async function runTimeit(settings: Settings, expressions: readonly string[]): Promise<Ending> {
  if (expressions.length === 0)
    throw new TtprofError(
      "nothing to time: ttprof timeit -s SETUP EXPR, as in ttprof timeit '[1, 2].map(String)'",
    );
  const { setup, loops, rounds, json, marginPercent } = settings;
  const program = compileProgram(setup, expressions, { loops, rounds }, ENGINE_URL);
  const runs: CaseTiming[][] = [];
  const count = settings.runs === AS_MANY_AS_NEEDED ? 1 : settings.runs;
  const progress = new Progress(count);
  for (let run = 0; run < count; run++) {
    progress.begin(run, `run ${run + 1} of ${count}`, true);
    const { timings, ending } = await runProgram(program).finally(() => progress.clear());
    if (timings === null) return ending;
    runs.push(timings);
  }
  const results = judgeTimings(runs, marginPercent);
  if (json === '-') process.stdout.write(toJson(results));
  else {
    const { isTTY, columns } = process.stdout;
    process.stdout.write(renderTimings(results, isTTY ? columns : Number.POSITIVE_INFINITY));
    if (json !== null && !writeJson(json, results)) return { exitCode: FAILED, signal: null };
  }
  return { exitCode: 0, signal: null };
}

/** @returns whether it could be written */
function writeJson(path: string, results: readonly TimeitResult[]): boolean {
  try {
    writeFileWhole(resolve(path), toJson(results));
    return true;
  } catch (error) {
    say(`cannot write --json ${path}: ${describeFileError(error, 'write')}`);
    return false;
  }
}

async function runProgram(program: string): Promise<{ timings: CaseTiming[] | null; ending: Ending }> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
  });
  const result = readText(child.stdio[RESULT_FILE] as Readable);
  const [exitCode, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  const ending = { exitCode, signal };
  const json = await result;
  if (exitCode !== 0 || json === '') {
    // of an error Node has told
    if (exitCode !== FAILED) say(`the program ended before it was timed (${describeEnding(ending)})`);
    return { timings: null, ending: exitCode === 0 ? { exitCode: FAILED, signal: null } : ending };
  }
  return { timings: JSON.parse(json) as CaseTiming[], ending };
}

function describeEnding({ exitCode, signal }: Ending): string {
  if (signal !== null) return signal;
  return exitCode === UNSETTLED ? 'what it waits for can never settle' : `exit code ${exitCode}`;
}

/** tprof's seven fields keep their names, so that the file is a baseline to both tools. */
function toJson(results: readonly TimeitResult[]): string {
  const functions = results.map((result) => ({
    name: result.name,
    calls: result.loops * result.rounds * result.runs,
    total_ns: Math.round(result.medianNs * result.loops * result.rounds * result.runs),
    min_ns: result.bestNs,
    max_ns: null,
    median_ns: result.medianNs,
    stdev_ns: result.stdevNs,
    loops: result.loops,
    rounds: result.rounds,
    run_count: result.runs,
    is_empty: result.isEmpty,
    delta: result.delta,
  }));
  return `${JSON.stringify({ version: 1, label: null, functions }, null, 2)}\n`;
}
