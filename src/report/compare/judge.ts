import { formatCounted } from '../../shared/text/format-count.js';
import type { Verdict } from '../model.js';
import type { Evidence, NoEvidence } from './evidence.js';

/** The 95 % interval and what follows from it, in percent. */
export interface Judgement {
  readonly low: number | null;
  readonly high: number | null;
  readonly verdict: Verdict | null;
  readonly reason: string | null;
  readonly furtherRuns?: number;
  /** The logarithm of the ratio that this is about; left out where there is no evidence. */
  readonly logRatio?: number;
}

/** To repeat this many times as often is no advice that anybody can follow. */
const MAX_ADVISED_TIMES = 100;

/**
 * The verdict: `faster` or `slower` where the 95 % interval lies wholly beyond the margin; `same` where the 90 %
 * interval lies wholly inside it, which is two one-sided tests at 5 % each (Schuirmann, Journal of Pharmacokinetics
 * and Biopharmaceutics, 1987); otherwise `unsure`, with what would decide. What an earlier look has decided stands.
 */
export function judge(evidence: Evidence | NoEvidence, marginPercent: number): Judgement {
  if ('shortage' in evidence) {
    const { shortage } = evidence;
    const verdict = shortage === 'single' || shortage === 'sampler' ? null : 'unsure';
    return { low: null, high: null, verdict, reason: explainShortage(evidence) };
  }
  for (const look of evidence.earlier ?? []) {
    const judgement = judgeOnce(look, marginPercent);
    if (judgement.verdict !== 'unsure') return judgement;
  }
  return judgeOnce(evidence, marginPercent);
}

function judgeOnce(evidence: Evidence, marginPercent: number): Judgement {
  const { logRatio } = evidence;
  const wide = evidence.interval(0.95);
  const narrow = evidence.interval(0.9);
  const [low, high] = [percentOf(wide.low), percentOf(wide.high)];
  const decide = (verdict: Verdict, reason: string | null = null): Judgement => ({
    low,
    high,
    verdict,
    reason,
    logRatio,
  });
  const { lower, upper } = logMargins(marginPercent);
  const { biasAllowance, biasOf } = evidence;
  if (wide.high < lower || wide.low > upper) {
    if (!evidence.lasting) return decide('unsure', COMPILED_LATER);
    if (wide.high < lower - biasAllowance) return decide('faster');
    if (wide.low > upper + biasAllowance) return decide('slower');
  }
  const outside = logRatio < lower || logRatio > upper;
  const byBias = logRatio > lower - biasAllowance && logRatio < upper + biasAllowance;
  if (biasOf === 'process' && outside && byBias) return decide('unsure', explainProcessBias(biasAllowance));
  if (biasOf === 'modules' && outside && byBias) return decide('unsure', explainModulesBias(biasAllowance));
  if (biasOf === 'order') return decide('unsure', explainOrderBias(biasAllowance));
  if (narrow.low > lower && narrow.high < upper) return decide('same');
  const times = timesAsMany(evidence, marginPercent);
  return { low, high, verdict: 'unsure', logRatio, ...explainUnsure(evidence, times, marginPercent) };
}

/** Where no number of repetitions that one would wait for tells more. */
const ADVICE_WHERE_NOISY = {
  calls: 'the calls differ too much: use --runs 10',
  pairs: 'the pairs of runs differ too much: use a quieter machine',
  runs: "the runs differ too much; 'ttprof ab' without --runs, whose runs take turns, tells more",
} as const;

const COMPILED_LATER =
  'the difference went away before the run ended (one was compiled before the other): call them more often, or use --runs 10';
const explainProcessBias = (bias: number): string =>
  `within one process even identical code can differ by ${showBias(bias)}: use --runs 10`;
const explainOrderBias = (bias: number): string =>
  `unsure (order effect): the calls come one after the other in each run, which alone can make ${showBias(bias)}; let them take turns`;
const explainModulesBias = (bias: number): string =>
  `which of the two modules is loaded and called first is the same in each run, which alone can make ${showBias(bias)}: draw it, or compare versions with ttprof ab`;
const explainRounding = (rounding: number): string =>
  `the steps of the clock alone can make ${showBias(rounding)}: measure a caller that does this work many times`;
const showBias = (bias: number): string => `${percentOf(bias).toFixed(0)} %`;

const signed = (percent: number): string => `${percent < 0 ? '' : '+'}${percent.toFixed(1)}`;
const formatSeconds = (seconds: number): string =>
  seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;

