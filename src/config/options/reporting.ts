import { COLUMNS, DELTA, parseColumns, parseSortColumn } from '../../report/formats/table/column-list.js';
import type { Settings } from '../config.js';
import {
  parseBoolean,
  parseFile,
  parseNonNegativeInteger,
  parsePositiveInteger,
  parseSeconds,
  parseText,
} from '../parse-values.js';
import { comparesNothing, NEEDS_COMPARISON } from './comparing.js';
import { type Command, EVERYWHERE, type Option, REPORTING, REPORTING_AND_TIMEIT } from './option.js';

/** How many callers and callees are listed where no number is given. */
const DEFAULT_CALLS = 5;

/** Columns that are empty where nobody has asked for what they show. Of saved runs the files say. */
function describeMissing(
  columns: readonly string[],
  settings: Settings,
  command: Command,
  isShared: boolean,
): string | null {
  if (command === 'report') return null;
  const empty = [
    ...(columns.includes('cpu') && !settings.cpu ? ['cpu is not measured without --cpu'] : []),
    ...(columns.includes('alloc') && !settings.alloc ? ['alloc is not measured without --alloc'] : []),
    ...(columns.includes(DELTA) && !isShared && comparesNothing(settings)
      ? [`${DELTA} is empty without ${NEEDS_COMPARISON}`]
      : []),
  ];
  return empty.length === 0 ? null : empty.join(', ');
}

/** Where the report goes, and what it looks like. */
export const REPORTING_OPTIONS: readonly Option[] = [
  {
    key: 'json',
    flag: 'json',
    placeholder: 'FILE',
    environment: 'TTPROF_JSON',
    defaultValue: null,
    parse: parseText,
    api: { name: 'jsonPath', type: 'path' },
    commands: [...REPORTING_AND_TIMEIT, 'bisect'],
    help: 'write the statistics as JSON, - for stdout',
  },
  {
    key: 'markdown',
    flag: 'markdown',
    placeholder: 'FILE',
    environment: 'TTPROF_MARKDOWN',
    defaultValue: null,
    parse: parseText,
    api: { name: 'markdownPath', type: 'path' },
    commands: REPORTING,
    help: 'append the table as GitHub Markdown, - for stdout',
  },
  {
    key: 'html',
    flag: 'html',
    placeholder: 'FILE',
    environment: 'TTPROF_HTML',
    defaultValue: null,
    parse: parseFile,
    api: { name: 'htmlPath', type: 'path' },
    commands: REPORTING,
    help: 'write one self-contained offline page',
  },
  {
    key: 'trace',
    flag: 'trace',
    placeholder: 'FILE',
    environment: 'TTPROF_TRACE',
    defaultValue: null,
    parse: parseFile,
    commands: REPORTING,
    help: 'write the kept calls as spans on a timeline, for Perfetto, DevTools and speedscope',
  },
  {
    key: 'pprof',
    flag: 'pprof',
    placeholder: 'FILE',
    environment: 'TTPROF_PPROF',
    defaultValue: null,
    parse: parseFile,
    commands: REPORTING,
    help: 'write the trees of --drill as gzipped pprof, for pprof, Pyroscope and Parca',
  },
  {
    key: 'label',
    flag: 'label',
    placeholder: 'TEXT',
    environment: 'TTPROF_LABEL',
    defaultValue: null,
    parse: parseText,
    api: { name: 'label', type: 'text' },
    commands: REPORTING,
    help: 'heading of the report',
  },
  {
    key: 'sort',
    flag: 'sort',
    placeholder: 'COLUMN',
    environment: 'TTPROF_SORT',
    defaultValue: null,
    parse: parseSortColumn,
    commands: REPORTING,
    lacks: (settings, command, isShared) =>
      describeMissing([settings.sort ?? ''], settings, command, isShared),
    help: 'order of the rows: function, errors, or any of --columns',
  },
  {
    key: 'top',
    flag: 'top',
    placeholder: 'N',
    environment: 'TTPROF_TOP',
    defaultValue: null,
    parse: parseNonNegativeInteger,
    commands: REPORTING,
    help: 'length of the table, 0 for all rows (default: 20 of those that wildcards name)',
  },
  {
    key: 'columns',
    flag: 'columns',
    placeholder: 'LIST',
    environment: 'TTPROF_COLUMNS',
    defaultValue: null,
    parse: parseColumns,
    commands: REPORTING,
    lacks: (settings, command, isShared) =>
      describeMissing(settings.columns ?? [], settings, command, isShared),
    help: `columns of the table, by comma: ${Object.keys(COLUMNS).join(',')},delta`,
  },
  {
    key: 'callers',
    flag: 'callers',
    placeholder: 'N',
    optionalValue: String(DEFAULT_CALLS),
    environment: 'TTPROF_CALLERS',
    defaultValue: null,
    parse: parsePositiveInteger,
    commands: REPORTING,
    help: `under the table: the N targets that called each function (default ${DEFAULT_CALLS})`,
  },
  {
    key: 'callees',
    flag: 'callees',
    placeholder: 'N',
    optionalValue: String(DEFAULT_CALLS),
    environment: 'TTPROF_CALLEES',
    defaultValue: null,
    parse: parsePositiveInteger,
    commands: REPORTING,
    help: `under the table: the N targets that each function called (default ${DEFAULT_CALLS})`,
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
    api: { name: 'quiet', type: 'boolean' },
    commands: REPORTING,
    help: 'no table',
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
