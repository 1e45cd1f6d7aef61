import { parseBoolean, parsePercent, parseSeconds, parseText, parseTurns } from '../parse-values.js';
import { type Option, REPORTING, REPORTING_AND_TIMEIT } from './option.js';

/** What counts as the same where nothing else is said. */
export const DEFAULT_MARGIN_PERCENT = 2;

/** So long may `ttprof ab` take to decide. */
export const DEFAULT_BUDGET_SECONDS = 300;

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
    help: 'ab: the git revision or the folder to compare with',
  },
  {
    key: 'install',
    flag: 'install',
    defaultValue: false,
    parse: parseBoolean,
    commands: ['ab'],
    help: "ab: install the base's dependencies where its lock file differs",
  },
  {
    key: 'turns',
    flag: 'turns',
    placeholder: 'WAY',
    defaultValue: 'process',
    parse: parseTurns,
    commands: ['ab'],
    help: 'ab: process (both versions take turns, 20 calls each) or off (one run after the other)',
  },
  {
    key: 'budgetSeconds',
    flag: 'budget',
    placeholder: 'SECONDS',
    defaultValue: DEFAULT_BUDGET_SECONDS,
    parse: parseSeconds,
    commands: ['ab'],
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
    commands: REPORTING_AND_TIMEIT,
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