/** The margin as logarithms of ratios; nothing is faster by 100 %. */
function logMargins(marginPercent: number): { readonly lower: number; readonly upper: number } {
  const lower = marginPercent < 100 ? Math.log1p(-marginPercent / 100) : Number.NEGATIVE_INFINITY;
  return { lower, upper: Math.log1p(marginPercent / 100) };
}

/** A logarithm of a ratio as a change in percent. */
export function percentOf(logRatio: number): number {
  return Math.expm1(logRatio) * 100;
}

/**
 * How many times as many repetitions would have decided, if the estimate is right: intervals shrink with the square
 * root of their number.
 * @returns Infinity where the estimate lies on the margin itself, or so near that the clock's steps lie between
 */
function timesAsMany(evidence: Evidence, marginPercent: number): number {
  const inside = Math.abs(percentOf(evidence.logRatio)) < marginPercent;
  const { low, high } = evidence.interval(inside ? 0.9 : 0.95);
  const margins = logMargins(marginPercent);
  const biasAllowance = inside ? 0 : evidence.biasAllowance;
  const { logRatio } = evidence;
  const edge = Math.min(
    Math.abs(logRatio - margins.upper - biasAllowance),
    Math.abs(logRatio - margins.lower + biasAllowance),
  );
  const room = edge - evidence.rounding;
  return room <= 0 ? Number.POSITIVE_INFINITY : (((high - low) / 2 - evidence.rounding) / room) ** 2;
}

function explainUnsure(
  evidence: Evidence,
  times: number,
  marginPercent: number,
): Pick<Judgement, 'reason' | 'furtherRuns'> {
  if (times > MAX_ADVISED_TIMES && evidence.rounding > logMargins(marginPercent).upper / 2) {
    return { reason: explainRounding(evidence.rounding) };
  }
  const { low, high } = evidence.interval(0.95);
  const between = `unsure: between ${signed(percentOf(low))} % and ${signed(percentOf(high))} %`;
  if (evidence.spentSeconds !== undefined) {
    // a change is told where its interval lies beyond the margin
    const limit = Math.ceil(percentOf((high - low) / 2) + marginPercent);
    const spent = formatSeconds(evidence.spentSeconds);
    return { reason: `${between}; changes below ${limit} % cannot be told here in ${spent}` };
  }
  if (times > MAX_ADVISED_TIMES && (high - low) / 2 > logMargins(marginPercent).upper) {
    const advice = ADVICE_WHERE_NOISY[evidence.method];
    return { reason: `${between}: ${advice}` };
  }
  if (times > MAX_ADVISED_TIMES) {
    return { reason: 'the difference is too close to the margin to decide; a wider --margin would' };
  }
  if (evidence.method === 'calls') {
    const about = Math.max(times, 1.5).toFixed(times < 3 ? 1 : 0);
    return { reason: `unsure; about ${about} times as many calls would decide, or --runs 10` };
  }
  const furtherRuns = Math.max(Math.ceil(evidence.size * times) - evidence.size, 1);
  const side = evidence.method === 'runs' ? ' a side' : '';
  const total = evidence.size + furtherRuns;
  return {
    reason: `unsure; about ${furtherRuns} more ${furtherRuns === 1 ? 'run' : 'runs'}${side} would decide: --runs ${total}`,
    furtherRuns,
  };
}

function tooFew(size: number, what: string, which = ''): string {
  return `${formatCounted(size, what)}${which} ${size === 1 ? 'is' : 'are'} too few to tell a change from noise`;
}

function explainShortage({ shortage, size, needed }: NoEvidence): string {
  switch (shortage) {
    case 'single':
      return 'run-to-run noise unknown: use --runs 10 on both sides';
    case 'sampler':
      return 'times under --drill give no verdicts: leave it out on both sides';
    case 'runs':
      return `${tooFew(size, 'run', ' a side')} (at least ${needed}): use --runs 10`;
    case 'pairs':
      return `${tooFew(size, 'run', ' with both functions')} (at least ${needed}): use --runs 10`;
    case 'rounds':
      return `${tooFew(size, 'round')} (at least ${needed})`;
    case 'calls':
      return `${tooFew(size, 'call')} (at least ${needed} of each): call it more often, or use --runs 10`;
    case 'time':
      return `the calls lie within ${size.toFixed(size < 10 ? 1 : 0)} ms, too short for the compiler to come to rest (at least ${needed} ms): call them more often, or use --runs 10`;
    case 'order':
      return 'unsure (order effect): the calls come one after the other, so the time of the run decides too; let them take turns, or use --runs 10';
  }
}
