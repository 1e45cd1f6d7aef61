import type { Settings } from '../config.js';
import { parseBoolean, parsePercent, parseSeconds, parseText, parseTurns } from '../parse-values.js';
import { type Option, REPORTING, REPORTING_AND_TIMEIT } from './option.js';

/** A smaller change counts as none, unless the user says otherwise. */
export const DEFAULT_MARGIN_PERCENT = 2;

/** How long `ttprof ab` may take to decide, unless the user says otherwise. */
const DEFAULT_BUDGET_SECONDS = 300;

/** What there is to compare with. */
export const NEEDS_COMPARISON = "--compare (-x), --baseline FILE or 'ttprof ab'";

export function comparesNothing({ compare, baseline, base }: Settings): boolean {
  return !compare && baseline === null && base === null;
}

/** What is compared with what, and what is judged. */
export const COMPARING_OPTIONS: readonly Option[] = [
  {
    key: 'compare',
    flag: 'compare',
    short: 'x',
    environment: 'TTPROF_COMPARE',
    defaultValue: false,
    parse: parseBoolean,
    api: { name: 'compare', type: 'boolean' },
    commands: ['run', 'report'],
    help: 'delta column against the first row of the first target',
  },
  {
    key: 'baseline',
    flag: 'baseline',
    placeholder: 'FILE',
    environment: 'TTPROF_BASELINE',
    defaultValue: null,
    parse: parseText,
    api: { name: 'baselinePath', type: 'path' },
    commands: ['run', 'report'],
    help: "delta column against a saved run (ttprof's or Python tprof's JSON); not with -x",
  },
  {
    key: 'base',
    flag: 'base',
    placeholder: 'REV_OR_DIR',
    defaultValue: null,
    parse: parseText,
    commands: ['ab'],
    help: 'ab: what to compare with: a git revision, a folder, or npm:NAME@VERSION',
  },
  {
    key: 'install',
    flag: 'install',
    defaultValue: false,
    parse: parseBoolean,
    commands: ['ab', 'bisect'],
    help: "ab: install the base's dependencies where its lock file differs",
  },
  {
    key: 'good',
    flag: 'good',
    placeholder: 'REV',
    defaultValue: null,
    parse: parseText,
    commands: ['bisect'],
    help: 'bisect: a revision before the change',
  },
  {
    key: 'bad',
    flag: 'bad',
    placeholder: 'REV',
    defaultValue: 'HEAD',
    parse: parseText,
    commands: ['bisect'],
    help: 'bisect: a revision after the change (default HEAD)',
  },
  {
    key: 'faster',
    flag: 'faster',
    defaultValue: false,
    parse: parseBoolean,
    commands: ['bisect'],
    help: 'bisect: find what made it faster, not slower',
  },
  {
    key: 'turns',
    flag: 'turns',
    placeholder: 'WAY',
    environment: 'TTPROF_TURNS',
    defaultValue: 'process',
    parse: parseTurns,
    commands: ['ab', 'bisect'],
    help: 'ab: process (both versions take turns, 20 calls each), module (calls go to either, in one process) or off',
  },
  {
    key: 'budgetSeconds',
    flag: 'budget',
    placeholder: 'SECONDS',
    environment: 'TTPROF_BUDGET',
    defaultValue: DEFAULT_BUDGET_SECONDS,
    parse: parseSeconds,
    commands: ['ab', 'bisect'],
    help: `ab: stop after so long, decided or not (default ${DEFAULT_BUDGET_SECONDS})`,
  },
  {
    key: 'marginPercent',
    flag: 'margin',
    placeholder: 'PCT',
    environment: 'TTPROF_MARGIN',
    defaultValue: DEFAULT_MARGIN_PERCENT,
    parse: parsePercent,
    api: { name: 'margin', type: 'number' },
    commands: [...REPORTING_AND_TIMEIT, 'bisect'],
    lacks: (settings, command, isShared) =>
      command === 'run' && !isShared && comparesNothing(settings)
        ? `it has no effect without ${NEEDS_COMPARISON}`
        : null,
    help: `what counts as the same, in percent (default ${DEFAULT_MARGIN_PERCENT})`,
  },
  {
    key: 'failIfSlowerPercent',
    flag: 'fail-if-slower',
    placeholder: 'PCT',
    environment: 'TTPROF_FAIL_IF_SLOWER',
    defaultValue: null,
    parse: parsePercent,
    commands: REPORTING,
    help: 'exit with 3 when a target is slower than its baseline by more than PCT beyond doubt',
  },
  {
    key: 'strict',
    flag: 'strict',
    environment: 'TTPROF_STRICT',
    defaultValue: false,
    parse: parseBoolean,
    commands: REPORTING,
    help: 'exit with 4 when a target matched nothing or was never called',
  },
];
