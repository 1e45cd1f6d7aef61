import { test } from 'node:test';
import { createRandom } from '../../dist/report/statistics/random.js';
import { makeFolder } from '../temporary-folder.js';
import { createReaders } from './fuzzed-readers.js';

/** `scripts/fuzz-readers.mjs` reads ten thousand. */
const INPUTS_EACH = 25;

const folder = makeFolder({ 'node_modules/.keep': '' });
for (const { name, readOne } of createReaders(folder))
  test(`${name}: what is damaged ends no program, and is nothing or told in one line`, () => {
    const random = createRandom(1);
    for (let input = 0; input < INPUTS_EACH; input++) readOne(random);
  });
