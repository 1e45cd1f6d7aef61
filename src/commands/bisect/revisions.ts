import type { Settings } from '../../config/config.js';
import { measureDifferences } from '../../report/compare/evidence-of-pairs.js';
import { percentOf } from '../../report/compare/judge.js';
import type { FunctionStats, Report } from '../../report/model.js';
import { describe } from '../../session/conclude.js';
import { TtprofError } from '../../shared/errors.js';
import { openSides } from '../ab/base-folder.js';
import { planBase } from '../ab/compare-sides.js';
import { provideDependencies } from '../ab/dependencies.js';
import type { MeasuredPair, SidePlans } from '../ab/measure-pair.js';
import { measurePairs } from '../ab/measure-pairs.js';
import type { Sides } from '../ab/sides.js';
import { type PlannedRun, summarize } from '../run/measure-runs.js';
import { belongsTo } from './belongs-to.js';

/** What made the bad end worse than the good one. */
export interface Ends {
  /** The function that shows it. */
  readonly name: string;
  readonly logRatio: number;
  readonly percent: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** How a revision compares with the good one. */
export interface Tested {
  readonly answer: 'good' | 'bad' | 'skip';
  readonly percent: number | null;
  readonly pairs: number;
  readonly sure: boolean;
}

/** Revisions of a project, checked out beside each other and measured in pairs with the good one. */
export class Revisions {
  readonly #settings: Settings;
  readonly #rest: readonly string[];
  readonly #cwd: string;
  readonly #good: Sides;

  /** @throws {TtprofError} where the good revision cannot be checked out */
  constructor(settings: Settings, rest: readonly string[], cwd: string, good: string) {
    this.#settings = settings;
    this.#rest = rest;
    this.#cwd = cwd;
    this.#good = openSides(good, cwd);
    provideDependencies(this.#good, settings.install);
  }

  /**
   * Compares the ends as `ttprof ab` does.
   * @returns the first function whose verdict is that which is looked for; null where none has it
   * @throws {TtprofError} where the program of one of both fails
   */
  async compareEnds(bad: string, faster: boolean): Promise<Ends | null> {
    const wanted = faster ? 'faster' : 'slower';
    const compared = await this.#compare(bad, (report) =>
      report.functions.every(
        ({ delta }) => delta === null || (delta.verdict !== null && delta.verdict !== 'unsure'),
      ),
    );
    if (compared === null) throw new TtprofError(`the program fails at ${this.#good.source} or ${bad}`);
    const row = compared.report.functions.find(({ delta }) => delta?.verdict === wanted);
    if (!row?.delta) return null;
    const { percent, low, high } = row.delta;
    return { name: row.name, percent, low, high, logRatio: Math.log1p(percent / 100) };
  }

  /** Which end a revision belongs to; `skip` where its program fails or does not have the function. */
  async test(revision: string, ends: Ends): Promise<Tested> {
    const decide = (report: Report) => {
      const differences = findDifferences(report, ends.name);
      return differences === null
        ? null
        : { ...belongsTo(differences, ends.logRatio), pairs: differences.length };
    };
    const compared = await this.#compare(revision, (report) => decide(report)?.isSure === true);
    const decision = compared === null ? null : decide(compared.report);
    if (decision === null) return { answer: 'skip', percent: null, pairs: 0, sure: false };
    const { end, isSure, logRatio, pairs } = decision;
    return { answer: end, percent: percentOf(logRatio), pairs, sure: isSure };
  }

  remove(): void {
    this.#good.remove();
  }

  /** @returns null where the program of one of both fails, or cannot be run */
  async #compare(
    revision: string,
    isDone: (report: Report) => boolean,
  ): Promise<{ readonly report: Report } | null> {
    const sides = openSides(revision, this.#cwd);
    try {
      let plans: SidePlans;
      try {
        provideDependencies(sides, this.#settings.install);
        plans = { base: this.#plan(this.#good), head: this.#plan(sides) };
      } catch {
        return null; // it has no such program, or wants other dependencies
      }
      const build = (pairs: readonly MeasuredPair[], seconds: number) => this.#report(sides, pairs, seconds);
      const judge = (soFar: readonly MeasuredPair[], spent: number) => {
        return { targets: 1, decided: 0, isDone: isDone(build(soFar, spent)) };
      };
      const { pairs, failed, seconds } = await measurePairs(plans, this.#settings, judge, {
        showsOutput: false,
      });
      return failed !== null || pairs.length === 0 ? null : { report: build(pairs, seconds) };
    } finally {
      sides.remove();
    }
  }

  #plan(sides: Sides): PlannedRun {
    return planBase(sides, this.#settings, this.#rest);
  }

  /** The revision against the good one, as pairs whether or not they could take turns. */
  #report(sides: Sides, pairs: readonly MeasuredPair[], seconds: number): Report {
    const config = { ...this.#settings, compare: false, baseline: null };
    const base = summarize(pairs.map((pair) => pair.base));
    const report = describe({ config, cwd: this.#good.base.cwd, baseline: null, ...base, notes: [] });
    return describe({
      config,
      cwd: sides.base.cwd,
      baseline: { kind: 'base', source: this.#good.source, report, pairs: { untilDecided: true, seconds } },
      ...summarize(pairs.map((pair) => pair.head)),
      notes: [],
    });
  }
}

function findDifferences({ functions }: Report, name: string): number[] | null {
  const after: FunctionStats | undefined = functions.find((row) => row.name === name);
  return after?.baseline ? measureDifferences(after.baseline, after) : null;
}
