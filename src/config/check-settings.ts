import { existsSync } from 'node:fs';
import { checkExpression } from '../loader/targets/breakdown.js';
import { parseTarget } from '../loader/targets/target.js';
import { TtprofError } from '../shared/errors.js';
import type { Config, Settings } from './config.js';
import { comparesNothing, NEEDS_COMPARISON } from './options/comparing.js';
import type { Command } from './options.js';

/**
 * @param name how the option is called where the targets come from
 * @param cwd the root process's working directory
 * @throws {TtprofError} naming the option and the target that cannot be parsed
 */
export function checkTargets(targets: readonly string[], name: string, cwd: string): void {
  for (const target of targets) {
    try {
      parseTarget(target, { cwd, exists: existsSync });
    } catch (error) {
      throw error instanceof TtprofError ? new TtprofError(`${name}: ${error.message}`) : error;
    }
  }
}

/**
 * Checks what cannot be seen from one option alone.
 * @throws {TtprofError} naming the options and values that contradict each other
 */
export function checkSettings(settings: Config): void {
  if (settings.compare && settings.baseline !== null) {
    throw new TtprofError(
      `--compare (-x) and --baseline ${JSON.stringify(settings.baseline)} exclude each other: compare with one of them`,
    );
  }
  if (settings.drill && settings.failIfSlowerPercent !== null) {
    throw new TtprofError(
      `--fail-if-slower ${settings.failIfSlowerPercent} could not fail under --drill, whose times give no verdicts: leave out one of them`,
    );
  }
  for (const [name, isOn] of [
    ['--drill', settings.drill],
    ['--sample', settings.sample > 1],
  ] as const)
    if (settings.perf && isOn)
      throw new TtprofError(`--perf and ${name} exclude each other: give one of them`);
  if (settings.json === '-' && settings.markdown === '-') {
    throw new TtprofError('--json - and --markdown - both want stdout: write one of them to a file');
  }
}

/**
 * Checks the expressions of `--by`. Only these need the parser, which is loaded for them alone.
 * @throws {TtprofError} naming the one that cannot be used
 */
export function checkBreakdowns<T extends Config>(settings: T): T {
  if (settings.by.length === 0) return settings;
  for (const [name, isOn] of [
    ['--sample', settings.sample > 1],
    ['--settle', settings.settle],
  ] as const)
    if (isOn) throw new TtprofError(`--by and ${name} exclude each other: give one of them`);
  return {
    ...settings,
    by: settings.by.map((one) => ({ ...one, expression: checkExpression(one.expression) })),
  };
}

/**
 * `--fail-if-slower` needs something to compare with. `ttprof report` checks that itself: the comparison may be in the
 * saved runs that it reads.
 * @throws {TtprofError} where there is nothing
 */
export function checkGate(settings: Settings, command: Command): void {
  if (settings.failIfSlowerPercent === null || command === 'report') return;
  if (!comparesNothing(settings)) return;
  throw nothingToCompare(settings.failIfSlowerPercent);
}

export function nothingToCompare(percent: number): TtprofError {
  return new TtprofError(`--fail-if-slower ${percent} needs something to compare with: ${NEEDS_COMPARISON}`);
}
