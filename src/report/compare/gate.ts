import type { Config } from '../../config/config.js';
import { EXIT_CODES, type ExitCode } from '../../shared/exit-codes.js';
import type { Comparison, FunctionStats, Report } from '../model.js';
import { rejectByHolm } from '../statistics/holm.js';
import { type Evidence, MIN_RUNS, type NoEvidence, ONE_SIDED_ALPHA } from './evidence.js';
import { gatherEvidence } from './gather-evidence.js';

/** What the gates say of a report; the app's own exit code, where it is not 0, comes before. */
export interface GateDecision {
  /** 0: passed; 3: slower; 4: a target matched nothing or was never called; 2: a gate that could not fail. */
  readonly exitCode: ExitCode;
  /** One line for a person; null where the gates passed. */
  readonly message: string | null;
  /** Canonical names of the functions that are slower beyond doubt. */
  readonly slower: readonly string[];
}

/** No more runs than this are advised. */
const MAX_ADVISED_RUNS = 200;
/** And no fewer, even where these would do. */
const MIN_ADVISED_RUNS = 10;

/** What `--fail-if-slower` and `--strict` say. Pure. */
export function decideGate(
  report: Report,
  options: Pick<Config, 'failIfSlowerPercent' | 'strict'>,
): GateDecision {
  const threshold = options.failIfSlowerPercent;
  const tests = threshold === null ? [] : collectTests(report, Math.log1p(threshold / 100));
  const rejected = rejectByHolm(
    tests.map((test) => test.pValue),
    ONE_SIDED_ALPHA,
  );
  const slower = tests.filter((_, i) => rejected[i]).map((test) => test.row);
  if (slower.length > 0) {
    const list = slower.map(({ name, delta }) => (delta ? `${name} (+${delta.percent.toFixed(1)} %)` : name));
    const message = `slower by more than ${threshold} %: ${list.join(', ')}`;
    return { exitCode: EXIT_CODES.slower, message, slower: slower.map((row) => row.name) };
  }
  const missing = findMissing(report, options);
  if (missing !== null) return { exitCode: EXIT_CODES.missing, message: missing, slower: [] };
  const powerless = threshold === null ? null : explainPowerless(tests, report.comparison?.kind);
  if (powerless !== null) return { exitCode: EXIT_CODES.wrongUsage, message: powerless, slower: [] };
  return { exitCode: EXIT_CODES.ok, message: null, slower: [] };
}

/**
 * Why `--fail-if-slower` could not fail whatever so many runs measure, to be asked before they are made; null where it
 * could.
 * @param baselineRuns how many runs the other side has
 * @param kind what the other side is: a saved run, or measured beside
 */
export function foreseePowerless(
  runs: number,
  baselineRuns: number,
  kind: 'baseline' | 'base',
): string | null {
  const size = Math.min(runs, baselineRuns);
  if (size >= MIN_RUNS) return null;
  const few = size === 1 ? '1 run' : `${size} runs`;
  const command = kind === 'base' ? 'ttprof ab' : 'ttprof';
  return `--fail-if-slower could not fail with ${few} a side; use '${command} --runs ${advisedRuns('runs', ONE_SIDED_ALPHA)}'${forBaseline(kind)}`;
}

/** A saved baseline must have enough runs as well. */
function forBaseline(kind: Comparison['kind'] | undefined): string {
  return kind === 'baseline' ? ', for the baseline too' : '';
}

interface SlownessTest {
  readonly row: FunctionStats;
  readonly evidence: Evidence | NoEvidence;
  readonly pValue: number;
}

/** One test for each function that has something to be compared with. */
function collectTests(report: Report, logThreshold: number): SlownessTest[] {
  const [first] = report.functions;
  return report.functions.flatMap((row) => {
    if (row.delta === null || !first) return [];
    const evidence = gatherEvidence(row.baseline ?? first, row, report);
    return [{ row, evidence, pValue: measureDoubt(evidence, logThreshold) }];
  });
}

/** The p-value of "not slower than the threshold". */
function measureDoubt(evidence: Evidence | NoEvidence, logThreshold: number): number {
  if ('shortage' in evidence || !evidence.lasting) return 1;
  return evidence.pValueAbove(logThreshold + evidence.biasAllowance);
}

/** Why not even the clearest slowdown could have failed the gate; null where one could. */
function explainPowerless(
  tests: readonly SlownessTest[],
  kind: Comparison['kind'] | undefined,
): string | null {
  const gate = '--fail-if-slower could not have failed';
  const [test] = tests;
  if (!test)
    return `${gate}: no function has anything to be compared with; check the targets and the baseline`;
  const bound = ONE_SIDED_ALPHA / tests.length;
  if (tests.some(({ evidence }) => !('shortage' in evidence) && evidence.smallestP <= bound)) return null;
  const orders = tests.every(({ evidence }) => 'shortage' in evidence && evidence.shortage === 'order');
  if (orders) {
    return `${gate}: the calls come one after the other; let them take turns, or use --runs ${advisedRuns('pairs', bound)}`;
  }
  const { evidence } = test;
  const method = evidence.method === 'runs' ? 'runs' : 'pairs';
  const few =
    evidence.method === 'calls'
      ? 'so few calls in so short a time'
      : `${evidence.size === 1 ? '1 run' : `${evidence.size} runs`}${method === 'runs' ? ' a side' : ''} for ${tests.length === 1 ? 'a function' : `${tests.length} functions`}`;
  return `${gate} with ${few}; use --runs ${advisedRuns(method, bound)}${forBaseline(kind)}`;
}

/** As many as let the clearest outcome pass `bound`. */
function advisedRuns(method: 'runs' | 'pairs', bound: number): number {
  let runs = 1;
  let smallestP = 1 / 2;
  while (smallestP > bound && runs < MAX_ADVISED_RUNS) {
    runs++;
    // 1 / (2n choose n) for two samples, 1 / 2^n for pairs
    smallestP *= method === 'runs' ? runs / (4 * runs - 2) : 1 / 2;
  }
  return Math.max(runs, MIN_ADVISED_RUNS);
}

/** Names the targets that matched nothing or, with `--strict`, were never called. */
function findMissing(
  { targets, functions }: Report,
  { failIfSlowerPercent, strict }: Pick<Config, 'failIfSlowerPercent' | 'strict'>,
): string | null {
  if (!strict && failIfSlowerPercent === null) return null;
  const wanted = targets.filter(({ target }) => !target.startsWith('!'));
  const unmatched = wanted.filter(({ matched }) => matched === 0).map(({ target }) => target);
  if (unmatched.length > 0) return `matched nothing: ${unmatched.join(', ')}`;
  if (!strict) return null;
  const called = new Set(
    functions
      .filter((row) => row.calls + row.unfinished > 0)
      .flatMap((row) => [row.target, ...(row.targets ?? [])]),
  );
  const idle = wanted.map(({ target }) => target).filter((target) => !called.has(target));
  return idle.length > 0 ? `never called: ${idle.join(', ')}` : null;
}
