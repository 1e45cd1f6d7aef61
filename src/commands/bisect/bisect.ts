import { resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Settings } from '../../config/config.js';
import { percentOf } from '../../report/compare/judge.js';
import { writeFileWhole } from '../../report/files.js';
import { formatSigned } from '../../report/formats/table/format-time.js';
import { TtprofError } from '../../shared/errors.js';
import { EXIT_CODES } from '../../shared/exit-codes.js';
import { say } from '../../shared/say.js';
import { formatCounted } from '../../shared/text/format-count.js';
import { findCommit, git, tryGit } from '../ab/git.js';
import type { Ending } from '../run/launch.js';
import { checkProgram } from '../run/run.js';
import { Interruption } from '../run/signals.js';
import { Revisions } from './revisions.js';
import { searchFirstBad } from './search.js';

/** One comparison with the good revision. */
interface Step {
  readonly commit: string;
  readonly answer: 'good' | 'bad' | 'skip';
  readonly percent: number | null;
  readonly pairs: number;
  /** Whether the verdict is beyond doubt; else `answer` is that of the nearer of the two ends. */
  readonly sure: boolean;
}

/**
 * `ttprof bisect --good REV [--bad REV] -t T app.js`: finds the commit that made a target slower (`--faster`: faster).
 * The user's files, index, stash and bisect state are not touched: revisions are checked out elsewhere.
 * @throws {TtprofError} for wrong usage, before the program starts
 */
export async function runBisect(settings: Settings, rest: readonly string[]): Promise<Ending> {
  const { good, bad, faster } = settings;
  if (good === null) throw new TtprofError('nothing to begin with: ttprof bisect --good REV -t T app.js');
  if (settings.turns === 'module')
    throw new TtprofError(
      '--turns module is for ab: bisect compares by processes, whatever a revision keeps',
    );
  checkProgram(settings, rest);
  const cwd = process.cwd();
  const commits = listCommits(cwd, good, bad);
  const interruption = new Interruption();
  const revisions = new Revisions(settings, rest, cwd, good);
  try {
    const ends = await revisions.compareEnds(bad, faster);
    if (interruption.received !== null) return { exitCode: null, signal: interruption.received };
    if (ends === null) {
      say(`${good} and ${bad} do not differ: no target is ${faster ? 'faster' : 'slower'} beyond doubt`);
      return { exitCode: EXIT_CODES.noDifference, signal: null };
    }
    say(
      `${ends.name}: ${describeChange(ends)} from ${good} to ${bad}; ${formatCounted(commits.length, 'commit')} between them`,
    );
    const steps: Step[] = [];
    const { suspects } = await searchFirstBad(commits.length, async (index) => {
      await nextTurn();
      // the search ends soon where nothing more is tested
      if (interruption.received !== null) return 'skip';
      const step = await revisions.test(commits[index]!, ends);
      steps.push({ commit: commits[index]!, ...step });
      say(`${describeCommit(cwd, commits[index]!)}: ${describeStep(step)}`);
      return step.answer;
    });
    if (interruption.received !== null) return { exitCode: null, signal: interruption.received };
    const found = suspects.map((index) => commits[index]!);
    process.stdout.write(renderResult(cwd, found, ends, faster));
    if (settings.json !== null) writeJson(settings.json, { found, ends, steps, good, bad });
    return { exitCode: EXIT_CODES.ok, signal: null };
  } finally {
    revisions.remove();
    interruption.stop();
  }
}

/** The commits after the good one, up to and with the bad one, the oldest first; a merged branch counts as one. */
function listCommits(cwd: string, good: string, bad: string): string[] {
  for (const [flag, revision] of [
    ['--good', good],
    ['--bad', bad],
  ] as const) {
    if (findCommit(cwd, revision) === null)
      throw new TtprofError(`${flag} ${JSON.stringify(revision)} is no git revision of ${cwd}`);
  }
  if (!tryGit(cwd, 'merge-base', '--is-ancestor', good, bad).ok)
    throw new TtprofError(`--good ${JSON.stringify(good)} does not come before --bad ${JSON.stringify(bad)}`);
  const commits = git(cwd, 'rev-list', '--reverse', '--first-parent', `${good}..${bad}`)
    .split('\n')
    .filter(Boolean);
  if (commits.length === 0) throw new TtprofError(`there is no commit between ${good} and ${bad}`);
  return commits;
}

interface Change {
  readonly percent: number;
  readonly low: number | null;
  readonly high: number | null;
}

function describeChange({ percent, low, high }: Change): string {
  const interval = low === null || high === null ? '' : ` [${formatSigned(low)}, ${formatSigned(high)}]`;
  return `${formatSigned(percent)} %${interval}`;
}

function describeStep({ answer, percent, pairs, sure }: Omit<Step, 'commit'>): string {
  if (answer === 'skip') return 'skipped, because its program fails';
  return `${answer} (${formatSigned(percent ?? 0)} % in ${formatCounted(pairs, 'pair')}${sure ? '' : ', the nearer of both ends'})`;
}

/** Short hash, author date and subject. */
function describeCommit(cwd: string, commit: string): string {
  return git(cwd, 'log', '-1', '--format=%h %as %s', commit);
}

function renderResult(
  cwd: string,
  found: readonly string[],
  ends: Change & { name: string },
  faster: boolean,
): string {
  const word = faster ? 'faster' : 'slower';
  const [only, ...others] = found.map((commit) => describeCommit(cwd, commit));
  const change = `${ends.name} ${describeChange(ends)}`;
  if (others.length === 0) return `first ${word} commit: ${only}\n${change}\n`;
  const list = [only, ...others].map((line) => `  ${line}\n`).join('');
  return `the first ${word} commit is one of these, of which some could not be tested:\n${list}${change}\n`;
}

interface Outcome {
  readonly found: readonly string[];
  readonly ends: Change & { readonly name: string; readonly logRatio: number };
  readonly steps: readonly Step[];
  readonly good: string;
  readonly bad: string;
}

function writeJson(path: string, { found, ends, steps, good, bad }: Outcome): void {
  const change = { percent: percentOf(ends.logRatio), low: ends.low, high: ends.high };
  const text = `${JSON.stringify({ version: 1, good, bad, target: ends.name, change, found, steps }, null, 2)}\n`;
  if (path === '-') process.stdout.write(text);
  else writeFileWhole(resolve(path), text);
}
