/**
 * The one declaration of every option. The command line's parser, the arguments after a script, the names in the
 * environment, the help and the README's table are all generated from it: a new option is one new entry here.
 */
import { parseSortColumn } from '../report/formats/table/sort-functions.js';
import type { Settings } from './config.js';
import {
  parseBoolean,
  parseNonNegativeInteger,
  parsePercent,
  parsePositiveInteger,
  parseSeconds,
  parseText,
} from './parse-values.js';

export type Command = 'run' | 'ab' | 'report' | 'list';

interface OptionOf<Key extends keyof Settings> {
  /** Where the value goes. */
  readonly key: Key;
  /** After `--`, and after `--ttprof-` after a script. */
  readonly flag: string;
  readonly short?: string;
  /** How the value is called in the help; none: the option is a switch. */
  readonly placeholder?: string;
  /** The name in the environment; none: only the `ttprof` command knows the option. */
  readonly environment?: string;
  /** A switch that says no (`--no-cache`); its name in the environment is without the no. */
  readonly negated?: true;
  readonly defaultValue: Settings[Key];
  /** @throws {TtprofError} saying what was expected; the caller adds whose value it is */
  readonly parse: (text: string) => Settings[Key];
  /** Which commands take it. */
  readonly commands: readonly Command[];
  /** One line, without a full stop. */
  readonly help: string;
}

export type Option = { [Key in keyof Settings]: OptionOf<Key> }[keyof Settings];

const MEASURING: readonly Command[] = ['run', 'ab'];
const REPORTING: readonly Command[] = ['run', 'ab', 'report'];
const EVERYWHERE: readonly Command[] = ['run', 'ab', 'report', 'list'];

/** What counts as the same where nothing else is said. */
export const DEFAULT_MARGIN_PERCENT = 2;

