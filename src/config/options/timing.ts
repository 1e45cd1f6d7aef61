import { DEFAULT_ROUNDS } from '../../timeit/timing.js';
import { parsePositiveInteger, parseText } from '../parse-values.js';
import type { Option } from './option.js';

/** How `ttprof timeit` times expressions. */
export const TIMING_OPTIONS: readonly Option[] = [
  {
    key: 'setup',
    flag: 'setup',
    short: 's',
    placeholder: 'CODE',
    defaultValue: [],
    repeatable: true,
    parse: (text) => [parseText(text)],
    commands: ['timeit'],
    help: 'timeit: module code that runs once before, with imports; repeatable',
  },
  {
    key: 'loops',
    flag: 'loops',
    short: 'n',
    placeholder: 'N',
    defaultValue: null,
    parse: parsePositiveInteger,
    commands: ['timeit'],
    help: 'timeit: loops in a round (default: as many as take 20 ms)',
  },
  {
    key: 'rounds',
    flag: 'rounds',
    short: 'r',
    placeholder: 'N',
    defaultValue: DEFAULT_ROUNDS,
    parse: parsePositiveInteger,
    commands: ['timeit'],
    help: `timeit: rounds (default ${DEFAULT_ROUNDS})`,
  },
];