export const OPTIONS: readonly Option[] = [
  {
    key: 'targets',
    flag: 'target',
    short: 't',
    placeholder: 'T',
    environment: 'TTPROF',
    defaultValue: [],
    parse: (text) => [parseText(text)],
    commands: MEASURING,
    help: 'what to measure: [module:]function, with * as a wildcard, ! to exclude; repeatable',
  },
  {
    key: 'compare',
    flag: 'compare',
    short: 'x',
    environment: 'TTPROF_COMPARE',
    defaultValue: false,
    parse: parseBoolean,
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
    commands: ['run', 'report'],
    help: "delta column against a saved run (ttprof's or Python tprof's JSON); not with -x",
  },
  {
    key: 'json',
    flag: 'json',
    placeholder: 'FILE',
    environment: 'TTPROF_JSON',
    defaultValue: null,
    parse: parseText,
    commands: REPORTING,
    help: 'write the statistics as JSON, - for stdout',
  },
  {
    key: 'markdown',
    flag: 'markdown',
    placeholder: 'FILE',
    environment: 'TTPROF_MARKDOWN',
    defaultValue: null,
    parse: parseText,
    commands: REPORTING,
    help: 'append the table as GitHub Markdown, - for stdout',
  },
  {
    key: 'html',
    flag: 'html',
    placeholder: 'FILE',
    environment: 'TTPROF_HTML',
    defaultValue: null,
    parse: parseText,
    commands: REPORTING,
    help: 'write one self-contained offline page',
  },
  {
    key: 'label',
    flag: 'label',
    placeholder: 'TEXT',
    environment: 'TTPROF_LABEL',
    defaultValue: null,
    parse: parseText,
    commands: REPORTING,
    help: 'heading of the report',
  },
  {
    key: 'marginPercent',
    flag: 'margin',
    placeholder: 'PCT',
    environment: 'TTPROF_MARGIN',
    defaultValue: DEFAULT_MARGIN_PERCENT,
    parse: parsePercent,
    commands: REPORTING,
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
  {
    key: 'sample',
    flag: 'sample',
    placeholder: 'N',
    environment: 'TTPROF_SAMPLE',
    defaultValue: 1,
    parse: parsePositiveInteger,
    commands: MEASURING,
    help: 'count every call, time one in N',
  },
  {
    key: 'cpu',
    flag: 'cpu',
    environment: 'TTPROF_CPU',
    defaultValue: false,
    parse: parseBoolean,
    commands: MEASURING,
    help: 'CPU time beside wall time',
  },
  {
    key: 'settle',
    flag: 'settle',
    environment: 'TTPROF_SETTLE',
    defaultValue: false,
    parse: parseBoolean,
    commands: MEASURING,
    help: 'time a sync function that returns a native promise until the promise settles',
  },
  {
    key: 'sort',
    flag: 'sort',
    placeholder: 'COLUMN',
    environment: 'TTPROF_SORT',
    defaultValue: null,
    parse: parseSortColumn,
    commands: REPORTING,
    help: 'order of the rows, for wildcards: function, calls, total, self, median, p99, delta, …',
  },
  {
    key: 'top',
    flag: 'top',
    placeholder: 'N',
    environment: 'TTPROF_TOP',
    defaultValue: null,
    parse: parsePositiveInteger,
    commands: REPORTING,
    help: 'length of the table, for wildcards',
  },
  {
    key: 'raw',
    flag: 'raw',
    environment: 'TTPROF_RAW',
    defaultValue: false,
    parse: parseBoolean,
    commands: MEASURING,
    help: 'no correction for the cost of measuring',
  },
  {
    key: 'intervalSeconds',
    flag: 'interval',
    placeholder: 'SECONDS',
    environment: 'TTPROF_INTERVAL',
    defaultValue: null,
    parse: parseSeconds,
    commands: ['run'],
    help: 'for servers: print the report so far every so often',
  },
  {
    key: 'quiet',
    flag: 'quiet',
    environment: 'TTPROF_QUIET',
    defaultValue: false,
    parse: parseBoolean,
    commands: REPORTING,
    help: 'no table',
  },
  {
    key: 'cache',
    flag: 'no-cache',
    environment: 'TTPROF_CACHE',
    negated: true,
    defaultValue: true,
    parse: parseBoolean,
    commands: MEASURING,
    help: 'do not reuse rewritten modules',
  },
  {
    key: 'runs',
    flag: 'runs',
    placeholder: 'N',
    defaultValue: 1,
    parse: parsePositiveInteger,
    commands: MEASURING,
    help: 'run the program N times, each in its own process (ab: N times a side, default 10)',
  },
  {
    key: 'warmup',
    flag: 'warmup',
    placeholder: 'N',
    environment: 'TTPROF_WARMUP',
    defaultValue: 0,
    parse: parseNonNegativeInteger,
    commands: MEASURING,
    help: 'leave the first N calls of each function out of the statistics (not of the counts)',
  },
  {
    key: 'debug',
    flag: 'debug',
    environment: 'TTPROF_DEBUG',
    defaultValue: false,
    parse: parseBoolean,
    commands: MEASURING,
    help: 'say on stderr which modules were loaded, matched, rewritten, cached, skipped, and why',
  },
  {
    key: 'verbose',
    flag: 'verbose',
    defaultValue: false,
    parse: parseBoolean,
    commands: MEASURING,
    help: 'show the output of all runs, not of the first alone',
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
    key: 'help',
    flag: 'help',
    short: 'h',
    defaultValue: false,
    parse: parseBoolean,
    commands: EVERYWHERE,
    help: 'print this help',
  },
  {
    key: 'version',
    flag: 'version',
    short: 'v',
    defaultValue: false,
    parse: parseBoolean,
    commands: EVERYWHERE,
    help: 'print the version',
  },
];

/** `ttprof ab` runs each side so often: enough to find 5 % where runs vary by 3 %. */
const AB_RUNS = 10;

/** All settings at their defaults. */
export function defaultSettings(command: Command = 'run'): Settings {
  const settings = Object.fromEntries(OPTIONS.map(({ key, defaultValue }) => [key, defaultValue]));
  return { ...(settings as unknown as Settings), ...(command === 'ab' && { runs: AB_RUNS }) };
}

/** How an option is written after a script: `--ttprof`, `--ttprof-json`; null where only the command knows it. */
export function nameAfterScript(option: Option): string | null {
  if (option.environment === undefined) return null;
  return option.key === 'targets' ? '--ttprof' : `--ttprof-${option.flag}`;
}
